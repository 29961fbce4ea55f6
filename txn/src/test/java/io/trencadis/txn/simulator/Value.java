package io.trencadis.txn.simulator;

import io.trencadis.base.ByteReader;
import io.trencadis.storage.encoding.ColumnBits;
import io.trencadis.storage.encoding.RowReader;
import io.trencadis.storage.encoding.RowWriter;

/// What is in a row: who wrote it, at which step (a later one of the same writer overwrites it),
/// for which schema version, and a number. And beside that another column, of which it is known who
/// wrote it.
record Value(long writer, int step, int schema, long number, long sideWriter) {
  /// Which columns of a row are looked at.
  enum Part {
    BOTH,
    MAIN,
    SIDE;

    /// As the transaction has to be told.
    long columns() {
      return switch (this) {
        case BOTH -> ColumnBits.ALL;
        case MAIN -> ColumnBits.of(0) | ColumnBits.of(1);
        case SIDE -> ColumnBits.of(0) | ColumnBits.of(2);
      };
    }
  }

  /// Both columns written at once.
  Value(long writer, int step, int schema, long number) {
    this(writer, step, schema, number, writer);
  }

  static Value of(byte[] row) {
    if (row == null) {
      return null;
    }
    ByteReader main = column(row, 1);
    return new Value(
        main.getLong(),
        main.getInt(),
        column(row, 0).getInt(),
        main.getLong(),
        column(row, 2).getLong());
  }

  private static ByteReader column(byte[] row, int column) {
    long place = RowReader.locate(row, column);
    return new ByteReader(
        java.util.Arrays.copyOfRange(row, (int) (place >> 32), (int) (place >> 32) + (int) place));
  }

  byte[] bytes() {
    RowWriter row = new RowWriter().begin();
    row.body().putInt(schema);
    row.endColumn();
    row.body().putLong(writer).putInt(step).putLong(number);
    row.endColumn();
    row.body().putLong(sideWriter);
    row.endColumn();
    return row.finish();
  }
}
