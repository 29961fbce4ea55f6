package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.StartSettingsDescriptor;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.session.settings.SessionSettings;
import java.util.Collection;

/// Whether a role may have a session in a database, and what the session begins with.
final class Admission {
  private Admission() {}

  /// @throws SqlException FATAL: 28000, 42501 or 53300
  static void require(
      Catalog catalog,
      RoleDescriptor role,
      DatabaseDescriptor database,
      Collection<LocalSession> sessions) {
    if (!role.login()) {
      throw new SqlException(
              SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
              "role \"" + role.name() + "\" is not permitted to log in")
          .asFatal();
    }
    if (database.closed()) {
      throw new SqlException(
              SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
              "database \"" + database.name() + "\" is not currently accepting connections")
          .asFatal();
    }
    if (role.superuser()) {
      return;
    }
    Rights rights = new Rights(catalog, database.oid());
    if (!rights.has(role.oid(), Target.of(database), Privilege.CONNECT)) {
      throw new SqlException(
              SqlState.INSUFFICIENT_PRIVILEGE,
              "permission denied for database \"" + database.name() + "\"")
          .detail("User does not have CONNECT privilege.")
          .asFatal();
    }
    long ofRole =
        sessions.stream().filter(each -> each.users().shown().oid() == role.oid()).count();
    if (role.connectionLimit() >= 0 && ofRole >= role.connectionLimit()) {
      throw tooMany("role", role.name());
    }
    long ofDatabase =
        sessions.stream().filter(each -> each.database().oid() == database.oid()).count();
    if (database.connectionLimit() >= 0 && ofDatabase >= database.connectionLimit()) {
      throw tooMany("database", database.name());
    }
  }

  private static SqlException tooMany(String kind, String name) {
    return new SqlException(
            SqlState.TOO_MANY_CONNECTIONS, "too many connections for " + kind + " \"" + name + "\"")
        .asFatal();
  }

  /// Gives a session what ALTER ROLE and ALTER DATABASE say; the most special last.
  static void apply(
      Catalog catalog, RoleDescriptor role, DatabaseDescriptor database, SessionSettings to) {
    int[][] order = {{0, 0}, {database.oid(), 0}, {0, role.oid()}, {database.oid(), role.oid()}};
    for (int[] of : order) {
      for (StartSettingsDescriptor found : catalog.all(StartSettingsDescriptor.class)) {
        if (found.databaseOid() == of[0] && found.roleOid() == of[1]) {
          for (String setting : found.settings()) {
            int equals = setting.indexOf('=');
            try {
              to.setInitial(setting.substring(0, equals), setting.substring(equals + 1));
            } catch (SqlException e) {
              // A value that is no longer good must not keep anybody out.
            }
          }
        }
      }
    }
  }
}
