package io.trencadis.sql.execute;

import io.trencadis.sharding.HashPlacement;
import io.trencadis.sharding.Placement;
import io.trencadis.sharding.RangePlacement;
import io.trencadis.sharding.ReplicatedPlacement;
import io.trencadis.sharding.SingleShard;
import io.trencadis.sql.catalog.PlacementDescriptor;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Makes placements out of their descriptors.
final class PlacementFactory {
  private PlacementFactory() {}

  /// Null for null: views and partitioned tables have no rows of their own.
  static Placement of(PlacementDescriptor descriptor) {
    return switch (descriptor) {
      case null -> null;
      case PlacementDescriptor.Hash hash -> new HashPlacement(slots(hash.bucketShards()));
      case PlacementDescriptor.Range range -> {
        List<byte[]> splits = new ArrayList<>();
        for (String split : range.splits()) {
          splits.add(HexFormat.of().parseHex(split));
        }
        yield new RangePlacement(splits.toArray(new byte[0][]), ints(range.shards()));
      }
      case PlacementDescriptor.Single single -> new SingleShard(single.shard());
      case PlacementDescriptor.Replicated all -> new ReplicatedPlacement(all.home(), all.shards());
    };
  }

  /// The shard of each slot: slots go to the partitions in consecutive runs of equal length.
  private static int[] slots(List<Integer> partitionShards) {
    int[] slots = new int[HashPlacement.SLOTS];
    for (int slot = 0; slot < slots.length; slot++) {
      slots[slot] = partitionShards.get(slot * partitionShards.size() / slots.length);
    }
    return slots;
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }
}
