package io.trencadis.sql.execute;

import io.trencadis.sharding.Placement;

/// Which shards a scan has to ask: one, where all partition columns are equal to known values, else
/// all of the placement's. Immutable and thread-safe.
public final class ShardChoice {
  private final Placement placement;
  private final PartitionColumns columns;
  private final Eval[] values;
  private final int[] all;

  /// @param values of the partition columns, or null where they are not all known
  public ShardChoice(Placement placement, PartitionColumns columns, Eval[] values) {
    this.placement = placement;
    this.columns = columns;
    this.values = values;
    this.all = placement.shards();
  }

  /// Whether one shard is enough, whatever the values are.
  public boolean single() {
    return values != null || all.length == 1;
  }

  /// How many shards the relation is spread over.
  public int total() {
    return all.length;
  }

  /// @return none where nothing can match, because a value is null
  int[] shards(Execution x) {
    if (values == null) {
      return all;
    }
    Object[] known = new Object[values.length];
    for (int i = 0; i < known.length; i++) {
      known[i] = values[i].eval(RowNodes.NO_COLUMNS, x);
      if (known[i] == null) {
        return new int[0];
      }
    }
    return new int[] {placement.shardOf(columns.bytesOfValues(known))};
  }

  /// The one shard that holds these values.
  int shardOf(byte[] partitionBytes) {
    return placement.shardOf(partitionBytes);
  }
}
