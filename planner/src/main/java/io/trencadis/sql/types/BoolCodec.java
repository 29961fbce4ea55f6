package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.Locale;

/// `boolean`.
final class BoolCodec extends TypeCodec {
  /// What a word means as a boolean: any beginning of true, false, yes or no, and on, off, 1, 0;
  /// null if nothing.
  static Boolean word(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (word.isEmpty()) {
      return null;
    }
    if ("true".startsWith(word)
        || "yes".startsWith(word)
        || word.equals("on")
        || word.equals("1")) {
      return Boolean.TRUE;
    }
    boolean off = word.length() >= 2 && "off".startsWith(word);
    if ("false".startsWith(word) || "no".startsWith(word) || off || word.equals("0")) {
      return Boolean.FALSE;
    }
    return null;
  }

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    Boolean value = word(Scan.trim(text));
    if (value == null) {
      throw invalidInput("boolean", text);
    }
    return value;
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return (Boolean) value ? "t" : "f";
  }

  @Override
  public void appendText(Object value, TypeContext cx, ByteWriter out) {
    out.putByte((Boolean) value ? 't' : 'f');
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(1, length);
    return in.getByte() != 0;
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putByte((Boolean) value ? 1 : 0);
  }

  @Override
  public int compare(Object a, Object b) {
    return ((Boolean) a).compareTo((Boolean) b);
  }

  @Override
  public long hash(Object value) {
    return mix((Boolean) value ? 1 : 0);
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    out.putBoolean((Boolean) value);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return in.getBoolean();
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    out.putByte((Boolean) value ? 1 : 0);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return row[offset] != 0;
  }
}
