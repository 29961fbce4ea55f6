package io.trencadis.storage.encoding;

import io.trencadis.base.ByteWriter;

/// Builds a row's bytes. Layout:
/// - byte: flags; bit 0 says that offsets are four bytes wide instead of two
/// - uint16: number of columns
/// - null bitmap, one bit a column, bit set means null, least significant bit first
/// - for each column the end of its body, counted from the first body byte
/// - the bodies, one after another
///
/// A row with fewer columns than its table was written before the others were added. Not
/// thread-safe; reusable: [#begin] starts the next row.
public final class RowWriter {
  static final int FLAG_WIDE = 1;
  static final int HEADER_BYTES = 3;

  private final ByteWriter body = new ByteWriter(256);
  private int[] ends = new int[16];
  private boolean[] nulls = new boolean[16];
  private int columns;

  /// Starts a row; columns follow in order, each a [#nullColumn] or bytes put into [#body] and an
  /// [#endColumn].
  public RowWriter begin() {
    body.reset();
    columns = 0;
    return this;
  }

  /// Where the current column's bytes go.
  public ByteWriter body() {
    return body;
  }

  public void nullColumn() {
    end(true);
  }

  public void endColumn() {
    end(false);
  }

  private void end(boolean isNull) {
    if (columns == ends.length) {
      ends = java.util.Arrays.copyOf(ends, columns * 2);
      nulls = java.util.Arrays.copyOf(nulls, columns * 2);
    }
    ends[columns] = body.length();
    nulls[columns] = isNull;
    columns++;
  }

  /// The finished row.
  public byte[] finish() {
    boolean wide = body.length() > 0xffff;
    int bitmap = (columns + 7) / 8;
    int offsets = HEADER_BYTES + bitmap;
    int bodyStart = offsets + columns * (wide ? 4 : 2);
    byte[] row = new byte[bodyStart + body.length()];
    row[0] = (byte) (wide ? FLAG_WIDE : 0);
    row[1] = (byte) (columns >>> 8);
    row[2] = (byte) columns;
    int at = offsets;
    for (int i = 0; i < columns; i++) {
      if (nulls[i]) {
        row[HEADER_BYTES + (i >> 3)] |= (byte) (1 << (i & 7));
      }
      if (wide) {
        row[at++] = (byte) (ends[i] >>> 24);
        row[at++] = (byte) (ends[i] >>> 16);
      }
      row[at++] = (byte) (ends[i] >>> 8);
      row[at++] = (byte) ends[i];
    }
    System.arraycopy(body.array(), 0, row, bodyStart, body.length());
    return row;
  }
}
