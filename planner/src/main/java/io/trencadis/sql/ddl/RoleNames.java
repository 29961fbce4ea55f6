package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.RoleDescriptor;

/// What the names of roles in statements mean.
final class RoleNames {
  private RoleNames() {}

  /// @throws SqlException 42704 where there is no such role
  static RoleDescriptor role(DdlContext cx, String name) {
    RoleDescriptor role =
        switch (name) {
          case "current_user", "current_role" -> cx.role();
          case "session_user" -> cx.sessionRole();
          default -> cx.catalog().role(name);
        };
    if (role == null) {
      throw undefined(name);
    }
    return role;
  }

  static SqlException undefined(String name) {
    return new SqlException(SqlState.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist");
  }

  /// Refuses names that a role cannot have.
  static void requireFree(DdlContext cx, String name) {
    if (name.equals("public") || name.equals("none")) {
      throw new SqlException(SqlState.RESERVED_NAME, "role name \"" + name + "\" is reserved");
    }
    if (name.startsWith("pg_")) {
      throw new SqlException(SqlState.RESERVED_NAME, "role name \"" + name + "\" is reserved")
          .detail("Role names starting with \"pg_\" are reserved.");
    }
    if (cx.catalog().role(name) != null) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "role \"" + name + "\" already exists");
    }
  }
}
