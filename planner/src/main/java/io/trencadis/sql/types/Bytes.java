package io.trencadis.sql.types;

import io.trencadis.base.ByteWriter;

/// Integers in as few bytes as they need: big-endian two's complement, no byte at all for 0. The
/// length is stored elsewhere.
final class Bytes {
  private Bytes() {}

  static void putCompact(long value, ByteWriter out) {
    if (value == 0) {
      return;
    }
    int bytes = (64 - Long.numberOfLeadingZeros(value ^ (value >> 63))) / 8 + 1;
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
      out.putByte((int) (value >>> shift));
    }
  }

  static long compact(byte[] from, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    long value = from[offset];
    for (int i = 1; i < length; i++) {
      value = (value << 8) | (from[offset + i] & 0xff);
    }
    return value;
  }

  static int intAt(byte[] b, int at) {
    return (b[at] << 24)
        | ((b[at + 1] & 0xff) << 16)
        | ((b[at + 2] & 0xff) << 8)
        | (b[at + 3] & 0xff);
  }

  static long longAt(byte[] b, int at) {
    return ((long) intAt(b, at) << 32) | (intAt(b, at + 4) & 0xffff_ffffL);
  }
}
