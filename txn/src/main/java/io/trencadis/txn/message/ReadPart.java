package io.trencadis.txn.message;

/// What a transaction has read at one shard: keys, and ranges `[from, to)`, of which a null end is
/// unbounded.
///
/// @param froms starts of the ranges
/// @param tos ends of the ranges, as many
public record ReadPart(byte[][] keys, byte[][] froms, byte[][] tos) {
  /// How many bytes it has, roughly.
  public long bytes() {
    long bytes = 0;
    for (byte[][] list : new byte[][][] {keys, froms, tos}) {
      for (byte[] key : list) {
        bytes += Integer.BYTES + (key == null ? 0 : key.length);
      }
    }
    return bytes;
  }
}
