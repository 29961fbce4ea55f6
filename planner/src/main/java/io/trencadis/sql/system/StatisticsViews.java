package io.trencadis.sql.system;

import io.trencadis.sharding.NodeCounters;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.SystemRelation;
import io.trencadis.sql.session.ActivityCounts;
import io.trencadis.sql.session.StatementTimes;
import io.trencadis.sql.types.Numeric;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// `pg_stat_…` relations. What nobody counts (blocks, vacuums, checkpoints, conflicts) is zero.
final class StatisticsViews {
  private StatisticsViews() {}

  static void register(Registration to) {
    for (String which : new String[] {"all", "user"}) {
      List<String> tableCounters = counters("pg_stat_" + which + "_tables");
      to.current(
          "pg_stat_" + which + "_tables",
          (rows, reading) -> {
            for (TableDescriptor table : reading.tables()) {
              ActivityCounts.Table counts = reading.access().activityCounts().table(table.oid());
              zeros(rows.add(), tableCounters)
                  .set("seq_scan", counts.scans.sum())
                  .set("seq_tup_read", counts.scanned.sum())
                  .set("idx_scan", table.indexes().isEmpty() ? null : counts.indexScans.sum())
                  .set("idx_tup_fetch", table.indexes().isEmpty() ? null : counts.fetched.sum())
                  .set("n_tup_ins", counts.inserted.sum())
                  .set("n_tup_upd", counts.updated.sum())
                  .set("n_tup_del", counts.deleted.sum())
                  .set("n_mod_since_analyze", counts.changesSinceAnalyze())
                  .set("last_analyze", counts.analyzedMicros())
                  .set("last_autoanalyze", counts.autoAnalyzedMicros())
                  .set("analyze_count", counts.analyzes())
                  .set("autoanalyze_count", counts.autoAnalyzes())
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
                ActivityCounts.Index counts = reading.access().activityCounts().index(index.oid());
                zeros(rows.add(), indexCounters)
                    .set("idx_scan", counts.scans.sum())
                    .set("idx_tup_read", counts.read.sum())
                    .set("idx_tup_fetch", counts.read.sum())
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
            ActivityCounts.Database counts =
                reading.access().activityCounts().database(database.oid());
            zeros(rows.add(), databaseCounters)
                .set("xact_commit", counts.commits.sum())
                .set("xact_rollback", counts.rollbacks.sum())
                .set("deadlocks", counts.deadlocks.sum())
                .set("tup_returned", counts.rows.scanned.sum())
                .set("tup_fetched", counts.rows.fetched.sum())
                .set("tup_inserted", counts.rows.inserted.sum())
                .set("tup_updated", counts.rows.updated.sum())
                .set("tup_deleted", counts.rows.deleted.sum())
                .set("datid", database.oid())
                .set("datname", database.name())
                .set(
                    "numbackends",
                    reading.access().activity().stream()
                        .filter(each -> each.databaseOid() == database.oid())
                        .count());
          }
        });
    List<String> statementCounters = counters("pg_stat_statements");
    to.current(
        "pg_stat_statements", (rows, reading) -> statements(rows, reading, statementCounters));
    List<String> walCounters = counters("pg_stat_wal");
    to.current(
        "pg_stat_wal",
        (rows, reading) -> {
          NodeCounters counters = reading.access().nodeCounters();
          zeros(rows.add(), walCounters)
              .set("wal_records", counters.walRecords())
              .set("wal_bytes", Numeric.of(counters.walBytes()))
              .set("wal_write", counters.walWrites())
              .set("wal_sync", counters.walFsyncs());
        });
    for (String single : new String[] {"pg_stat_bgwriter", "pg_stat_archiver"}) {
      List<String> serverCounters = counters(single);
      to.fixed(single, rows -> zeros(rows.add(), serverCounters));
    }
  }

  private static void statements(Rows rows, Reading reading, List<String> counters) {
    RoleDescriptor reader = reading.access().role();
    for (StatementTimes.Entry each : reading.access().statementTimes().all()) {
      boolean readable = reader.superuser() || reader.oid() == each.userOid();
      zeros(rows.add(), counters)
          .set("userid", each.userOid())
          .set("dbid", each.databaseOid())
          .set("toplevel", true)
          .set("queryid", readable ? each.queryId() : null)
          .set("query", readable ? each.query() : "<insufficient privilege>")
          .set("calls", each.calls())
          .set("total_exec_time", each.total())
          .set("min_exec_time", each.least())
          .set("max_exec_time", each.most())
          .set("mean_exec_time", each.mean())
          .set("stddev_exec_time", each.deviation())
          .set("rows", each.rows())
          .set("trencadis_shards", each.shards())
          .set("trencadis_bytes", each.bytes());
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
