package io.trencadis.sql.execute;

import io.trencadis.sharding.HashPlacement;
import io.trencadis.sharding.Placement;
import io.trencadis.sharding.RangePlacement;
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
      case PlacementDescriptor.Hash hash -> new HashPlacement(ints(hash.bucketShards()));
      case PlacementDescriptor.Range range -> {
        List<byte[]> splits = new ArrayList<>();
        for (String split : range.splits()) {
          splits.add(HexFormat.of().parseHex(split));
        }
        yield new RangePlacement(splits, ints(range.shards()));
      }
      case PlacementDescriptor.Single single -> new SingleShard(single.shard());
    };
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }
}
