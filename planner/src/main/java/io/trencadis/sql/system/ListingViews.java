package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.SystemRelation;

/// The relations that are meant for people: `pg_tables`, `pg_views`, `pg_indexes` and
/// `pg_sequences`, and `pg_sequence` under the last of them.
final class ListingViews {
  private ListingViews() {}

  static void register(Registration to) {
    to.current("pg_tables", ListingViews::tables);
    to.current("pg_views", ListingViews::views);
    to.current("pg_indexes", ListingViews::indexes);
    to.current("pg_sequences", ListingViews::sequences);
    to.current(
        "pg_sequence",
        (rows, reading) -> {
          for (SequenceDescriptor sequence : reading.sequences()) {
            rows.add()
                .set("seqrelid", sequence.oid())
                .set("seqtypid", sequence.typeOid())
                .set("seqstart", sequence.start())
                .set("seqincrement", sequence.increment())
                .set("seqmax", sequence.maximum())
                .set("seqmin", sequence.minimum())
                .set("seqcache", sequence.cache())
                .set("seqcycle", sequence.cycle());
          }
        });
  }

  private static void tables(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.tables()) {
      rows.add()
          .set("schemaname", reading.schemaName(table.schemaOid()))
          .set("tablename", table.name())
          .set("tableowner", reading.roleName(table.ownerOid()))
          .set("hasindexes", !table.indexes().isEmpty())
          .set("hasrules", false)
          .set(
              "hastriggers",
              !table.foreignKeys().isEmpty()
                  || !reading.catalog().referencesTo(table.oid()).isEmpty())
          .set("rowsecurity", false);
    }
    for (SystemRelation relation : PgCatalog.systemRelations()) {
      if (relation.kind() == 'r') {
        rows.add()
            .set("schemaname", relation.schema())
            .set("tablename", relation.name())
            .set("tableowner", reading.roleName(Catalog.BOOTSTRAP_ROLE))
            .set("hasindexes", false)
            .set("hasrules", false)
            .set("hastriggers", false)
            .set("rowsecurity", false);
      }
    }
  }

  private static void views(Rows rows, Reading reading) {
    for (TableDescriptor view : reading.views()) {
      rows.add()
          .set("schemaname", reading.schemaName(view.schemaOid()))
          .set("viewname", view.name())
          .set("viewowner", reading.roleName(view.ownerOid()))
          .set("definition", DefinitionText.view(reading, view, false, 0));
    }
    for (SystemRelation relation : PgCatalog.systemRelations()) {
      if (relation.kind() == 'v') {
        rows.add()
            .set("schemaname", relation.schema())
            .set("viewname", relation.name())
            .set("viewowner", reading.roleName(Catalog.BOOTSTRAP_ROLE));
      }
    }
  }

  private static void indexes(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.tables()) {
      for (IndexDescriptor index : table.indexes()) {
        rows.add()
            .set("schemaname", reading.schemaName(table.schemaOid()))
            .set("tablename", table.name())
            .set("indexname", index.name())
            .set("indexdef", DefinitionText.index(reading, table, index, false));
      }
    }
  }

  private static void sequences(Rows rows, Reading reading) {
    for (SequenceDescriptor sequence : reading.sequences()) {
      rows.add()
          .set("schemaname", reading.schemaName(sequence.schemaOid()))
          .set("sequencename", sequence.name())
          .set("sequenceowner", reading.roleName(sequence.ownerOid()))
          .set("data_type", sequence.typeOid())
          .set("start_value", sequence.start())
          .set("min_value", sequence.minimum())
          .set("max_value", sequence.maximum())
          .set("increment_by", sequence.increment())
          .set("cycle", sequence.cycle())
          .set("cache_size", sequence.cache())
          .set("last_value", reading.access().sequenceLastValue(sequence));
    }
  }
}
