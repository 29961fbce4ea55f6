package io.trencadis.sharding;

import io.trencadis.storage.Keys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Ordered split points between ranges, each on a shard. A row at a split point belongs above it.
public final class RangePlacement implements Placement {
  /// A consecutive part of the relation; null bounds are open.
  public record Piece(int shard, byte[] from, byte[] to) {}

  private final byte[][] splits;
  private final int[] rangeToShard;

  /// @param splits encoded partition columns, ascending, distinct
  /// @param rangeToShard the shard of each range: one more than there are splits
  public RangePlacement(byte[][] splits, int[] rangeToShard) {
    if (rangeToShard.length != splits.length + 1) {
      throw new IllegalArgumentException(
          rangeToShard.length + " ranges between " + splits.length + " split points");
    }
    for (int i = 1; i < splits.length; i++) {
      if (Keys.compare(splits[i - 1], splits[i]) >= 0) {
        throw new IllegalArgumentException("split point " + i + " is not above the one before");
      }
    }
    this.splits = splits.clone();
    this.rangeToShard = rangeToShard.clone();
  }

  /// How many of the splits lie at or below the key: the number of its range.
  private int rangeOf(byte[] bytes, int offset, int length) {
    int low = 0;
    int high = splits.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(
              splits[middle], 0, splits[middle].length, bytes, offset, offset + length)
          <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public int shardOf(byte[] bytes, int offset, int length) {
    return rangeToShard[rangeOf(bytes, offset, length)];
  }

  /// The pieces that overlap `[from, to)`, in key order, cut to it: an ordered scan takes them one
  /// after another.
  public List<Piece> pieces(byte[] from, byte[] to) {
    List<Piece> pieces = new ArrayList<>();
    int range = from == null ? 0 : rangeOf(from, 0, from.length);
    for (; range < rangeToShard.length; range++) {
      byte[] low = range == 0 ? null : splits[range - 1];
      byte[] high = range == splits.length ? null : splits[range];
      if (to != null && low != null && Keys.compare(low, to) >= 0) {
        break;
      }
      byte[] start = low == null || (from != null && Keys.compare(from, low) > 0) ? from : low;
      byte[] end = high == null || (to != null && Keys.compare(to, high) < 0) ? to : high;
      pieces.add(new Piece(rangeToShard[range], start, end));
    }
    return pieces;
  }

  @Override
  public int[] shardsOf(byte[] from, byte[] to) {
    return pieces(from, to).stream().mapToInt(Piece::shard).sorted().distinct().toArray();
  }

  @Override
  public int[] shards() {
    return Arrays.stream(rangeToShard).sorted().distinct().toArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RangePlacement that
        && Arrays.deepEquals(splits, that.splits)
        && Arrays.equals(rangeToShard, that.rangeToShard);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.deepHashCode(splits) + Arrays.hashCode(rangeToShard);
  }

  @Override
  public String toString() {
    return splits.length + 1 + " ranges over shards " + Arrays.toString(shards());
  }
}
