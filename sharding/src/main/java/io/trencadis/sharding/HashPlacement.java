package io.trencadis.sharding;

import io.trencadis.storage.Keys;
import java.util.Arrays;

/// 256 slots by the top eight bits of [Keys#hash64], each on a shard.
public final class HashPlacement implements Placement {
  public static final int SLOTS = 256;

  private final int[] slotToShard;
  private final int[] shards;

  /// @param slotToShard the shard of each of the [#SLOTS] slots
  public HashPlacement(int[] slotToShard) {
    if (slotToShard.length != SLOTS) {
      throw new IllegalArgumentException(slotToShard.length + " slots instead of " + SLOTS);
    }
    this.slotToShard = slotToShard.clone();
    this.shards = Arrays.stream(slotToShard).sorted().distinct().toArray();
  }

  /// Slots in consecutive runs of equal length, one run a partition; partitions go round the
  /// shards.
  ///
  /// @param partitions from 1 to [#SLOTS]
  /// @param shardCount the cluster's
  /// @param firstShard where the first partition goes, so that small tables do not all sit on shard
  ///   0
  public static HashPlacement evenly(int partitions, int shardCount, int firstShard) {
    if (partitions < 1 || partitions > SLOTS) {
      throw new IllegalArgumentException(
          "between 1 and " + SLOTS + " hash partitions, not " + partitions);
    }
    int[] slotToShard = new int[SLOTS];
    Arrays.setAll(slotToShard, slot -> (firstShard + slot * partitions / SLOTS) % shardCount);
    return new HashPlacement(slotToShard);
  }

  /// The slot of a row.
  public static int slotOf(byte[] bytes, int offset, int length) {
    return (int) (Keys.hash64(bytes, offset, length) >>> 56);
  }

  /// The shard of a slot.
  public int shardOfSlot(int slot) {
    return slotToShard[slot];
  }

  @Override
  public int shardOf(byte[] bytes, int offset, int length) {
    return slotToShard[slotOf(bytes, offset, length)];
  }

  /// Equal values are one slot; a range of them may be anywhere.
  @Override
  public int[] shardsOf(byte[] from, byte[] to) {
    return shards();
  }

  @Override
  public int[] shards() {
    return shards.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HashPlacement that && Arrays.equals(slotToShard, that.slotToShard);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(slotToShard);
  }

  @Override
  public String toString() {
    return "hash over shards " + Arrays.toString(shards);
  }
}
