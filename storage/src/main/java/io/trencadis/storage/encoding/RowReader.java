package io.trencadis.storage.encoding;

/// Finds columns in the bytes that [RowWriter] made. Static, so that reading a column allocates
/// nothing.
public final class RowReader {
  /// Of a null column, see [#locate].
  public static final long NULL = -1;

  /// Of a column that was added to the table later, see [#locate].
  public static final long ABSENT = -2;

  private RowReader() {}

  /// How many columns a row was written with.
  static int columns(byte[] row) {
    return half(row, 1);
  }

  /// The column's place in `row`: its offset in the upper half, its length in the lower one;
  /// [#NULL] or [#ABSENT] where it has none.
  public static long locate(byte[] row, int column) {
    return locate(row, 0, column);
  }

  /// As the other one, of a row that begins at `start` of an array.
  public static long locate(byte[] bytes, int start, int column) {
    int columns = half(bytes, start + 1);
    if (column >= columns) {
      return ABSENT;
    }
    int nulls = start + RowWriter.HEADER_BYTES;
    if ((bytes[nulls + (column >> 3)] & 1 << (column & 7)) != 0) {
      return NULL;
    }
    int ends = nulls + (columns + 7 >> 3);
    if ((bytes[start] & RowWriter.FLAG_WIDE) != 0) {
      int at = ends + column * 4;
      int from = column == 0 ? 0 : whole(bytes, at - 4);
      return (long) (ends + columns * 4 + from) << 32 | whole(bytes, at) - from;
    }
    int at = ends + column * 2;
    int from = column == 0 ? 0 : half(bytes, at - 2);
    return (long) (ends + columns * 2 + from) << 32 | half(bytes, at) - from;
  }

  private static int half(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  private static int whole(byte[] bytes, int at) {
    return half(bytes, at) << 16 | half(bytes, at + 2);
  }
}
