package io.trencadis.sql.session;

import io.trencadis.sql.execute.WriteTarget;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How many rows tables have, roughly: changes are counted as they are made, also those that are
/// rolled back. Thread-safe.
final class TableStatistics implements WriteTarget.RowStatistics {
  private static final double UNKNOWN_TABLE_ROWS = 1000;

  private final ConcurrentHashMap<Integer, LongAdder> rows = new ConcurrentHashMap<>();

  /// Tables that were empty or counted since the server started; of others only changes are known.
  private final Set<Integer> counted = ConcurrentHashMap.newKeySet();

  @Override
  public void changed(int tableOid, long change) {
    rows.computeIfAbsent(tableOid, _ -> new LongAdder()).add(change);
  }

  /// The table has so many rows now.
  void counted(int tableOid, long count) {
    LongAdder known = new LongAdder();
    known.add(count);
    rows.put(tableOid, known);
    counted.add(tableOid);
  }

  /// At least one row; a table that nothing is known of is taken to have some.
  double estimate(int tableOid) {
    LongAdder count = rows.get(tableOid);
    if (count == null) {
      return UNKNOWN_TABLE_ROWS;
    }
    return counted.contains(tableOid)
        ? Math.max(1, count.sum())
        : UNKNOWN_TABLE_ROWS + Math.max(0, count.sum());
  }

  long count(int tableOid) {
    LongAdder count = rows.get(tableOid);
    return count == null ? 0 : Math.max(0, count.sum());
  }
}
