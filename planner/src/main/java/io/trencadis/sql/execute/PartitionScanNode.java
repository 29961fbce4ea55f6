package io.trencadis.sql.execute;

import java.util.List;

/// Reads the partitions of a partitioned table one after another; only one of them where the
/// partition key is known when the scan starts.
public final class PartitionScanNode extends PlanNode {
  private final List<PlanNode> partitions;
  private final PartitionRouter router;
  private final int[] places;
  private final Eval[] values;
  private final int width;

  /// @param partitions by leaf number
  /// @param values of the partition key's columns at `places`, or null where they are not all known
  /// @param width columns of the table
  public PartitionScanNode(
      Estimate estimate,
      List<PlanNode> partitions,
      PartitionRouter router,
      int[] places,
      Eval[] values,
      int width) {
    super(estimate);
    this.partitions = List.copyOf(partitions);
    this.router = router;
    this.places = places;
    this.values = values;
    this.width = width;
  }

  @Override
  protected RowSource start(Execution x) {
    int first = 0;
    int end = partitions.size();
    if (values != null) {
      Object[] row = new Object[width];
      boolean known = true;
      for (int i = 0; i < places.length; i++) {
        row[places[i]] = values[i].eval(RowNodes.NO_COLUMNS, x);
        known &= row[places[i]] != null;
      }
      int leaf = known ? router.leafOf(row, x.cx()) : -1;
      first = Math.max(leaf, 0);
      end = leaf < 0 ? 0 : leaf + 1;
    }
    int from = first;
    int to = end;
    return new RowSource() {
      private int next = from;
      private RowSource source;

      @Override
      public Object[] next() {
        while (true) {
          if (source == null) {
            if (next >= to) {
              return null;
            }
            source = partitions.get(next++).open(x);
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
  public List<String> details() {
    return values == null ? List.of() : List.of("Partitions: 1 of " + partitions.size());
  }

  @Override
  public List<PlanNode> children() {
    return partitions;
  }
}
