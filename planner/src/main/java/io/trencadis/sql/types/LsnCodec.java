package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `pg_lsn`: a position in a log, an unsigned 64-bit number in a long.
final class LsnCodec extends TypeCodec {
  private static final Pattern TEXT = Pattern.compile("([0-9a-fA-F]{1,8})/([0-9a-fA-F]{1,8})");

  @Override
  public Object parse(String input, int typmod, TypeContext cx) {
    Matcher halves = TEXT.matcher(input);
    if (!halves.matches()) {
      throw invalidInput("pg_lsn", input);
    }
    return Long.parseLong(halves.group(1), 16) << 32 | Long.parseLong(halves.group(2), 16);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    long position = (Long) value;
    return String.format("%X/%X", position >>> 32, position & 0xffff_ffffL);
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(Long.BYTES, length);
    return in.getLong();
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putLong((Long) value);
  }

  @Override
  public int compare(Object a, Object b) {
    return Long.compareUnsigned((Long) a, (Long) b);
  }

  @Override
  public long hash(Object value) {
    return mix((Long) value);
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    // The sign flip that putLong does is undone first: the order is unsigned.
    out.putLong((Long) value ^ Long.MIN_VALUE);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return in.getLong() ^ Long.MIN_VALUE;
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
