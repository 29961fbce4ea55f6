package io.trencadis.storage.encoding;

import io.trencadis.base.ByteWriter;
import java.nio.charset.StandardCharsets;

/// Appends key columns so that unsigned byte order equals PostgreSQL's order of the values.
///
/// Each column is one tag byte and its body. The tag puts nulls where the index wants them: `0x01`
/// null first, `0x02` a value, `0x03` null last. A descending column's body (not its tag) is
/// complemented; the caller says where its nulls go. Bodies:
/// - booleans: one byte
/// - integers: big-endian, sign bit flipped
/// - floats: IEEE bits, sign bit flipped if positive and all bits if negative; NaN sorts last, -0
///   is 0
/// - byte strings: `0x00` becomes `0x00 0xff`, terminated by `0x00 0x01`
///
/// Not thread-safe; reusable after [#reset].
public final class KeyWriter {
  static final int NULL_FIRST = 1;
  static final int VALUE = 2;
  static final int NULL_LAST = 3;

  private final ByteWriter out;
  private int bodyStart = -1;

  public KeyWriter() {
    this(new ByteWriter(64));
  }

  public KeyWriter(ByteWriter out) {
    this.out = out;
  }

  public KeyWriter reset() {
    out.reset();
    return this;
  }

  /// The relation that the key belongs to: the first four bytes of every key, unsigned order.
  public KeyWriter relation(int relationId) {
    out.putInt(relationId);
    return this;
  }

  /// A null column.
  public KeyWriter nullColumn(boolean nullsFirst) {
    out.putByte(nullsFirst ? NULL_FIRST : NULL_LAST);
    return this;
  }

  /// Starts a non-null column; its body follows by one or more put calls, then [#endColumn].
  public KeyWriter beginColumn() {
    out.putByte(VALUE);
    bodyStart = out.length();
    return this;
  }

  /// Ends a non-null column, and complements its body if it sorts in descending order.
  public KeyWriter endColumn(boolean descending) {
    if (descending) {
      byte[] bytes = out.array();
      for (int i = bodyStart; i < out.length(); i++) {
        bytes[i] = (byte) ~bytes[i];
      }
    }
    return this;
  }

  public KeyWriter putBoolean(boolean value) {
    out.putByte(value ? 1 : 0);
    return this;
  }

  public KeyWriter putInt(int value) {
    out.putInt(value ^ Integer.MIN_VALUE);
    return this;
  }

  public KeyWriter putLong(long value) {
    out.putLong(value ^ Long.MIN_VALUE);
    return this;
  }

  public KeyWriter putDouble(double value) {
    long bits = Double.doubleToLongBits(value == 0 ? 0.0 : value);
    out.putLong(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
    return this;
  }

  /// A byte string, escaped and terminated, so that a prefix sorts before what it begins.
  public KeyWriter putBytes(byte[] value) {
    for (byte b : value) {
      out.putByte(b);
      if (b == 0) {
        out.putByte(0xff);
      }
    }
    out.putByte(0).putByte(1);
    return this;
  }

  /// The string's UTF-8 bytes: code point order, which is the order of collation `C`.
  public KeyWriter putText(String value) {
    return putBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /// Bytes that already sort and end themselves; copied as they are.
  public KeyWriter putRaw(byte[] value) {
    out.putBytes(value);
    return this;
  }

  public int length() {
    return out.length();
  }

  public byte[] toByteArray() {
    return out.toByteArray();
  }
}
