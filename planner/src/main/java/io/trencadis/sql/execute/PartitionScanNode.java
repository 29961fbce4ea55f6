package io.trencadis.sql.execute;

import java.util.BitSet;
import java.util.List;

/// Reads the partitions of a partitioned table (or a table and those that inherit from it) one
/// after another; only one of them where the partition key is known when the scan starts, only
/// those that overlap where its first column is within bounds.
public final class PartitionScanNode extends PlanNode {
  private final List<PlanNode> partitions;
  private final PartitionRouter router;
  private final int[] places;
  private final Eval[] values;
  private final Bounds bounds;
  private final int width;

  /// @param router null where every one of them is always read
  /// @param partitions by leaf number
  /// @param values of the partition key's columns at `places`, or null where they are not all known
  /// @param bounds of the partition key's first column, or null
  /// @param width columns of the table
  public PartitionScanNode(
      Estimate estimate,
      List<PlanNode> partitions,
      PartitionRouter router,
      int[] places,
      Eval[] values,
      Bounds bounds,
      int width) {
    super(estimate);
    this.partitions = List.copyOf(partitions);
    this.router = router;
    this.places = places;
    this.values = values;
    this.bounds = bounds;
    this.width = width;
  }

  /// The numbers of the partitions that have to be read.
  private BitSet chosen(Execution x) {
    BitSet chosen = new BitSet();
    if (values != null) {
      Object[] row = new Object[width];
      boolean[] known = new boolean[width];
      for (int i = 0; i < places.length; i++) {
        row[places[i]] = values[i].eval(RowNodes.NO_COLUMNS, x);
        if (row[places[i]] == null) {
          return chosen;
        }
        known[places[i]] = true;
      }
      // Levels below may go by other columns.
      router.leavesOf(row, known, x, chosen);
    } else if (bounds != null) {
      Bounds.Values within = bounds.values(x);
      if (within != null) {
        router.leavesWithin(within, chosen);
      }
    } else {
      chosen.set(0, partitions.size());
    }
    return chosen;
  }

  /// How many partitions would be read now, of how many; for EXPLAIN.
  public String partitionText(Execution x) {
    try {
      return chosen(x).cardinality() + " of " + partitions.size();
    } catch (RuntimeException unknown) {
      // A value that only exists while the plan runs, such as a column of an outer row.
      return (values != null ? "1" : "some") + " of " + partitions.size();
    }
  }

  /// Whether partition number `i` would be read now; for EXPLAIN.
  public boolean reads(int i, Execution x) {
    try {
      return chosen(x).get(i);
    } catch (RuntimeException unknown) {
      return true;
    }
  }

  @Override
  protected RowSource start(Execution x) {
    BitSet chosen = chosen(x);
    return new RowSource() {
      private int next = chosen.nextSetBit(0);
      private RowSource source;

      @Override
      public Object[] next() {
        while (true) {
          if (source == null) {
            if (next < 0) {
              return null;
            }
            source = partitions.get(next).open(x);
            next = chosen.nextSetBit(next + 1);
          }
          Object[] row = source.next();
          if (row != null) {
            return row;
          }
          source.close();
          source = null;
        }
      }

      @Override
      public void close() {
        if (source != null) {
          source.close();
        }
      }
    };
  }

  @Override
  public String label() {
    return "Append";
  }

  @Override
  public List<PlanNode> children() {
    return partitions;
  }
}
