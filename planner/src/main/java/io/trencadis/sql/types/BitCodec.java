package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;

/// `bit` and `bit varying`.
final class BitCodec extends TypeCodec {
  private final boolean varying;

  BitCodec(boolean varying) {
    this.varying = varying;
  }

  /// Binary digits, after an optional `b`, or hexadecimal ones after an `x`.
  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    char kind = text.isEmpty() ? '1' : Character.toLowerCase(text.charAt(0));
    boolean hex = kind == 'x';
    int from = hex || kind == 'b' ? 1 : 0;
    int width = hex ? 4 : 1;
    byte[] bytes = new byte[((text.length() - from) * width + 7) / 8];
    int at = 0;
    for (int i = from; i < text.length(); at += width) {
      int c = text.codePointAt(i);
      int digit = c < 0x80 ? Character.digit(c, hex ? 16 : 2) : -1;
      if (digit < 0) {
        throw new SqlException(
            SqlState.INVALID_TEXT_REPRESENTATION,
            "\""
                + Character.toString(c)
                + "\" is not a valid "
                + (hex ? "hexadecimal" : "binary")
                + " digit");
      }
      bytes[at >> 3] |= (byte) (digit << (8 - width - (at & 7)));
      i += Character.charCount(c);
    }
    return coerceTypmod(BitString.of(bytes, at), typmod, false);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return value.toString();
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    if (length < 4) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message");
    }
    int bits = in.getInt();
    if (bits < 0) {
      throw new SqlException(
          SqlState.INVALID_BINARY_REPRESENTATION, "invalid length in external bit string");
    }
    requireLength((int) (((long) bits + 7) / 8), length - 4);
    return BitString.of(in.getBytes(length - 4), bits);
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    BitString bits = (BitString) value;
    out.putInt(bits.length()).putBytes(bits.bytes());
  }

  @Override
  public int compare(Object a, Object b) {
    return ((BitString) a).compare((BitString) b);
  }

  @Override
  public long hash(Object value) {
    return mix(value.hashCode());
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    BitString bits = (BitString) value;
    out.putBytes(bits.bytes()).putInt(bits.length());
  }

  @Override
  public Object decodeKey(KeyReader in) {
    byte[] bytes = in.getBytes();
    return BitString.of(bytes, in.getInt());
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    writeBinary(value, out);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return BitString.of(
        java.util.Arrays.copyOfRange(row, offset + 4, offset + length), Bytes.intAt(row, offset));
  }

  @Override
  public Object coerceTypmod(Object value, int typmod, boolean explicit) {
    BitString bits = (BitString) value;
    if (typmod < 0 || bits.length() == typmod || varying && bits.length() < typmod) {
      return bits;
    }
    if (explicit) {
      return bits.resized(typmod);
    }
    throw varying
        ? new SqlException(
            SqlState.STRING_DATA_RIGHT_TRUNCATION,
            "bit string too long for type bit varying(" + typmod + ")")
        : new SqlException(
            SqlState.STRING_DATA_LENGTH_MISMATCH,
            "bit string length " + bits.length() + " does not match type bit(" + typmod + ")");
  }
}
