package io.trencadis.sql.execute;

import io.trencadis.sql.types.TypeCodec;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.Arrays;

/// Turns some columns of a row into key bytes. Immutable and thread-safe.
public final class KeyCodec {
  private final int relationId;
  private final int[] columns;
  private final TypeCodec[] codecs;
  private final boolean[] descending;
  private final boolean[] nullsFirst;

  /// @param columns places of the key's columns in a row of live columns
  public KeyCodec(
      int relationId,
      int[] columns,
      TypeCodec[] codecs,
      boolean[] descending,
      boolean[] nullsFirst) {
    this.relationId = relationId;
    this.columns = columns;
    this.codecs = codecs;
    this.descending = descending;
    this.nullsFirst = nullsFirst;
  }

  public int width() {
    return columns.length;
  }

  public int[] columns() {
    return columns;
  }

  public boolean descending(int part) {
    return descending[part];
  }

  public boolean nullsFirst(int part) {
    return nullsFirst[part];
  }

  public TypeCodec codec(int part) {
    return codecs[part];
  }

  KeyWriter begin() {
    return new KeyWriter().relation(relationId);
  }

  void put(KeyWriter out, int part, Object value) {
    if (value == null) {
      out.nullColumn(nullsFirst[part]);
    } else {
      codecs[part].encodeKey(value, out.beginColumn());
      out.endColumn(descending[part]);
    }
  }

  /// The key of a row of live columns.
  byte[] keyOf(Object[] row) {
    return keyOf(row, new KeyWriter());
  }

  /// @param out what to begin with; nothing
  byte[] keyOf(Object[] row, KeyWriter out) {
    out.relation(relationId);
    for (int i = 0; i < columns.length; i++) {
      put(out, i, row[columns[i]]);
    }
    return out.toByteArray();
  }

  boolean hasNull(Object[] row) {
    for (int column : columns) {
      if (row[column] == null) {
        return true;
      }
    }
    return false;
  }

  /// The key bytes' first value after all that begin with `prefix`.
  static byte[] successor(byte[] prefix) {
    byte[] next = prefix.clone();
    for (int i = next.length - 1; i >= 0; i--) {
      if (next[i] != (byte) 0xff) {
        next[i]++;
        return Arrays.copyOf(next, i + 1);
      }
    }
    throw new IllegalArgumentException("no key comes after " + Arrays.toString(prefix));
  }
}
