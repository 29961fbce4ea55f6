package io.trencadis.txn.simulator;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;

/// What is in a row: who wrote it, at which step (a later one of the same writer overwrites it),
/// for which schema version, and a number.
record Value(long writer, int step, int schema, long number) {
  static Value of(byte[] row) {
    if (row == null) {
      return null;
    }
    ByteReader in = new ByteReader(row);
    return new Value(in.getLong(), in.getInt(), in.getInt(), in.getLong());
  }

  byte[] bytes() {
    return new ByteWriter()
        .putLong(writer)
        .putInt(step)
        .putInt(schema)
        .putLong(number)
        .toByteArray();
  }
}
