package io.trencadis.sql.ddl;

import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.IntStream;

/// In which shards new partitions lie: in turn, where all are about equally large, and else where
/// least is. Static functions; thread-safe.
final class ShardChoice {
  /// Shards whose sizes differ by less are equally large; and for so much counts a partition of the
  /// same table, which may have no rows yet.
  private static final long STEP_BYTES = 64 << 20;

  private ShardChoice() {}

  /// For one more partition of a table.
  ///
  /// @param bytes how large each shard is
  /// @param siblings the partitions that the table has
  static int forPartition(long[] bytes, int parentOid, Collection<TableDescriptor> siblings) {
    long[] expected = bytes.clone();
    for (TableDescriptor sibling : siblings) {
      if (sibling.placement() instanceof PlacementDescriptor.Single(int shard)) {
        expected[shard] += STEP_BYTES;
      }
    }
    int turn = Math.floorMod(parentOid + siblings.size(), bytes.length);
    return IntStream.range(0, bytes.length)
        .map(step -> (turn + step) % bytes.length)
        .boxed()
        .min(Comparator.comparing(shard -> expected[shard] / STEP_BYTES))
        .orElseThrow();
  }

  /// All shards, for ranges that are given them in turn: those with least first.
  ///
  /// @param bytes how large each shard is
  static int[] inOrder(long[] bytes) {
    return IntStream.range(0, bytes.length)
        .boxed()
        .sorted(Comparator.comparing(shard -> bytes[shard] / STEP_BYTES))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
