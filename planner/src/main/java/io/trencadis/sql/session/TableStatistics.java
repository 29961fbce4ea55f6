package io.trencadis.sql.session;

import io.trencadis.sql.execute.WriteTarget;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How many rows tables have, roughly: changes are counted as they are made, also those that are
/// rolled back. Thread-safe.
final class TableStatistics implements WriteTarget.RowStatistics {
  private static final double UNKNOWN_TABLE_ROWS = 1000;

  private final ConcurrentHashMap<Integer, LongAdder> rows = new ConcurrentHashMap<>();

  @Override
  public void changed(int tableOid, long change) {
    rows.computeIfAbsent(tableOid, _ -> new LongAdder()).add(change);
  }

  void reset(int tableOid) {
    rows.remove(tableOid);
  }

  /// At least one row; a table that nothing is known of is taken to have some.
  double estimate(int tableOid) {
    LongAdder count = rows.get(tableOid);
    return count == null ? UNKNOWN_TABLE_ROWS : Math.max(1, count.sum());
  }

  long count(int tableOid) {
    LongAdder count = rows.get(tableOid);
    return count == null ? 0 : Math.max(0, count.sum());
  }
}
