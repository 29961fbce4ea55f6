package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.nio.charset.StandardCharsets;

/// The one-byte type `"char"` of the system catalogs, as a string of at most one character.
final class CharByteCodec extends TypeCodec {
  private static int code(Object value) {
    String text = (String) value;
    return text.isEmpty() ? 0 : text.charAt(0) & 0xff;
  }

  private static String of(int code) {
    return code == 0 ? "" : String.valueOf((char) code);
  }

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    if (text.length() == 4 && text.charAt(0) == '\\') {
      int value = 0;
      boolean octal = text.charAt(1) <= '3';
      for (int i = 1; octal && i < 4; i++) {
        octal = text.charAt(i) >= '0' && text.charAt(i) <= '7';
        value = value * 8 + text.charAt(i) - '0';
      }
      if (octal) {
        return of(value);
      }
    }
    return text.isEmpty() ? "" : of(text.getBytes(StandardCharsets.UTF_8)[0] & 0xff);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    int code = code(value);
    if (code < 0x80) {
      return (String) value;
    }
    return "\\" + (code >> 6) + ((code >> 3) & 7) + (code & 7);
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(1, length);
    return of(in.getByte() & 0xff);
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putByte(code(value));
  }

  @Override
  public int compare(Object a, Object b) {
    return Integer.compare(code(a), code(b));
  }

  @Override
  public long hash(Object value) {
    return mix(code(value));
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    out.putInt(code(value));
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return of(in.getInt());
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    out.putByte(code(value));
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return of(row[offset] & 0xff);
  }
}
