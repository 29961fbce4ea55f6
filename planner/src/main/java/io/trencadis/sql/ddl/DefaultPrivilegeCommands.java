package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.AclDescriptor;
import io.trencadis.sql.catalog.AclItem;
import io.trencadis.sql.catalog.DefaultAclDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.rights.Acl;
import io.trencadis.sql.rights.DefaultRights;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// ALTER DEFAULT PRIVILEGES, and what new objects get by it.
final class DefaultPrivilegeCommands {
  private final DdlContext cx;

  DefaultPrivilegeCommands(DdlContext cx) {
    this.cx = cx;
  }

  void alter(Statement.AlterDefaultPrivileges alter) {
    Kind kind =
        switch (alter.target()) {
          case "tables" -> Kind.TABLE;
          case "sequences" -> Kind.SEQUENCE;
          case "functions" -> Kind.FUNCTION;
          case "types" -> Kind.TYPE;
          default -> Kind.SCHEMA;
        };
    for (Statement.Privilege each : alter.privileges()) {
      if (!each.columns().isEmpty()) {
        throw new SqlException(
            SqlState.INVALID_GRANT_OPERATION, "default privileges cannot be set for columns");
      }
    }
    List<Integer> grantees = GrantCommands.grantees(cx, alter.grantees());
    if (!alter.revoke() && alter.grantOption() && grantees.contains(Acl.PUBLIC)) {
      throw new SqlException(
          SqlState.INVALID_GRANT_OPERATION, "grant options can only be granted to roles");
    }
    long privileges = GrantCommands.whole(alter.privileges(), kind);
    if (kind == Kind.SCHEMA && !alter.schemas().isEmpty()) {
      throw new SqlException(
          SqlState.INVALID_GRANT_OPERATION,
          "cannot use IN SCHEMA clause when using GRANT/REVOKE ON SCHEMAS");
    }
    List<Integer> roles = new ArrayList<>();
    for (String name : alter.forRoles()) {
      int role = RoleNames.role(cx, name).oid();
      new Rights(cx.catalog(), cx.databaseOid()).requireMember(cx.role().oid(), role);
      roles.add(role);
    }
    if (roles.isEmpty()) {
      roles.add(cx.role().oid());
    }
    List<Integer> schemas = new ArrayList<>();
    for (String name : alter.schemas()) {
      schemas.add(cx.names().schema(name, -1).oid());
    }
    if (schemas.isEmpty()) {
      schemas.add(0);
    }
    for (int role : roles) {
      for (int schema : schemas) {
        change(alter, kind, role, schema, privileges, grantees);
      }
    }
  }

  private void change(
      Statement.AlterDefaultPrivileges alter,
      Kind kind,
      int role,
      int schema,
      long privileges,
      List<Integer> grantees) {
    DefaultAclDescriptor known =
        DefaultRights.find(cx.catalog(), cx.databaseOid(), role, schema, kind);
    List<AclItem> hardWired = schema == 0 ? DefaultRights.hardWired(kind, role) : List.of();
    List<AclItem> items = known == null ? hardWired : known.items();
    for (int grantee : grantees) {
      items =
          GrantCommands.changed(
              items,
              grantee,
              role,
              privileges,
              alter.revoke(),
              alter.grantOption(),
              alter.cascade(),
              role);
    }
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    if (DefaultRights.same(items, hardWired)) {
      if (known != null) {
        changes.put(known.oid(), null);
      }
    } else {
      int oid = known == null ? cx.newOid() : known.oid();
      changes.put(
          oid,
          new DefaultAclDescriptor(
              oid, cx.databaseOid(), role, schema, DefaultRights.letter(kind), items));
    }
    cx.change(changes);
  }

  /// What new objects get by default privileges.
  static Map<Integer, Descriptor> ofNew(DdlContext cx, Map<Integer, Descriptor> changes) {
    Map<Integer, Descriptor> more = new LinkedHashMap<>();
    for (Descriptor each : changes.values()) {
      if (each == null || cx.catalog().byOid(each.oid()) != null) {
        continue;
      }
      Target target = OwnerCommands.targetOrNull(each);
      if (target == null || target.kind() == Kind.DATABASE) {
        continue;
      }
      List<AclItem> items = DefaultRights.ofNew(cx.catalog(), target, OwnerCommands.schemaOf(each));
      if (items != null) {
        int oid = cx.newOid();
        more.put(
            oid,
            new AclDescriptor(
                oid, target.databaseOid(), target.kind().classOid(), target.oid(), 0, items));
      }
    }
    return more;
  }
}
