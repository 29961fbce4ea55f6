package io.trencadis.sql.execute;

import io.trencadis.storage.encoding.KeyWriter;

/// Which keys of a relation to read: some leading columns equal to values, and the next one within
/// bounds. The values are expressions without columns, computed when the scan starts. Immutable and
/// thread-safe.
///
/// @param equal values of the leading key columns
/// @param lower lower bound of the next column, or null
/// @param upper upper bound of the next column, or null
public record KeyRange(
    Eval[] equal, Eval lower, boolean lowerInclusive, Eval upper, boolean upperInclusive) {
  /// All keys.
  public static final KeyRange ALL = new KeyRange(new Eval[0], null, false, null, false);

  /// Bytes to read from (inclusive) and to (exclusive).
  record Bytes(byte[] from, byte[] to) {}

  /// @return null where nothing can match, because a value is null
  Bytes bytes(KeyCodec key, Execution x) {
    KeyWriter out = key.begin();
    for (int i = 0; i < equal.length; i++) {
      Object value = equal[i].eval(RowNodes.NO_COLUMNS, x);
      if (value == null) {
        return null;
      }
      key.put(out, i, value);
    }
    byte[] prefix = out.toByteArray();
    if (lower == null && upper == null) {
      return new Bytes(prefix, KeyCodec.successor(prefix));
    }
    int part = equal.length;
    Object low = lower == null ? null : lower.eval(RowNodes.NO_COLUMNS, x);
    Object high = upper == null ? null : upper.eval(RowNodes.NO_COLUMNS, x);
    if ((lower != null && low == null) || (upper != null && high == null)) {
      return null;
    }
    // A column that sorts downwards has its bounds the other way round. Nulls match no bound: the
    // tags around
    // the values' leave them out.
    boolean down = key.descending(part);
    Object first = down ? high : low;
    Object last = down ? low : high;
    boolean firstInclusive = down ? upperInclusive : lowerInclusive;
    boolean lastInclusive = down ? lowerInclusive : upperInclusive;
    byte[] from =
        first == null ? withTag(prefix, 2) : edge(key, prefix, part, first, !firstInclusive);
    byte[] to = last == null ? withTag(prefix, 3) : edge(key, prefix, part, last, lastInclusive);
    return new Bytes(from, to);
  }

  private static byte[] withTag(byte[] prefix, int tag) {
    byte[] out = java.util.Arrays.copyOf(prefix, prefix.length + 1);
    out[prefix.length] = (byte) tag;
    return out;
  }

  private static byte[] edge(KeyCodec key, byte[] prefix, int part, Object value, boolean after) {
    KeyWriter out = new KeyWriter().putRaw(prefix);
    key.put(out, part, value);
    byte[] edge = out.toByteArray();
    return after ? KeyCodec.successor(edge) : edge;
  }
}
