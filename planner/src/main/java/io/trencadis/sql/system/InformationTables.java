package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.SystemRelation;
import io.trencadis.sql.types.Types;

/// information_schema: schemas, tables, views and sequences.
final class InformationTables {
  private InformationTables() {}

  static void register(Registration to) {
    to.current(
        "information_schema.information_schema_catalog_name",
        (rows, reading) -> rows.add().set("catalog_name", reading.databaseName()));
    to.current("information_schema.schemata", InformationTables::schemata);
    to.current("information_schema.tables", InformationTables::tables);
    to.current("information_schema.views", InformationTables::views);
    to.current("information_schema.sequences", InformationTables::sequences);
    to.current(
        "information_schema.character_sets",
        (rows, reading) ->
            rows.add()
                .set("character_set_name", "UTF8")
                .set("character_repertoire", "UCS")
                .set("form_of_use", "UTF8")
                .set("default_collate_catalog", reading.databaseName())
                .set("default_collate_schema", "pg_catalog")
                .set("default_collate_name", "ucs_basic"));
  }

  private static void schemata(Rows rows, Reading reading) {
    String database = reading.databaseName();
    for (int oid : new int[] {Oids.PG_TOAST, Catalog.PG_CATALOG, Catalog.INFORMATION_SCHEMA}) {
      rows.add()
          .set("catalog_name", database)
          .set("schema_name", Oids.systemSchema(oid))
          .set("schema_owner", reading.roleName(Catalog.BOOTSTRAP_ROLE));
    }
    for (SchemaDescriptor schema : reading.schemas()) {
      rows.add()
          .set("catalog_name", database)
          .set("schema_name", schema.name())
          .set("schema_owner", reading.roleName(schema.ownerOid()));
    }
  }

  private static void tables(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.relations()) {
      table(
              rows,
              reading.databaseName(),
              reading.schemaName(table.schemaOid()),
              table.name(),
              table.isView())
          .set("is_insertable_into", Updatability.of(reading, table));
    }
    for (SystemRelation relation : PgCatalog.systemRelations()) {
      table(
              rows,
              reading.databaseName(),
              relation.schema(),
              relation.name(),
              relation.kind() == 'v')
          .set("is_insertable_into", false);
    }
  }

  private static Rows table(Rows rows, String database, String schema, String name, boolean view) {
    return rows.add()
        .set("table_catalog", database)
        .set("table_schema", schema)
        .set("table_name", name)
        .set(
            "table_type",
            view ? "VIEW" : schema.startsWith("pg_temp_") ? "LOCAL TEMPORARY" : "BASE TABLE")
        .set("is_typed", false);
  }

  private static void views(Rows rows, Reading reading) {
    for (TableDescriptor view : reading.views()) {
      boolean updatable = Updatability.of(reading, view);
      view(rows, reading, reading.schemaName(view.schemaOid()), view.name())
          .set("view_definition", DefinitionText.view(reading, view, false, 0))
          .set("check_option", checkOption(view))
          .set("is_updatable", updatable)
          .set("is_insertable_into", updatable);
    }
    for (SystemRelation relation : PgCatalog.systemRelations()) {
      if (relation.kind() == 'v') {
        view(rows, reading, relation.schema(), relation.name());
      }
    }
  }

  private static String checkOption(TableDescriptor view) {
    return view.options().contains("check_option=local")
        ? "LOCAL"
        : view.options().contains("check_option=cascaded") ? "CASCADED" : "NONE";
  }

  private static Rows view(Rows rows, Reading reading, String schema, String name) {
    return rows.add()
        .set("table_catalog", reading.databaseName())
        .set("table_schema", schema)
        .set("table_name", name)
        .set("check_option", "NONE")
        .set("is_updatable", false)
        .set("is_insertable_into", false)
        .set("is_trigger_updatable", false)
        .set("is_trigger_deletable", false)
        .set("is_trigger_insertable_into", false);
  }

  private static void sequences(Rows rows, Reading reading) {
    for (SequenceDescriptor sequence : reading.sequences()) {
      // A sequence that serves an identity column is a detail of that column.
      if (sequence.identity()) {
        continue;
      }
      rows.add()
          .set("sequence_catalog", reading.databaseName())
          .set("sequence_schema", reading.schemaName(sequence.schemaOid()))
          .set("sequence_name", sequence.name())
          .set("data_type", Types.formatType(sequence.typeOid(), -1))
          .set("numeric_precision", TypeFacts.numericPrecision(sequence.typeOid(), -1))
          .set("numeric_precision_radix", 2)
          .set("numeric_scale", 0)
          .set("start_value", Long.toString(sequence.start()))
          .set("minimum_value", Long.toString(sequence.minimum()))
          .set("maximum_value", Long.toString(sequence.maximum()))
          .set("increment", Long.toString(sequence.increment()))
          .set("cycle_option", sequence.cycle());
    }
  }
}
