package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `tid`: 32 bits of a block's number above 16 bits of a place in it, in a long.
final class TidCodec extends TypeCodec {
  private static final Pattern TEXT = Pattern.compile("\\s*\\(\\s*(-?\\d+),\\s*(\\d+)\\s*\\).*");

  @Override
  public Object parse(String input, int typmod, TypeContext cx) {
    Matcher parts = TEXT.matcher(input);
    if (!parts.matches() || parts.group(1).length() > 11 || parts.group(2).length() > 10) {
      throw invalidInput("tid", input);
    }
    long block = Long.parseLong(parts.group(1));
    long place = Long.parseLong(parts.group(2));
    if (block > 0xffff_ffffL || block < Integer.MIN_VALUE || place > 0xffff) {
      throw invalidInput("tid", input);
    }
    return (block & 0xffff_ffffL) << 16 | place;
  }

  @Override
  public String format(Object value, TypeContext cx) {
    long bits = (Long) value;
    return "(" + (bits >>> 16) + "," + (bits & 0xffff) + ")";
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(6, length);
    long value = 0;
    for (int i = 0; i < 6; i++) {
      value = value << 8 | in.getByte() & 0xff;
    }
    return value;
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    for (int i = 5; i >= 0; i--) {
      out.putByte((int) ((Long) value >>> (8 * i)));
    }
  }

  @Override
  public int compare(Object a, Object b) {
    return Long.compare((Long) a, (Long) b);
  }

  @Override
  public long hash(Object value) {
    return mix((Long) value);
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    out.putLong((Long) value);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return in.getLong();
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    out.putLong((Long) value);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return Bytes.longAt(row, offset);
  }
}
