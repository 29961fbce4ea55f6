package io.trencadis.storage.encoding;

import java.util.Arrays;

/// Sets of a row's columns in 64 bits: one for each of the first 63, and one for all behind them.
public final class ColumnBits {
  /// All columns, and whatever else a row may be.
  public static final long ALL = -1;

  /// No column: whether there is a row, and no more.
  public static final long NONE = 0;

  private static final int LAST = Long.SIZE - 1;

  private ColumnBits() {}

  /// The set of one column.
  ///
  /// @param column from 0
  public static long of(int column) {
    return 1L << Math.min(column, LAST);
  }

  /// Whether two rows that [RowWriter] made have the same bytes in all columns of a set. A column
  /// that only one of them has is another one, whatever it stands for.
  ///
  /// @param a null for no row, as may be `b`
  public static boolean same(byte[] a, byte[] b, long columns) {
    if (a == null || b == null) {
      return a == b;
    }
    if (columns == ALL) {
      return Arrays.equals(a, b);
    }
    for (long left = columns & ~(1L << LAST); left != 0; left &= left - 1) {
      if (!same(a, b, Long.numberOfTrailingZeros(left))) {
        return false;
      }
    }
    if (columns < 0) {
      int width = Math.max(RowReader.columns(a), RowReader.columns(b));
      for (int column = LAST; column < width; column++) {
        if (!same(a, b, column)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean same(byte[] a, byte[] b, int column) {
    long inA = RowReader.locate(a, column);
    long inB = RowReader.locate(b, column);
    if (inA < 0 || inB < 0) {
      return inA == inB;
    }
    int atA = (int) (inA >> 32);
    int atB = (int) (inB >> 32);
    return Arrays.equals(a, atA, atA + (int) inA, b, atB, atB + (int) inB);
  }
}
