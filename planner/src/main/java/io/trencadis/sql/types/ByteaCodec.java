package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// `bytea`.
final class ByteaCodec extends TypeCodec {
  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    if (text.startsWith("\\x")) {
      return hex(text, 2);
    }
    if (text.indexOf('\\') < 0) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    ByteWriter out = new ByteWriter(raw.length);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] != '\\') {
        out.putByte(raw[i]);
      } else if (i + 1 < raw.length && raw[i + 1] == '\\') {
        out.putByte('\\');
        i++;
      } else if (i + 3 < raw.length
          && octal(raw[i + 1], '3')
          && octal(raw[i + 2], '7')
          && octal(raw[i + 3], '7')) {
        out.putByte((raw[i + 1] - '0') << 6 | (raw[i + 2] - '0') << 3 | (raw[i + 3] - '0'));
        i += 3;
      } else {
        throw new SqlException(
            SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bytea");
      }
    }
    return out.toByteArray();
  }

  private static boolean octal(byte b, char max) {
    return b >= '0' && b <= max;
  }

  /// Hexadecimal digits from `from` on, white space between pairs allowed.
  static byte[] hex(String text, int from) {
    ByteWriter out = new ByteWriter((text.length() - from) / 2);
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
        i++;
        continue;
      }
      int high = hexDigit(text, i);
      if (i + 1 >= text.length()) {
        throw new SqlException(
            SqlState.INVALID_PARAMETER_VALUE, "invalid hexadecimal data: odd number of digits");
      }
      out.putByte(high << 4 | hexDigit(text, i + 1));
      i += 2;
    }
    return out.toByteArray();
  }

  private static int hexDigit(String text, int at) {
    int digit = text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), 16) : -1;
    if (digit < 0) {
      String shown = new String(Character.toChars(text.codePointAt(at)));
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "invalid hexadecimal digit: \"" + shown + "\"");
    }
    return digit;
  }

  @Override
  public String format(Object value, TypeContext cx) {
    byte[] bytes = (byte[]) value;
    if (cx.byteaOutput() == TypeContext.ByteaOutput.HEX) {
      return "\\x" + HexFormat.of().formatHex(bytes);
    }
    StringBuilder out = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      if (b == '\\') {
        out.append("\\\\");
      } else if (b < 0x20 || b > 0x7e) {
        out.append('\\').append((b >> 6) & 3).append((b >> 3) & 7).append(b & 7);
      } else {
        out.append((char) b);
      }
    }
    return out.toString();
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    return in.getBytes(length);
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putBytes((byte[]) value);
  }

  @Override
  public int compare(Object a, Object b) {
    return Arrays.compareUnsigned((byte[]) a, (byte[]) b);
  }

  @Override
  public boolean equal(Object a, Object b) {
    return Arrays.equals((byte[]) a, (byte[]) b);
  }

  @Override
  public long hash(Object value) {
    return mix(Arrays.hashCode((byte[]) value));
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    out.putBytes((byte[]) value);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return in.getBytes();
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    out.putBytes((byte[]) value);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return Arrays.copyOfRange(row, offset, offset + length);
  }
}
