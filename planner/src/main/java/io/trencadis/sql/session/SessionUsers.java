package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.rights.Roles;

/// Who the session is: the role it logged in as, the one that SET SESSION AUTHORIZATION made of it,
/// and the one that SET ROLE did. The latter two are settings, so they come and go with their
/// transaction. Confined to the session's thread, but for [#shown].
final class SessionUsers {
  static final String AUTHORIZATION = "session_authorization";
  static final String ROLE = "role";

  private final LocalSession session;
  private final RoleDescriptor authenticated;
  private long generation = -1;
  private long catalogVersion;
  private volatile RoleDescriptor sessionUser;
  private RoleDescriptor currentUser;
  private String sessionName;
  private String currentName;
  private boolean told;

  /// The owner of the function that runs with its owner's rights; null for none.
  private RoleDescriptor acting;

  SessionUsers(LocalSession session, RoleDescriptor authenticated) {
    this.session = session;
    this.authenticated = authenticated;
    this.sessionUser = authenticated;
    this.currentUser = authenticated;
    this.sessionName = authenticated.name();
    this.currentName = "none";
  }

  RoleDescriptor session() {
    refresh();
    return sessionUser;
  }

  RoleDescriptor current() {
    if (acting != null) {
      return acting;
    }
    refresh();
    return currentUser;
  }

  /// Has the session act for another role.
  ///
  /// @param role null for nobody
  /// @return for whom it acted before
  RoleDescriptor act(RoleDescriptor role) {
    RoleDescriptor before = acting;
    acting = role;
    return before;
  }

  /// The session's user as other sessions see it.
  RoleDescriptor shown() {
    return sessionUser;
  }

  private void refresh() {
    Catalog catalog = session.catalog();
    if (generation == session.settings().generation() && catalogVersion == catalog.version()) {
      return;
    }
    String wantedSession = session.settings().get(AUTHORIZATION);
    sessionUser = resolve(catalog, wantedSession, sessionName, sessionUser);
    sessionName = wantedSession;
    String wanted = session.settings().get(ROLE);
    currentUser =
        wanted.equals("none") ? sessionUser : resolve(catalog, wanted, currentName, currentUser);
    currentName = wanted;
    generation = session.settings().generation();
    catalogVersion = catalog.version();
  }

  /// The role by its name, or by its oid where it was known by that name before: it may have been
  /// renamed since.
  private static RoleDescriptor resolve(
      Catalog catalog, String name, String knownName, RoleDescriptor known) {
    RoleDescriptor found = name.equals(knownName) ? catalog.role(known.oid()) : catalog.role(name);
    return found == null ? known : found;
  }

  /// SET ROLE and SET SESSION AUTHORIZATION.
  ///
  /// @param name null for the default
  void set(String setting, String name, boolean local) {
    if (acting != null) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE,
          "cannot set parameter \"" + setting + "\" within security-definer function");
    }
    if (setting.equals(AUTHORIZATION)) {
      RoleDescriptor role = name == null ? authenticated : require(name);
      boolean superuser = session.catalog().role(authenticated.oid()).superuser();
      if (role.oid() != authenticated.oid() && !superuser) {
        throw new SqlException(
            SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to set session authorization");
      }
      session.settings().set(AUTHORIZATION, role.name(), local);
      session.settings().set(ROLE, "none", local);
      return;
    }
    if (name == null || name.equals("none")) {
      session.settings().set(ROLE, "none", local);
      return;
    }
    RoleDescriptor role = require(name);
    if (!new Roles(session.catalog(), session.database().oid())
        .isMember(session().oid(), role.oid())) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to set role \"" + name + "\"");
    }
    session.settings().set(ROLE, name, local);
  }

  /// What DISCARD ALL does.
  void reset() {
    set(AUTHORIZATION, null, false);
  }

  private RoleDescriptor require(String name) {
    RoleDescriptor role = session.catalog().role(name);
    if (role == null) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "role \"" + name + "\" does not exist");
    }
    return role;
  }

  /// Keeps `is_superuser` true.
  void settingChanged(String name) {
    if (told && (name.equals(ROLE) || name.equals(AUTHORIZATION))) {
      String value = current().superuser() ? "on" : "off";
      if (!value.equals(session.settings().get("is_superuser"))) {
        session.settings().setInternal("is_superuser", value);
      }
    }
  }

  /// The session is ready to be asked.
  void started() {
    told = true;
  }
}
