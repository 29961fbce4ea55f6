package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;

/// `pg_type`, `pg_range` and `pg_enum`.
final class TypeViews {
  private TypeViews() {}

  static void register(Registration to) {
    to.fixed(
        "pg_type",
        rows -> {
          for (PgType type : Types.all()) {
            type(rows, type, Oids.systemSchema(type.schema()), Catalog.BOOTSTRAP_ROLE);
          }
        });
    to.current("pg_type", TypeViews::users);
    to.current("pg_enum", TypeViews::labels);
    to.fixed(
        "pg_range",
        rows -> {
          for (String[] row : PgCatalog.rows("pg_range")) {
            rows.add().setAll((Object[]) row);
          }
        });
  }

  private static void users(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.relations()) {
      PgType type = reading.catalog().types().byOid(Oids.rowType(table.oid()));
      type(rows, type, table.schemaOid(), table.ownerOid());
      type(rows, type.arrayType(), table.schemaOid(), table.ownerOid());
    }
    for (TypeDescriptor own : reading.types()) {
      PgType type = reading.catalog().types().byOid(own.oid());
      type(rows, type, own.schemaOid(), own.ownerOid());
      rows.set("typacl", reading.acl(Target.of(own, own.name())));
      if (own.isDomain() && type.directBase().isArray()) {
        rows.set("typndims", 1);
      }
      if (own.defaultText() != null) {
        rows.set("typdefault", own.defaultText());
        rows.set(
            "typdefaultbin",
            ExpressionText.value(reading, own.defaultText(), own.baseOid(), own.baseTypmod()));
      }
      type(rows, type.arrayType(), own.schemaOid(), own.ownerOid());
    }
  }

  private static void labels(Rows rows, Reading reading) {
    for (TypeDescriptor own : reading.types()) {
      for (TypeDescriptor.Label label : own.labels()) {
        rows.add()
            .set("oid", label.oid())
            .set("enumtypid", own.oid())
            .set("enumsortorder", (float) label.position())
            .set("enumlabel", label.text());
      }
    }
  }

  private static void type(Rows rows, PgType type, int schema, int owner) {
    rows.add()
        .set("oid", type.oid())
        .set("typname", type.name())
        .set("typnamespace", schema)
        .set("typowner", owner)
        .set("typlen", type.typlen())
        .set("typbyval", type.byval())
        .set("typtype", type.kind())
        .set("typcategory", type.category())
        .set("typispreferred", type.preferred())
        .set("typisdefined", true)
        .set("typdelim", type.delimiter())
        .set("typrelid", type.relationOid())
        .set("typsubscript", type.subscriptFunction())
        .set("typelem", type.elementOid())
        .set("typarray", type.arrayOid())
        .set("typinput", type.inputFunction())
        .set("typoutput", type.outputFunction())
        .set("typreceive", type.receiveFunction())
        .set("typsend", type.sendFunction())
        .set("typmodin", type.typmodInFunction())
        .set("typmodout", type.typmodOutFunction())
        .set("typanalyze", analyze(type))
        .set("typalign", type.alignment())
        .set("typstorage", type.storage())
        .set("typnotnull", type.notNull())
        .set("typbasetype", type.baseOid())
        .set("typtypmod", type.baseTypmod())
        .set("typcollation", type.collationOid());
  }

  /// The function that gathers statistics of columns of the type, where it is not the common one.
  private static String analyze(PgType type) {
    return switch (type.kind()) {
      case 'r' -> "range_typanalyze";
      case 'm' -> "multirange_typanalyze";
      default ->
          type.isArray() && !type.isVector()
              ? "array_typanalyze"
              : type.name().equals("tsvector") ? "ts_typanalyze" : "-";
    };
  }
}
