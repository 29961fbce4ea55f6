package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.HashMap;
import java.util.Map;

/// Enums. Rows hold a label's oid, so that renaming it changes no row; keys hold its position, so
/// that they sort as the labels do, also after one was added between others.
final class EnumCodec extends TypeCodec {
  private final PgType type;
  private final Map<String, EnumValue> byLabel = new HashMap<>();
  private final Map<Integer, EnumValue> byOid = new HashMap<>();
  private final Map<Double, EnumValue> byPosition = new HashMap<>();

  EnumCodec(PgType type) {
    this.type = type;
    for (EnumValue value : type.labels()) {
      byLabel.put(value.label(), value);
      byOid.put(value.oid(), value);
      byPosition.put(value.position(), value);
    }
  }

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    EnumValue value = byLabel.get(text);
    if (value == null) {
      throw new SqlException(
          SqlState.INVALID_TEXT_REPRESENTATION,
          "invalid input value for enum " + type.displayName() + ": \"" + text + "\"");
    }
    requireSafe(type, value, cx);
    return value;
  }

  /// @throws SqlException 55P04 for a label that the running transaction adds
  static void requireSafe(PgType type, EnumValue value, TypeContext cx) {
    if (value.addedBy() != 0 && cx.isTransaction(value.addedBy())) {
      throw new SqlException(
              SqlState.UNSAFE_NEW_ENUM_VALUE_USAGE,
              "unsafe use of new value \""
                  + value.label()
                  + "\" of enum type "
                  + type.displayName())
          .hint("New enum values must be committed before they can be used.");
    }
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return ((EnumValue) value).label();
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    return parse(in.getUtf8(length), -1, TypeContext.DEFAULTS);
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putUtf8(((EnumValue) value).label());
  }

  @Override
  public int compare(Object a, Object b) {
    return ((EnumValue) a).compareTo((EnumValue) b);
  }

  @Override
  public long hash(Object value) {
    return mix(((EnumValue) value).oid());
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    out.putDouble(((EnumValue) value).position());
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return known(byPosition.get(in.getDouble()));
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    out.putInt(((EnumValue) value).oid());
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return known(byOid.get(Bytes.intAt(row, offset)));
  }

  /// A label that is not known was added after the statement was planned: it is planned again.
  private EnumValue known(EnumValue found) {
    if (found == null) {
      throw new SqlException(
          SqlState.SERIALIZATION_FAILURE,
          "could not serialize access due to a concurrent change of type " + type.displayName());
    }
    return found;
  }
}
