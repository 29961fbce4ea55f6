package io.trencadis.storage.encoding;

import io.trencadis.base.ByteWriter;
import java.nio.charset.StandardCharsets;

/// Reads back what [KeyWriter] wrote, column by column, in the same order and with the same
/// directions. Malformed keys throw `IndexOutOfBoundsException` or `IllegalStateException`. Not
/// thread-safe.
public final class KeyReader {
  private final byte[] key;
  private int position;
  private int mask;

  public KeyReader(byte[] key) {
    this.key = key;
  }

  /// The relation id that every key starts with.
  public int relation() {
    mask = 0;
    return rawInt();
  }

  public boolean hasMore() {
    return position < key.length;
  }

  /// Starts a column.
  ///
  /// @param descending whether the column was written in descending order
  /// @return whether a value follows; false for null
  public boolean beginColumn(boolean descending) {
    int tag = key[position++];
    if (tag < KeyWriter.NULL_FIRST || tag > KeyWriter.NULL_LAST) {
      throw new IllegalStateException("key column tag " + tag + " at offset " + (position - 1));
    }
    mask = descending ? 0xff : 0;
    return tag == KeyWriter.VALUE;
  }

  private int next() {
    return (key[position++] ^ mask) & 0xff;
  }

  private int rawInt() {
    return (next() << 24) | (next() << 16) | (next() << 8) | next();
  }

  public boolean getBoolean() {
    return next() != 0;
  }

  public int getInt() {
    return rawInt() ^ Integer.MIN_VALUE;
  }

  public long getLong() {
    return (((long) rawInt() << 32) | (rawInt() & 0xffff_ffffL)) ^ Long.MIN_VALUE;
  }

  public double getDouble() {
    long bits = getLong() ^ Long.MIN_VALUE;
    return Double.longBitsToDouble(bits < 0 ? bits ^ Long.MIN_VALUE : ~bits);
  }

  public byte[] getBytes() {
    ByteWriter out = new ByteWriter();
    while (true) {
      int b = next();
      if (b == 0) {
        int escape = next();
        if (escape == 1) {
          return out.toByteArray();
        }
        if (escape != 0xff) {
          throw new IllegalStateException("key escape " + escape + " at offset " + (position - 1));
        }
      }
      out.putByte(b);
    }
  }

  public String getText() {
    return new String(getBytes(), StandardCharsets.UTF_8);
  }

  /// The next byte of a raw body, complement undone.
  public int getRawByte() {
    return next();
  }
}
