package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;

/// `void`, which can be printed and nothing else.
final class VoidCodec extends TypeCodec {
  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return VoidValue.VOID;
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return "";
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    in.skip(length);
    return VoidValue.VOID;
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    // void_send sends no bytes
  }

  @Override
  public boolean ordered() {
    return false;
  }

  @Override
  public int compare(Object a, Object b) {
    throw SqlException.internal("void values have no order");
  }

  @Override
  public long hash(Object value) {
    return 0;
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    throw SqlException.internal("void in a key");
  }

  @Override
  public Object decodeKey(KeyReader in) {
    throw SqlException.internal("void in a key");
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    // nothing to store
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return VoidValue.VOID;
  }
}
