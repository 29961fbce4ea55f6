package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.nio.charset.StandardCharsets;

/// `json`: text, kept as it was written, that is known to be JSON. It has no order and no equality.
final class JsonCodec extends TypeCodec {
  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    JsonCheck.check(text);
    return text;
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return (String) value;
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    return parse(Utf8.decode(in.getBytes(length)), -1, TypeContext.DEFAULTS);
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putUtf8((String) value);
  }

  @Override
  public boolean ordered() {
    return false;
  }

  @Override
  public int compare(Object a, Object b) {
    throw SqlException.internal("json values have no order");
  }

  @Override
  public long hash(Object value) {
    throw SqlException.internal("json values have no equality");
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    throw SqlException.internal("json in a key");
  }

  @Override
  public Object decodeKey(KeyReader in) {
    throw SqlException.internal("json in a key");
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    out.putUtf8((String) value);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return new String(row, offset, length, StandardCharsets.UTF_8);
  }
}
