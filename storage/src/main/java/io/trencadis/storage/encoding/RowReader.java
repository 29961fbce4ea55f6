package io.trencadis.storage.encoding;

/// Finds columns in the bytes that [RowWriter] made. Static, so that reading a column allocates
/// nothing.
public final class RowReader {
  /// Of a null column, see [#locate].
  public static final long NULL = -1;

  /// Of a column that was added to the table later, see [#locate].
  public static final long ABSENT = -2;

  private RowReader() {}

  /// Columns that were written; later ones of the table are absent, and have their default.
  public static int columnCount(byte[] row) {
    return ((row[1] & 0xff) << 8) | (row[2] & 0xff);
  }

  /// Whether a column that was written is null.
  public static boolean isNull(byte[] row, int column) {
    return (row[RowWriter.HEADER_BYTES + (column >> 3)] & (1 << (column & 7))) != 0;
  }

  /// Offset of the column's first body byte in `row`.
  public static int start(byte[] row, int column) {
    return bodyStart(row) + (column == 0 ? 0 : endOffset(row, column - 1));
  }

  /// Offset of the byte after the column's body in `row`.
  public static int end(byte[] row, int column) {
    return bodyStart(row) + endOffset(row, column);
  }

  /// The column's place in `row`: its offset in the upper half, its length in the lower one;
  /// [#NULL] or [#ABSENT] where it has none. The same as the others at once.
  public static long locate(byte[] row, int column) {
    int columns = columnCount(row);
    if (column >= columns) {
      return ABSENT;
    }
    if (isNull(row, column)) {
      return NULL;
    }
    int ends = RowWriter.HEADER_BYTES + (columns + 7 >> 3);
    if (wide(row)) {
      int start = start(row, column);
      return (long) start << 32 | end(row, column) - start;
    }
    int at = ends + column * 2;
    int from = column == 0 ? 0 : (row[at - 2] & 0xff) << 8 | row[at - 1] & 0xff;
    int to = (row[at] & 0xff) << 8 | row[at + 1] & 0xff;
    return (long) (ends + columns * 2 + from) << 32 | to - from;
  }

  private static boolean wide(byte[] row) {
    return (row[0] & RowWriter.FLAG_WIDE) != 0;
  }

  private static int bodyStart(byte[] row) {
    int columns = columnCount(row);
    return RowWriter.HEADER_BYTES + (columns + 7) / 8 + columns * (wide(row) ? 4 : 2);
  }

  private static int endOffset(byte[] row, int column) {
    int columns = columnCount(row);
    int at = RowWriter.HEADER_BYTES + (columns + 7) / 8 + column * (wide(row) ? 4 : 2);
    int high = 0;
    if (wide(row)) {
      high = ((row[at] & 0xff) << 24) | ((row[at + 1] & 0xff) << 16);
      at += 2;
    }
    return high | ((row[at] & 0xff) << 8) | (row[at + 1] & 0xff);
  }
}
