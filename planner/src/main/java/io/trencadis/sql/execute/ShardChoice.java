package io.trencadis.sql.execute;

import io.trencadis.sharding.Placement;
import io.trencadis.sharding.RangePlacement;
import io.trencadis.storage.Keys;

/// Which shards a scan has to ask: one, where all partition columns are equal to known values;
/// those of the ranges that overlap, where the first one is within bounds; else all of the
/// placement's. Immutable and thread-safe.
public final class ShardChoice {
  private final Placement placement;
  private final PartitionColumns columns;
  private final Eval[] values;
  private final Bounds bounds;
  private final int[] all;

  /// @param values of the partition columns, or null where they are not all known
  /// @param bounds of the first partition column, or null
  public ShardChoice(Placement placement, PartitionColumns columns, Eval[] values, Bounds bounds) {
    this.placement = placement;
    this.columns = columns;
    this.values = values;
    this.bounds = placement instanceof RangePlacement ? bounds : null;
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
    if (values == null && bounds != null) {
      Bounds.Values known = bounds.values(x);
      if (known == null) {
        return new int[0];
      }
      byte[] from = known.low() == null ? null : columns.bytesOfValues(known.low());
      byte[] to = known.high() == null ? null : Keys.prefixEnd(columns.bytesOfValues(known.high()));
      return placement.shardsOf(from, to);
    }
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
