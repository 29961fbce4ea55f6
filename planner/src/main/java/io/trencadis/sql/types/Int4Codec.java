package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;

/// `integer`.
final class Int4Codec extends WholeNumberCodec {
  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return (int) Scan.integer(text, Integer.MIN_VALUE, Integer.MAX_VALUE, "integer");
  }

  @Override
  public Object parse(byte[] text, int from, int to, int typmod, TypeContext cx) {
    return (int) Scan.integer(text, from, to, Integer.MIN_VALUE, Integer.MAX_VALUE, "integer");
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return value.toString();
  }

  @Override
  public void appendText(Object value, TypeContext cx, ByteWriter out) {
    out.putDecimal((Integer) value);
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(4, length);
    return in.getInt();
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putInt((Integer) value);
  }

  @Override
  public int compare(Object a, Object b) {
    return Integer.compare((Integer) a, (Integer) b);
  }

  @Override
  public boolean equal(Object a, Object b) {
    return a.equals(b);
  }

  @Override
  public long hash(Object value) {
    return mix((Integer) value);
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    out.putInt((Integer) value);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return in.getInt();
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    Bytes.putCompact((Integer) value, out);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return (int) Bytes.compact(row, offset, length);
  }

  @Override
  public Object box(long number) {
    return (int) number;
  }
}
