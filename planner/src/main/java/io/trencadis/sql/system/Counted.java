package io.trencadis.sql.system;

import io.trencadis.sql.session.ActivityCounts;

/// The `pg_stat_get_…` functions of what is counted.
final class Counted {
  private Counted() {}

  /// Null for a function whose answer is not counted.
  static Long statistic(String prosrc, Object[] args, ActivityCounts counts) {
    if (args.length != 1 || !(args[0] instanceof Long oid)) {
      return null;
    }
    int number = (int) (long) oid;
    return switch (prosrc) {
      case "pg_stat_get_numscans" ->
          counts.table(number).scans.sum() + counts.index(number).scans.sum();
      case "pg_stat_get_tuples_returned" ->
          counts.table(number).scanned.sum() + counts.index(number).read.sum();
      case "pg_stat_get_tuples_fetched" ->
          counts.table(number).fetched.sum() + counts.index(number).read.sum();
      case "pg_stat_get_tuples_inserted" -> counts.table(number).inserted.sum();
      case "pg_stat_get_tuples_updated" -> counts.table(number).updated.sum();
      case "pg_stat_get_tuples_deleted" -> counts.table(number).deleted.sum();
      case "pg_stat_get_db_xact_commit" -> counts.database(number).commits.sum();
      case "pg_stat_get_db_xact_rollback" -> counts.database(number).rollbacks.sum();
      case "pg_stat_get_db_deadlocks" -> counts.database(number).deadlocks.sum();
      default -> null;
    };
  }
}
