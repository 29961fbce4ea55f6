package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;

/// `double precision`.
final class Float8Codec extends TypeCodec {
  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return Floats.parseDouble(text);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return Floats.format((double) (Double) value, cx.extraFloatDigits());
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(8, length);
    return Double.longBitsToDouble(in.getLong());
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putLong(Double.doubleToLongBits((Double) value));
  }

  @Override
  public int compare(Object a, Object b) {
    return Floats.compare((Double) a, (Double) b);
  }

  @Override
  public long hash(Object value) {
    double number = (Double) value;
    return mix(Double.doubleToLongBits(number == 0 ? 0.0 : number));
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    out.putDouble((Double) value);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return in.getDouble();
  }

  @Override
  public boolean keyKeepsLooks() {
    return false;
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    writeBinary(value, out);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return Double.longBitsToDouble(Bytes.longAt(row, offset));
  }
}
