package io.trencadis.txn.message;

import io.trencadis.storage.encoding.ColumnBits;
import java.util.Arrays;

/// What a transaction has read at one shard: keys, and ranges `[from, to)`, of which a null end is
/// unbounded.
///
/// @param keyColumns for each key the columns of its row that were looked at ([ColumnBits]); keys
///   behind its end were looked at as a whole
/// @param froms starts of the ranges
/// @param tos ends of the ranges, as many
/// @param rangeColumns the same as for keys, for the rows of each range
public record ReadPart(
    byte[][] keys, long[] keyColumns, byte[][] froms, byte[][] tos, long[] rangeColumns) {
  private static final long[] WHOLE = {};

  /// Whole rows.
  public ReadPart(byte[][] keys, byte[][] froms, byte[][] tos) {
    this(keys, WHOLE, froms, tos, WHOLE);
  }

  /// The same with more keys, whose rows were looked at as a whole.
  public ReadPart and(byte[][] more) {
    byte[][] all = Arrays.copyOf(keys, keys.length + more.length);
    System.arraycopy(more, 0, all, keys.length, more.length);
    return new ReadPart(all, keyColumns, froms, tos, rangeColumns);
  }

  /// What was looked at of a key's row.
  public long columnsOfKey(int key) {
    return key < keyColumns.length ? keyColumns[key] : ColumnBits.ALL;
  }

  /// What was looked at of a range's rows.
  public long columnsOfRange(int range) {
    return range < rangeColumns.length ? rangeColumns[range] : ColumnBits.ALL;
  }

  /// How many bytes it has, roughly.
  public long bytes() {
    long bytes = (long) Long.BYTES * (keyColumns.length + rangeColumns.length);
    for (byte[][] list : new byte[][][] {keys, froms, tos}) {
      for (byte[] key : list) {
        bytes += Integer.BYTES + (key == null ? 0 : key.length);
      }
    }
    return bytes;
  }
}
