package io.trencadis.sql.execute;

import io.trencadis.sharding.SharedScan;
import io.trencadis.sql.batch.Batch;
import io.trencadis.storage.RowBlock;
import java.util.concurrent.atomic.AtomicLong;

/// The rows of a table in parts, one a shard, which any threads read.
final class ShardParts implements Parts {
  private final TableScanNode node;
  private final Execution x;
  private final int[] where;
  private final KeyRange.Bytes bytes;
  private final SharedScan[] scans;
  private final AtomicLong read = new AtomicLong();
  private final AtomicLong readBytes = new AtomicLong();

  /// @param where the shards, each with its scan
  ShardParts(
      TableScanNode node, Execution x, int[] where, KeyRange.Bytes bytes, SharedScan[] scans) {
    this.node = node;
    this.x = x;
    this.where = where;
    this.bytes = bytes;
    this.scans = scans;
  }

  @Override
  public int count() {
    return where.length;
  }

  @Override
  public RowSource open(int part, Execution worker) {
    SharedScan scan = scans[part];
    return new RowSource() {
      private Object[] spare;
      private long steps;
      private long stepped;

      @Override
      public Object[] next() {
        while (scan.next()) {
          if ((++steps & 0xff) == 0) {
            worker.checkInterrupts();
          }
          Object[] row = spare == null ? node.emptyRow() : spare;
          byte[] value = scan.value();
          stepped += value.length;
          boolean taken = node.fill(row, value, null, where[part], false, worker, null);
          spare = taken ? null : row;
          if (taken) {
            return row;
          }
        }
        end();
        return null;
      }

      private void end() {
        if (scan.inDoubt()) {
          throw Parts.InDoubtException.INSTANCE;
        }
        read.addAndGet(steps);
        readBytes.addAndGet(stepped);
        steps = 0;
        stepped = 0;
      }

      @Override
      public BatchSource batches() {
        return node.batches(this::read, worker, null);
      }

      private void read(RowBlock into) {
        worker.checkInterrupts();
        boolean more = scan.read(into, Batch.MOST);
        for (int row = 0; row < into.count(); row++) {
          stepped += into.length(row);
        }
        steps += into.count();
        if (!more) {
          end();
        }
      }
    };
  }

  @Override
  public RowSource openAlone(int part, Execution own) {
    return node.scan(own, new int[] {where[part]}, bytes);
  }

  @Override
  public void finish() {
    x.transaction().endSharedScans();
    node.scanned(x, read.get());
    x.read(readBytes.get());
  }
}
