package io.trencadis.sql.execute;

import java.util.HashMap;
import java.util.Map;

/// What a worker's scans have read, until the session's thread takes it. Confined to one thread.
final class WorkerAccesses implements AccessCounts {
  private record Scanned(int table, int index) {}

  private final Map<Scanned, long[]> scans = new HashMap<>();

  @Override
  public void scanned(int tableOid, int indexOid, long rows) {
    scans.computeIfAbsent(new Scanned(tableOid, indexOid), _ -> new long[2]);
    long[] sum = scans.get(new Scanned(tableOid, indexOid));
    sum[0]++;
    sum[1] += rows;
  }

  @Override
  public void changed(int tableOid, long inserted, long updated, long deleted) {
    throw new IllegalStateException("a worker changes nothing");
  }

  /// Tells what was scanned, as if it happened now.
  void tell(AccessCounts to) {
    scans.forEach(
        (which, sum) -> {
          for (long scan = 1; scan < sum[0]; scan++) {
            to.scanned(which.table, which.index, 0);
          }
          to.scanned(which.table, which.index, sum[1]);
        });
  }
}
