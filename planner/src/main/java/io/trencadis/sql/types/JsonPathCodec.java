package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.nio.charset.StandardCharsets;

/// `jsonpath`. Rows hold its text. It has no order and no equality.
final class JsonPathCodec extends TypeCodec {

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return JsonPath.parse(text);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return ((JsonPath) value).text();
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    return JsonPath.parse(VersionedText.read(in, length, "jsonpath version number: "));
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    VersionedText.write(((JsonPath) value).text(), out);
  }

  @Override
  public boolean ordered() {
    return false;
  }

  @Override
  public int compare(Object a, Object b) {
    throw SqlException.internal("jsonpath values have no order");
  }

  @Override
  public long hash(Object value) {
    throw SqlException.internal("jsonpath values have no equality");
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    throw SqlException.internal("jsonpath in a key");
  }

  @Override
  public Object decodeKey(KeyReader in) {
    throw SqlException.internal("jsonpath in a key");
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    out.putUtf8(((JsonPath) value).text());
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return JsonPath.parse(new String(row, offset, length, StandardCharsets.UTF_8));
  }
}
