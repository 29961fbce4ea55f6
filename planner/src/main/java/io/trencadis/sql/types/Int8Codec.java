package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;

/// `bigint`.
final class Int8Codec extends WholeNumberCodec {
  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return Scan.integer(text, Long.MIN_VALUE, Long.MAX_VALUE, "bigint");
  }

  @Override
  public Object parse(byte[] text, int from, int to, int typmod, TypeContext cx) {
    return Scan.integer(text, from, to, Long.MIN_VALUE, Long.MAX_VALUE, "bigint");
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return value.toString();
  }

  @Override
  public void appendText(Object value, TypeContext cx, ByteWriter out) {
    out.putDecimal((Long) value);
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(8, length);
    return in.getLong();
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putLong((Long) value);
  }

  @Override
  public int compare(Object a, Object b) {
    return Long.compare((Long) a, (Long) b);
  }

  @Override
  public boolean equal(Object a, Object b) {
    return a.equals(b);
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
    Bytes.putCompact((Long) value, out);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return Bytes.compact(row, offset, length);
  }

  @Override
  public Object box(long number) {
    return number;
  }
}
