package io.trencadis.sql.types;

import io.trencadis.base.ByteWriter;

/// `xml`, as far as it is there: EXPLAIN's answers have this type, and nothing else makes a value
/// of it. A value is its text.
final class XmlOutputCodec extends UnsupportedCodec {
  XmlOutputCodec(PgType type) {
    super(type);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return (String) value;
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putUtf8((String) value);
  }
}
