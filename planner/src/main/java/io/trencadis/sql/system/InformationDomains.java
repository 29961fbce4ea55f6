package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.types.PgType;

/// What information_schema says of domains.
final class InformationDomains {
  private InformationDomains() {}

  static void register(Registration to) {
    to.current("information_schema.domains", InformationDomains::domains);
    to.current("information_schema.domain_constraints", InformationDomains::constraints);
    to.current("information_schema.domain_udt_usage", InformationDomains::uses);
    to.current("information_schema.column_domain_usage", InformationDomains::columns);
  }

  private static Rows domain(Rows rows, Reading reading, TypeDescriptor domain) {
    return rows.set("domain_catalog", reading.databaseName())
        .set("domain_schema", reading.schemaName(domain.schemaOid()))
        .set("domain_name", domain.name());
  }

  private static void domains(Rows rows, Reading reading) {
    for (TypeDescriptor type : reading.types()) {
      if (type.isDomain()) {
        domain(rows.add(), reading, type)
            .set("domain_default", type.defaultText())
            .set("dtd_identifier", "1");
        PgType base = reading.catalog().types().byOid(type.oid()).directBase();
        InformationColumns.base(rows, reading.databaseName(), base, type.baseTypmod());
        rows.set("data_type", base.isUsers() ? "USER-DEFINED" : base.displayName());
      }
    }
  }

  private static void constraints(Rows rows, Reading reading) {
    for (TypeDescriptor type : reading.types()) {
      for (TypeDescriptor.DomainCheck check : type.checks()) {
        domain(rows.add(), reading, type)
            .set("constraint_catalog", reading.databaseName())
            .set("constraint_schema", reading.schemaName(type.schemaOid()))
            .set("constraint_name", check.name())
            .set("is_deferrable", false)
            .set("initially_deferred", false);
      }
    }
  }

  private static void uses(Rows rows, Reading reading) {
    for (TypeDescriptor type : reading.types()) {
      if (type.isDomain()) {
        PgType base = reading.catalog().types().byOid(type.oid()).directBase();
        domain(rows.add(), reading, type)
            .set("udt_catalog", reading.databaseName())
            .set("udt_schema", base.schema())
            .set("udt_name", base.name());
      }
    }
  }

  private static void columns(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.relations()) {
      for (Column column : table.liveColumns()) {
        TypeDescriptor type = reading.catalog().types().descriptor(column.typeOid());
        if (type != null && type.isDomain() && type.oid() == column.typeOid()) {
          domain(rows.add(), reading, type)
              .set("table_catalog", reading.databaseName())
              .set("table_schema", reading.schemaName(table.schemaOid()))
              .set("table_name", table.name())
              .set("column_name", column.name());
        }
      }
    }
  }
}
