package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.StartSettingsDescriptor;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// CREATE, ALTER and DROP ROLE, and settings that sessions begin with.
final class RoleCommands {
  private final DdlContext cx;
  private final MembershipCommands memberships;

  RoleCommands(DdlContext cx, MembershipCommands memberships) {
    this.cx = cx;
    this.memberships = memberships;
  }

  private static SqlException denied(String message) {
    return new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, message);
  }

  private boolean mayCreateRoles() {
    return cx.role().superuser() || cx.role().createRole();
  }

  // ---------------------------------------------------------------- CREATE

  void create(Statement.CreateRole create) {
    Map<String, Object> options = options(create.options());
    boolean superuser = cx.role().superuser();
    for (String[] guarded :
        new String[][] {
          {"superuser", "superusers"},
          {"replication", "replication users"},
          {"bypassrls", "bypassrls users"}
        }) {
      if (Boolean.TRUE.equals(options.get(guarded[0])) && !superuser) {
        throw denied("must be superuser to create " + guarded[1]);
      }
    }
    if (!mayCreateRoles()) {
      throw denied("permission denied to create role");
    }
    RoleNames.requireFree(cx, create.name());
    RoleDescriptor fresh =
        new RoleDescriptor(
            cx.newOid(),
            create.name(),
            false,
            true,
            false,
            false,
            create.kind() == Statement.RoleKind.USER,
            false,
            false,
            -1,
            null,
            null,
            List.of());
    RoleDescriptor role = with(fresh, options);
    cx.put(role);
    for (String group : names(options, "in role")) {
      memberships.addByCreation(RoleNames.role(cx, group), List.of(role.name()), false);
    }
    memberships.addByCreation(role, names(options, "admin"), true);
    memberships.addByCreation(role, names(options, "role"), false);
  }

  private static List<String> names(Map<String, Object> options, String name) {
    List<String> names = new ArrayList<>();
    if (options.get(name) instanceof List<?> list) {
      list.forEach(each -> names.add(each.toString()));
    }
    return names;
  }

  /// Options by name.
  ///
  /// @throws SqlException 42601 where one is given twice
  private static Map<String, Object> options(List<Statement.RoleOption> list) {
    Map<String, Object> options = new LinkedHashMap<>();
    for (Statement.RoleOption option : list) {
      if (options.containsKey(option.name())) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "conflicting or redundant options")
            .at(option.pos());
      }
      options.put(option.name(), option.value());
    }
    return options;
  }

  private RoleDescriptor with(RoleDescriptor role, Map<String, Object> options) {
    int limit = role.connectionLimit();
    if (options.get("connection limit") instanceof Integer given) {
      limit = given;
      if (limit < -1) {
        throw new SqlException(
            SqlState.INVALID_PARAMETER_VALUE, "invalid connection limit: " + limit);
      }
    }
    String verifier = role.passwordVerifier();
    if (options.containsKey("password")) {
      String password = (String) options.get("password");
      if (password != null && password.isEmpty()) {
        cx.notice(Notice.notice("empty string is not a valid password, clearing password"));
        password = null;
      }
      verifier = password == null ? null : cx.passwordVerifier(password);
    }
    Long until = role.validUntilMicros();
    if (options.get("valid until") instanceof String text) {
      until = (Long) Types.TIMESTAMPTZ.codec().parse(text, -1, cx.names().context());
    }
    if (options.containsKey("sysid")) {
      cx.notice(Notice.notice("SYSID can no longer be specified"));
    }
    return new RoleDescriptor(
        role.oid(),
        role.name(),
        flag(options, "superuser", role.superuser()),
        flag(options, "inherit", role.inherit()),
        flag(options, "createrole", role.createRole()),
        flag(options, "createdb", role.createDatabase()),
        flag(options, "login", role.login()),
        flag(options, "replication", role.replication()),
        flag(options, "bypassrls", role.bypassRowSecurity()),
        limit,
        verifier,
        until,
        role.memberOf(),
        role.adminOf(),
        role.grantors());
  }

  private static boolean flag(Map<String, Object> options, String name, boolean otherwise) {
    return options.get(name) instanceof Boolean value ? value : otherwise;
  }

  // ---------------------------------------------------------------- ALTER

  void alter(Statement.AlterRole alter) {
    if (alter.set() != null) {
      alterSettings(alter);
    } else if (alter.newName() != null) {
      rename(RoleNames.role(cx, alter.name()), alter.newName());
    } else {
      alterOptions(RoleNames.role(cx, alter.name()), options(alter.options()));
    }
  }

  private void alterOptions(RoleDescriptor role, Map<String, Object> options) {
    for (String change : List.of("add members", "drop members")) {
      if (options.containsKey(change)) {
        memberships.grant(
            new Statement.GrantRole(
                change.startsWith("drop"),
                List.of(role.name()),
                names(options, change),
                false,
                null,
                false,
                -1));
        return;
      }
    }
    requireNotReserved(role);
    if (!cx.role().superuser()) {
      if (role.superuser() || options.containsKey("superuser")) {
        throw denied("must be superuser to alter superuser roles or change superuser attribute");
      }
      if (role.replication() || options.containsKey("replication")) {
        throw denied(
            "must be superuser to alter replication roles or change replication attribute");
      }
      if (options.containsKey("bypassrls")) {
        throw denied("must be superuser to change bypassrls attribute");
      }
      boolean ownPassword =
          role.oid() == cx.role().oid() && options.keySet().equals(Set.of("password"));
      if (!cx.role().createRole() && !ownPassword) {
        throw denied("permission denied");
      }
    }
    cx.put(with(role, options));
  }

  private static void requireNotReserved(RoleDescriptor role) {
    if (role.name().startsWith("pg_")) {
      throw new SqlException(
              SqlState.RESERVED_NAME, "role name \"" + role.name() + "\" is reserved")
          .detail("Cannot alter reserved roles.");
    }
  }

  private void rename(RoleDescriptor role, String name) {
    if (role.oid() == cx.sessionRole().oid()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "session user cannot be renamed");
    }
    if (role.oid() == cx.role().oid()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "current user cannot be renamed");
    }
    requireNotReserved(role);
    RoleNames.requireFree(cx, name);
    if (role.superuser() && !cx.role().superuser()) {
      throw denied("must be superuser to rename superusers");
    }
    if (!mayCreateRoles()) {
      throw denied("permission denied to rename role");
    }
    cx.put(role.withName(name));
  }

  // ---------------------------------------------------------------- settings

  private void alterSettings(Statement.AlterRole alter) {
    int roleOid = 0;
    if (alter.name() != null) {
      RoleDescriptor role = RoleNames.role(cx, alter.name());
      requireNotReserved(role);
      if (role.superuser() && !cx.role().superuser()) {
        throw denied("must be superuser to alter superusers");
      }
      if (!role.superuser() && !mayCreateRoles() && role.oid() != cx.role().oid()) {
        throw denied("permission denied");
      }
      roleOid = role.oid();
    }
    int databaseOid = 0;
    if (alter.database() != null) {
      DatabaseDescriptor database = ServerObjectCommands.database(cx, alter.database());
      databaseOid = database.oid();
      if (roleOid == 0) {
        new Rights(cx.catalog(), cx.databaseOid())
            .requireOwner(cx.role().oid(), Target.of(database));
      }
    } else if (roleOid == 0 && !cx.role().superuser()) {
      throw denied("must be superuser to alter settings globally");
    }
    change(databaseOid, roleOid, alter.set());
  }

  /// Changes what sessions begin with.
  ///
  /// @param databaseOid 0 for all databases
  /// @param roleOid 0 for all roles
  void change(int databaseOid, int roleOid, Statement set) {
    StartSettingsDescriptor found = null;
    for (StartSettingsDescriptor each : cx.catalog().all(StartSettingsDescriptor.class)) {
      if (each.databaseOid() == databaseOid && each.roleOid() == roleOid) {
        found = each;
      }
    }
    List<String> settings = new ArrayList<>(found == null ? List.of() : found.settings());
    boolean all = set instanceof Statement.ResetVariable reset && reset.name().equals("all");
    if (all) {
      settings.clear();
    } else {
      Map.Entry<String, String> value = cx.startSetting(set);
      settings.removeIf(each -> each.startsWith(value.getKey() + "="));
      if (value.getValue() != null) {
        settings.add(value.getKey() + "=" + value.getValue());
      }
    }
    Map<Integer, Descriptor> changes = new HashMap<>();
    int oid = found == null ? cx.newOid() : found.oid();
    if (!settings.isEmpty()) {
      changes.put(oid, new StartSettingsDescriptor(oid, databaseOid, roleOid, settings));
    } else if (found != null) {
      changes.put(oid, null);
    }
    cx.change(changes);
  }

  // ---------------------------------------------------------------- DROP

  void drop(Statement.DropRole drop) {
    if (!mayCreateRoles()) {
      throw denied("permission denied to drop role");
    }
    List<RoleDescriptor> doomed = new ArrayList<>();
    for (String name : drop.names()) {
      if (Set.of("current_user", "current_role", "session_user", "public").contains(name)) {
        throw new SqlException(
            SqlState.INVALID_PARAMETER_VALUE, "cannot use special role specifier in DROP ROLE");
      }
      RoleDescriptor role = cx.catalog().role(name);
      if (role == null) {
        if (drop.ifExists()) {
          cx.notice(Notice.notice("role \"" + name + "\" does not exist, skipping"));
          continue;
        }
        throw RoleNames.undefined(name);
      }
      if (role.oid() == cx.role().oid()) {
        throw new SqlException(SqlState.OBJECT_IN_USE, "current user cannot be dropped");
      }
      if (role.oid() == cx.sessionRole().oid()) {
        throw new SqlException(SqlState.OBJECT_IN_USE, "session user cannot be dropped");
      }
      if (role.superuser() && !cx.role().superuser()) {
        throw denied("must be superuser to drop superusers");
      }
      if (role.name().startsWith("pg_")) {
        throw new SqlException(
            SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
            "cannot drop role " + role.name() + " because it is required by the database system");
      }
      doomed.add(role);
    }
    for (RoleDescriptor role : doomed) {
      List<String> dependents = new RoleDependents(cx).of(role);
      if (!dependents.isEmpty()) {
        throw new SqlException(
                SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
                "role \"" + role.name() + "\" cannot be dropped because some objects depend on it")
            .detail(String.join("\n", dependents));
      }
      memberships.forget(role);
      cx.remove(role.oid());
    }
  }
}
