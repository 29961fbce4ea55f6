package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.UUID;

/// `uuid`, ordered by unsigned bytes, which `UUID.compareTo` does not do.
final class UuidCodec extends TypeCodec {
  /// Accepts upper case, braces around it all, and hyphens after any group of four digits.
  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    int at = 0;
    int end = text.length();
    boolean braces = at < end && text.charAt(at) == '{';
    if (braces) {
      at++;
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < 32; i++) {
      int digit = at < end && text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0) {
        throw invalidInput("uuid", text);
      }
      at++;
      if (i < 16) {
        high = (high << 4) | digit;
      } else {
        low = (low << 4) | digit;
      }
      if (i % 4 == 3 && i < 31 && at < end && text.charAt(at) == '-') {
        at++;
      }
    }
    if (braces && (at >= end || text.charAt(at++) != '}')) {
      throw invalidInput("uuid", text);
    }
    if (at != end) {
      throw invalidInput("uuid", text);
    }
    return new UUID(high, low);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return value.toString();
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(16, length);
    return new UUID(in.getLong(), in.getLong());
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    UUID uuid = (UUID) value;
    out.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
  }

  @Override
  public int compare(Object a, Object b) {
    UUID x = (UUID) a;
    UUID y = (UUID) b;
    int high = Long.compareUnsigned(x.getMostSignificantBits(), y.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(x.getLeastSignificantBits(), y.getLeastSignificantBits());
  }

  @Override
  public long hash(Object value) {
    UUID uuid = (UUID) value;
    return mix(uuid.getMostSignificantBits() * 31 + uuid.getLeastSignificantBits());
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    UUID uuid = (UUID) value;
    out.putLong(uuid.getMostSignificantBits() ^ Long.MIN_VALUE);
    out.putLong(uuid.getLeastSignificantBits() ^ Long.MIN_VALUE);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return new UUID(in.getLong() ^ Long.MIN_VALUE, in.getLong() ^ Long.MIN_VALUE);
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    writeBinary(value, out);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return new UUID(Bytes.longAt(row, offset), Bytes.longAt(row, offset + 8));
  }
}
