package io.trencadis.sql.execute;

import io.trencadis.storage.encoding.KeyWriter;

/// Which keys of a relation to read: some leading columns equal to values, and the next ones within
/// bounds, which compare column by column. The values are expressions without columns, computed
/// when the scan starts. Immutable and thread-safe.
///
/// @param equal values of the leading key columns
/// @param lower lower bound of the next columns, which all sort the same way, or null
/// @param upper upper bound of the next columns, which all sort the same way, or null
public record KeyRange(
    Eval[] equal, Eval[] lower, boolean lowerInclusive, Eval[] upper, boolean upperInclusive) {
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
    Object[] low = values(lower, x);
    Object[] high = values(upper, x);
    if ((low != null && low.length == 0) || (high != null && high.length == 0)) {
      return null;
    }
    // Columns that sort downwards have their bounds the other way round. Nulls match no bound: the
    // tags around the values' leave them out.
    boolean down = key.descending(part);
    Object[] first = down ? high : low;
    Object[] last = down ? low : high;
    // Where a value is null, those before it decide, and what is equal in them is checked again.
    boolean firstInclusive =
        (down ? upperInclusive : lowerInclusive) || isCut(first, down ? upper : lower);
    boolean lastInclusive =
        (down ? lowerInclusive : upperInclusive) || isCut(last, down ? lower : upper);
    byte[] from =
        first == null ? withTag(prefix, 2) : edge(key, prefix, part, first, !firstInclusive);
    byte[] to = last == null ? withTag(prefix, 3) : edge(key, prefix, part, last, lastInclusive);
    return new Bytes(from, to);
  }

  /// The values of a bound as far as they are not null; null for no bound.
  private static Object[] values(Eval[] bound, Execution x) {
    if (bound == null) {
      return null;
    }
    Object[] values = new Object[bound.length];
    for (int i = 0; i < bound.length; i++) {
      values[i] = bound[i].eval(RowNodes.NO_COLUMNS, x);
      if (values[i] == null) {
        return java.util.Arrays.copyOf(values, i);
      }
    }
    return values;
  }

  private static boolean isCut(Object[] values, Eval[] bound) {
    return values != null && values.length < bound.length;
  }

  private static byte[] withTag(byte[] prefix, int tag) {
    byte[] out = java.util.Arrays.copyOf(prefix, prefix.length + 1);
    out[prefix.length] = (byte) tag;
    return out;
  }

  private static byte[] edge(
      KeyCodec key, byte[] prefix, int part, Object[] values, boolean after) {
    KeyWriter out = new KeyWriter().putRaw(prefix);
    for (int i = 0; i < values.length; i++) {
      key.put(out, part + i, values[i]);
    }
    byte[] edge = out.toByteArray();
    return after ? KeyCodec.successor(edge) : edge;
  }
}
