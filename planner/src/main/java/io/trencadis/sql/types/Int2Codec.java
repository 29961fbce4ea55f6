package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;

/// `smallint`.
final class Int2Codec extends WholeNumberCodec {
  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return (short) Scan.integer(text, Short.MIN_VALUE, Short.MAX_VALUE, "smallint");
  }

  @Override
  public Object parse(byte[] text, int from, int to, int typmod, TypeContext cx) {
    return (short) Scan.integer(text, from, to, Short.MIN_VALUE, Short.MAX_VALUE, "smallint");
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return value.toString();
  }

  @Override
  public void appendText(Object value, TypeContext cx, ByteWriter out) {
    out.putDecimal((Short) value);
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(2, length);
    return in.getShort();
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putShort((Short) value);
  }

  @Override
  public int compare(Object a, Object b) {
    return Short.compare((Short) a, (Short) b);
  }

  @Override
  public boolean equal(Object a, Object b) {
    return a.equals(b);
  }

  @Override
  public long hash(Object value) {
    return mix((Short) value);
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    out.putInt((Short) value);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return (short) in.getInt();
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    Bytes.putCompact((Short) value, out);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return (short) Bytes.compact(row, offset, length);
  }

  @Override
  public Object box(long number) {
    return (short) number;
  }
}
