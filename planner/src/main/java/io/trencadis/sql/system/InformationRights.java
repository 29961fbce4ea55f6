package io.trencadis.sql.system;

import io.trencadis.sql.catalog.AclItem;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.rights.Acl;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Roles;
import io.trencadis.sql.rights.Target;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// information_schema: roles, and what they may do.
final class InformationRights {
  private InformationRights() {}

  static void register(Registration to) {
    to.current("information_schema.applicable_roles", InformationRights::applicableRoles);
    to.current(
        "information_schema.enabled_roles",
        (rows, reading) -> {
          int user = reading.access().role().oid();
          for (RoleDescriptor role : reading.roles()) {
            if (reading.rights().roles().has(user, role.oid())) {
              rows.add().set("role_name", role.name());
            }
          }
        });
    to.current(
        "information_schema.table_privileges", (rows, reading) -> tables(rows, reading, true));
    to.current(
        "information_schema.role_table_grants", (rows, reading) -> tables(rows, reading, false));
    to.current(
        "information_schema.column_privileges", (rows, reading) -> columns(rows, reading, true));
    to.current(
        "information_schema.role_column_grants", (rows, reading) -> columns(rows, reading, false));
    to.current("information_schema.usage_privileges", InformationRights::usage);
  }

  private static void applicableRoles(Rows rows, Reading reading) {
    int user = reading.access().role().oid();
    for (RoleDescriptor member : reading.roles()) {
      if (Privileges.isMember(reading, user, member.oid())) {
        for (RoleDescriptor.Membership each : member.memberships()) {
          rows.add()
              .set("grantee", member.name())
              .set("role_name", reading.roleName(each.roleOid()))
              .set("is_grantable", each.admin());
        }
      }
    }
  }

  /// A privilege that one role gave to another.
  private record Grant(int grantor, int grantee, Privilege privilege, boolean grantable) {}

  /// What of some privileges the current user is to see: what its roles gave or have, and with
  /// `everybody` what PUBLIC has.
  private static List<Grant> visible(
      Reading reading, List<AclItem> items, long wanted, int owner, boolean everybody) {
    Roles roles = reading.rights().roles();
    int user = reading.access().role().oid();
    List<Grant> grants = new ArrayList<>();
    for (AclItem item : items) {
      boolean toPublic = item.granteeOid() == Acl.PUBLIC;
      boolean shown =
          roles.has(user, item.grantorOid())
              || (toPublic ? everybody : roles.has(user, item.granteeOid()));
      for (Privilege privilege : Privilege.values()) {
        if (shown && (item.privileges() & wanted & privilege.bit()) != 0) {
          boolean grantable =
              (item.grantable() & privilege.bit()) != 0
                  || !toPublic && roles.has(item.granteeOid(), owner);
          grants.add(new Grant(item.grantorOid(), item.granteeOid(), privilege, grantable));
        }
      }
    }
    return grants;
  }

  private static Rows row(Rows rows, Reading reading, Grant grant) {
    return rows.add()
        .set("grantor", reading.roleName(grant.grantor))
        .set("grantee", grant.grantee == Acl.PUBLIC ? "PUBLIC" : reading.roleName(grant.grantee))
        .set("privilege_type", grant.privilege.word())
        .set("is_grantable", grant.grantable);
  }

  private static Rows onTable(Rows rows, Reading reading, TableDescriptor table) {
    return rows.set("table_catalog", reading.databaseName())
        .set("table_schema", reading.schemaName(table.schemaOid()))
        .set("table_name", table.name());
  }

  private static void tables(Rows rows, Reading reading, boolean everybody) {
    for (TableDescriptor table : reading.relations()) {
      List<AclItem> items = reading.rights().items(Target.of(table));
      for (Grant grant : visible(reading, items, Kind.TABLE.all(), table.ownerOid(), everybody)) {
        onTable(row(rows, reading, grant), reading, table)
            .set("with_hierarchy", grant.privilege == Privilege.SELECT);
      }
    }
  }

  private static void columns(Rows rows, Reading reading, boolean everybody) {
    for (TableDescriptor table : reading.relations()) {
      Target target = Target.of(table);
      for (Column column : table.liveColumns()) {
        Set<Grant> grants = new LinkedHashSet<>();
        for (List<AclItem> items :
            List.of(
                reading.rights().items(target), reading.rights().items(target, column.number()))) {
          grants.addAll(visible(reading, items, Kind.COLUMN.all(), table.ownerOid(), everybody));
        }
        for (Grant grant : grants) {
          onTable(row(rows, reading, grant), reading, table).set("column_name", column.name());
        }
      }
    }
  }

  private static void usage(Rows rows, Reading reading) {
    for (SequenceDescriptor sequence : reading.sequences()) {
      List<AclItem> items = reading.rights().items(Target.of(sequence));
      for (Grant grant :
          visible(reading, items, Privilege.USAGE.bit(), sequence.ownerOid(), true)) {
        row(rows, reading, grant)
            .set("object_catalog", reading.databaseName())
            .set("object_schema", reading.schemaName(sequence.schemaOid()))
            .set("object_name", sequence.name())
            .set("object_type", "SEQUENCE");
      }
    }
  }
}
