package io.trencadis.txn.cluster;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;

/// What is in a row: who wrote it, and with which of its writes.
record Row(long writer, int step) {
  static Row of(byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    ByteReader in = new ByteReader(bytes);
    return new Row(in.getLong(), in.getInt());
  }

  byte[] bytes() {
    return new ByteWriter().putLong(writer).putInt(step).toByteArray();
  }
}
