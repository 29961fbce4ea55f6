package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;

/// information_schema: roles, and what they may do. Owners may everything; nothing else is granted
/// yet.
final class InformationRights {
  private static final String[] TABLE_RIGHTS = {
    "INSERT", "SELECT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"
  };
  private static final String[] COLUMN_RIGHTS = {"INSERT", "SELECT", "UPDATE", "REFERENCES"};

  private InformationRights() {}

  static void register(Registration to) {
    to.current("information_schema.applicable_roles", InformationRights::applicableRoles);
    to.current(
        "information_schema.enabled_roles",
        (rows, reading) -> {
          int user = reading.access().role().oid();
          for (RoleDescriptor role : reading.roles()) {
            if (Privileges.isMember(reading, user, role.oid())) {
              rows.add().set("role_name", role.name());
            }
          }
        });
    to.current("information_schema.table_privileges", InformationRights::tables);
    to.current("information_schema.role_table_grants", InformationRights::tables);
    to.current("information_schema.column_privileges", InformationRights::columns);
    to.current("information_schema.role_column_grants", InformationRights::columns);
    to.current("information_schema.usage_privileges", InformationRights::usage);
  }

  private static void applicableRoles(Rows rows, Reading reading) {
    int user = reading.access().role().oid();
    for (RoleDescriptor member : reading.roles()) {
      if (Privileges.isMember(reading, user, member.oid())) {
        for (int group : member.memberOf()) {
          rows.add()
              .set("grantee", member.name())
              .set("role_name", reading.roleName(group))
              .set("is_grantable", false);
        }
      }
    }
  }

  private static Rows grant(Rows rows, Reading reading, int owner, String privilege) {
    return rows.add()
        .set("grantor", reading.roleName(owner))
        .set("grantee", reading.roleName(owner))
        .set("privilege_type", privilege)
        .set("is_grantable", true);
  }

  private static Rows onTable(Rows rows, Reading reading, TableDescriptor table) {
    return rows.set("table_catalog", reading.databaseName())
        .set("table_schema", reading.schemaName(table.schemaOid()))
        .set("table_name", table.name());
  }

  private static void tables(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.relations()) {
      for (String right : TABLE_RIGHTS) {
        onTable(grant(rows, reading, table.ownerOid(), right), reading, table)
            .set("with_hierarchy", right.equals("SELECT"));
      }
    }
  }

  private static void columns(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.relations()) {
      for (Column column : table.liveColumns()) {
        for (String right : COLUMN_RIGHTS) {
          onTable(grant(rows, reading, table.ownerOid(), right), reading, table)
              .set("column_name", column.name());
        }
      }
    }
  }

  private static void usage(Rows rows, Reading reading) {
    for (SequenceDescriptor sequence : reading.sequences()) {
      grant(rows, reading, sequence.ownerOid(), "USAGE")
          .set("object_catalog", reading.databaseName())
          .set("object_schema", reading.schemaName(sequence.schemaOid()))
          .set("object_name", sequence.name())
          .set("object_type", "SEQUENCE");
    }
  }
}
