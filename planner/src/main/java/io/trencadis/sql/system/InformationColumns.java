package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.SystemRelation;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.Set;

/// information_schema.columns.
final class InformationColumns {
  private InformationColumns() {}

  static void register(Registration to) {
    to.current("information_schema.columns", InformationColumns::columns);
  }

  private static void columns(Rows rows, Reading reading) {
    String database = reading.databaseName();
    for (TableDescriptor table : reading.relations()) {
      String schema = reading.schemaName(table.schemaOid());
      Set<String> changeable = Updatability.namesOf(reading, table);
      for (Column column : table.liveColumns()) {
        column(rows, database, schema, table.name(), column.number(), column.name())
            .set(
                "column_default",
                column.defaultText() == null || column.generated()
                    ? null
                    : ExpressionText.defaultOf(reading, table, column))
            .set("is_generated", column.generated() ? "ALWAYS" : "NEVER")
            .set(
                "generation_expression",
                column.generated() ? ExpressionText.defaultOf(reading, table, column) : null)
            .set("is_nullable", !column.notNull() && !refusesNull(column))
            .set("is_updatable", changeable.contains(column.name()));
        type(rows, database, column.typeOid(), column.typmod(), true);
        CollationRows.describe(rows, reading, column.collation());
        identity(rows, reading, column);
      }
    }
    for (SystemRelation relation : PgCatalog.systemRelations()) {
      int number = 1;
      for (SystemRelation.Column column : relation.columns()) {
        column(rows, database, relation.schema(), relation.name(), number++, column.name())
            .set("is_nullable", !column.notNull())
            .set("is_updatable", false)
            .set("is_identity", false)
            .set("identity_cycle", false);
        type(rows, database, column.type(), column.typmod(), true);
      }
    }
  }

  private static boolean refusesNull(Column column) {
    PgType type = Types.byOid(column.typeOid());
    return type != null && type.isDomain() && type.notNull();
  }

  private static Rows column(
      Rows rows, String database, String schema, String table, int number, String name) {
    return rows.add()
        .set("table_catalog", database)
        .set("table_schema", schema)
        .set("table_name", table)
        .set("column_name", name)
        .set("ordinal_position", number)
        .set("dtd_identifier", Integer.toString(number))
        .set("is_self_referencing", false)
        .set("is_generated", "NEVER");
  }

  private static void identity(Rows rows, Reading reading, Column column) {
    rows.set("is_identity", column.identity() != ' ').set("identity_cycle", false);
    if (column.identity() == ' ') {
      return;
    }
    rows.set("identity_generation", column.identity() == 'a' ? "ALWAYS" : "BY DEFAULT");
    SequenceDescriptor sequence = reading.catalog().sequence(column.sequenceOid());
    if (sequence != null) {
      rows.set("identity_start", Long.toString(sequence.start()))
          .set("identity_increment", Long.toString(sequence.increment()))
          .set("identity_maximum", Long.toString(sequence.maximum()))
          .set("identity_minimum", Long.toString(sequence.minimum()))
          .set("identity_cycle", sequence.cycle());
    }
  }

  /// The columns that describe a type, which several relations share.
  ///
  /// @param sizes whether lengths and precisions are told; those of arguments are not
  static void type(Rows rows, String database, int typeOid, int typmod, boolean sizes) {
    PgType type = Types.byOid(typeOid);
    if (type == null) {
      return;
    }
    boolean domain = type.isDomain();
    PgType base = domain ? type.directBase() : type;
    int modifier = domain ? type.baseTypmod() : typmod;
    rows.set("data_type", dataType(base))
        .set("udt_catalog", database)
        .set("udt_schema", base.schema())
        .set("udt_name", base.name());
    if (!sizes) {
      return;
    }
    sizes(rows, base, modifier);
    if (type.collationOid() != 0 && type.collationOid() != Oids.DEFAULT_COLLATION) {
      rows.set("collation_catalog", database)
          .set("collation_schema", "pg_catalog")
          .set("collation_name", "C");
    }
    if (domain) {
      rows.set("domain_catalog", database)
          .set("domain_schema", type.schema())
          .set("domain_name", type.name());
    }
  }

  /// What a domain is over.
  static void base(Rows rows, String database, PgType base, int typmod) {
    rows.set("udt_catalog", database).set("udt_schema", base.schema()).set("udt_name", base.name());
    sizes(rows, base, typmod);
  }

  private static void sizes(Rows rows, PgType base, int modifier) {
    if (base.isDomain()) {
      return;
    }
    rows.set("character_maximum_length", TypeFacts.characterLength(base.oid(), modifier))
        .set("character_octet_length", TypeFacts.octetLength(base.oid(), modifier))
        .set("numeric_precision", TypeFacts.numericPrecision(base.oid(), modifier))
        .set("numeric_precision_radix", TypeFacts.numericRadix(base.oid()))
        .set("numeric_scale", TypeFacts.numericScale(base.oid(), modifier))
        .set("datetime_precision", TypeFacts.datetimePrecision(base.oid(), modifier));
  }

  static String dataType(PgType type) {
    if (type.isArray()) {
      return "ARRAY";
    }
    return type.schema().equals("pg_catalog") ? Types.formatType(type, -1) : "USER-DEFINED";
  }
}
