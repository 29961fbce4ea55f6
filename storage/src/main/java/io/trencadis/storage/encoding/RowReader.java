package io.trencadis.storage.encoding;

/// Finds columns in the bytes that [RowWriter] made. Static, so that reading a column allocates
/// nothing.
public final class RowReader {
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
