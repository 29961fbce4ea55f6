package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;

/// `real`.
final class Float4Codec extends TypeCodec {
  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return Floats.parseFloat(text);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return Floats.format((float) (Float) value, cx.extraFloatDigits());
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(4, length);
    return Float.intBitsToFloat(in.getInt());
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putInt(Float.floatToIntBits((Float) value));
  }

  @Override
  public int compare(Object a, Object b) {
    return Floats.compare((Float) a, (Float) b);
  }

  @Override
  public long hash(Object value) {
    double number = (Float) value;
    return mix(Double.doubleToLongBits(number == 0 ? 0.0 : number));
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    out.putDouble((Float) value);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return (float) in.getDouble();
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
    return Float.intBitsToFloat(Bytes.intAt(row, offset));
  }
}
