package io.trencadis.sharding;

/// The whole relation on one shard.
public record SingleShard(int shard) implements Placement {
  @Override
  public int shardOf(byte[] bytes, int offset, int length) {
    return shard;
  }

  @Override
  public int[] shardsOf(byte[] from, byte[] to) {
    return shards();
  }

  @Override
  public int[] shards() {
    return new int[] {shard};
  }
}
