package io.trencadis.sql.system;

import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.SystemRelation;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// `pg_stat_…` relations. Only row counts and connections are counted yet; all else is zero.
final class StatisticsViews {
  private StatisticsViews() {}

  static void register(Registration to) {
    for (String which : new String[] {"all", "user"}) {
      List<String> tableCounters = counters("pg_stat_" + which + "_tables");
      to.current(
          "pg_stat_" + which + "_tables",
          (rows, reading) -> {
            for (TableDescriptor table : reading.tables()) {
              zeros(rows.add(), tableCounters)
                  .set("relid", table.oid())
                  .set("schemaname", reading.schemaName(table.schemaOid()))
                  .set("relname", table.name())
                  .set("n_live_tup", table.isPartitioned() ? 0 : reading.access().rowCount(table));
            }
          });
      List<String> indexCounters = counters("pg_stat_" + which + "_indexes");
      to.current(
          "pg_stat_" + which + "_indexes",
          (rows, reading) -> {
            for (TableDescriptor table : reading.tables()) {
              for (IndexDescriptor index : table.indexes()) {
                zeros(rows.add(), indexCounters)
                    .set("relid", table.oid())
                    .set("indexrelid", index.oid())
                    .set("schemaname", reading.schemaName(table.schemaOid()))
                    .set("relname", table.name())
                    .set("indexrelname", index.name());
              }
            }
          });
    }
    List<String> databaseCounters = counters("pg_stat_database");
    databaseCounters.remove("checksum_failures");
    to.current(
        "pg_stat_database",
        (rows, reading) -> {
          zeros(rows.add(), databaseCounters).set("datid", 0).set("numbackends", 0);
          for (DatabaseDescriptor database : reading.databases()) {
            zeros(rows.add(), databaseCounters)
                .set("datid", database.oid())
                .set("datname", database.name())
                .set(
                    "numbackends",
                    reading.access().activity().stream()
                        .filter(each -> each.databaseOid() == database.oid())
                        .count());
          }
        });
    for (String single : new String[] {"pg_stat_bgwriter", "pg_stat_wal", "pg_stat_archiver"}) {
      List<String> serverCounters = counters(single);
      to.fixed(single, rows -> zeros(rows.add(), serverCounters));
    }
  }

  /// The columns that count something or add up times.
  private static List<String> counters(String relation) {
    List<String> names = new ArrayList<>();
    SystemRelation found = PgCatalog.systemRelation("pg_catalog", relation);
    for (SystemRelation.Column column : found.columns()) {
      if (column.type() == Types.INT8.oid() || column.type() == Types.FLOAT8.oid()) {
        names.add(column.name());
      }
    }
    return names;
  }

  private static Rows zeros(Rows rows, List<String> columns) {
    for (String column : columns) {
      rows.set(column, 0);
    }
    return rows;
  }
}
