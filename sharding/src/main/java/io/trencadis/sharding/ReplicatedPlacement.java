package io.trencadis.sharding;

import java.util.stream.IntStream;

/// The whole relation on one shard, its home, with a copy of every row in each other shard. Rows
/// are locked, and read by whoever reads just them, at home; the copies are for those who join them
/// with rows of their shard.
///
/// @param home the shard whose rows count
/// @param shardCount the cluster's
public record ReplicatedPlacement(int home, int shardCount) implements Placement {
  public ReplicatedPlacement {
    if (home < 0 || home >= shardCount) {
      throw new IllegalArgumentException("shard " + home + " of " + shardCount);
    }
  }

  @Override
  public int shardOf(byte[] bytes, int offset, int length) {
    return home;
  }

  @Override
  public int[] shardsOf(byte[] from, byte[] to) {
    return shards();
  }

  @Override
  public int[] shards() {
    return new int[] {home};
  }

  @Override
  public int[] holders() {
    return IntStream.range(0, shardCount).toArray();
  }

  @Override
  public int[] copies() {
    return IntStream.range(0, shardCount).filter(shard -> shard != home).toArray();
  }
}
