package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `macaddr` and `macaddr8`: the lowest 48 bits, or all 64, of a long.
final class MacCodec extends TypeCodec {
  private static final Pattern LONG =
      Pattern.compile(
          "(\\p{XDigit}+)([:-])(\\p{XDigit}+)\\2(\\p{XDigit}+)\\2(\\p{XDigit}+)\\2(\\p{XDigit}+)\\2(\\p{XDigit}+)");
  private static final Pattern SHORT =
      Pattern.compile(
          "\\p{XDigit}{6}[:-]?\\p{XDigit}{6}|\\p{XDigit}{4}([.-])\\p{XDigit}{4}\\1\\p{XDigit}{4}");

  private final boolean eight;

  MacCodec(boolean eight) {
    this.eight = eight;
  }

  private int size() {
    return eight ? 8 : 6;
  }

  @Override
  public Object parse(String input, int typmod, TypeContext cx) {
    String text = Scan.trim(input);
    return eight ? parseEight(text, input) : parseSix(text, input);
  }

  private static Long parseSix(String text, String input) {
    if (SHORT.matcher(text).matches()) {
      return Long.parseLong(text.replaceAll("[:.-]", ""), 16);
    }
    Matcher parts = LONG.matcher(text);
    if (!parts.matches()) {
      throw invalidInput("macaddr", input);
    }
    long value = 0;
    for (int group : new int[] {1, 3, 4, 5, 6, 7}) {
      String digits = parts.group(group).replaceFirst("^0+(?=.)", "");
      if (digits.length() > 2) {
        throw new SqlException(
            SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
            "invalid octet value in \"macaddr\" value: \"" + input + "\"");
      }
      value = value << 8 | Long.parseLong(digits, 16);
    }
    return value;
  }

  private static Long parseEight(String text, String input) {
    long value = 0;
    int count = 0;
    char separator = 0;
    int at = 0;
    while (at < text.length()) {
      int high = hex(text, at);
      int low = hex(text, at + 1);
      if (high < 0 || low < 0 || count == 8) {
        throw invalidInput("macaddr8", input);
      }
      value = value << 8 | high << 4 | low;
      count++;
      at += 2;
      if (at < text.length() && ":-.".indexOf(text.charAt(at)) >= 0) {
        if (separator != 0 && separator != text.charAt(at)) {
          throw invalidInput("macaddr8", input);
        }
        separator = text.charAt(at++);
      }
    }
    if (count == 6) {
      return widened(value);
    }
    if (count != 8) {
      throw invalidInput("macaddr8", input);
    }
    return value;
  }

  /// The value of a hexadecimal digit, -1 if there is none.
  private static int hex(String text, int at) {
    return at < text.length() && text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), 16) : -1;
  }

  /// Six bytes as eight, with FF and FE in between.
  private static long widened(long six) {
    return six >>> 24 << 40 | 0xfffeL << 24 | six & 0xff_ffff;
  }

  @Override
  public String format(Object value, TypeContext cx) {
    long bits = (Long) value;
    StringBuilder out = new StringBuilder(24);
    for (int i = size() - 1; i >= 0; i--) {
      int octet = (int) (bits >>> (8 * i)) & 0xff;
      out.append(out.isEmpty() ? "" : ":")
          .append(Character.forDigit(octet >> 4, 16))
          .append(Character.forDigit(octet & 15, 16));
    }
    return out.toString();
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    if (eight && length == 6) {
      return widened(bytes(in, 6));
    }
    requireLength(size(), length);
    return bytes(in, size());
  }

  private static long bytes(ByteReader in, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | in.getByte() & 0xff;
    }
    return value;
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    for (int i = size() - 1; i >= 0; i--) {
      out.putByte((int) ((Long) value >>> (8 * i)));
    }
  }

  @Override
  public int compare(Object a, Object b) {
    return Long.compareUnsigned((Long) a, (Long) b);
  }

  @Override
  public long hash(Object value) {
    return mix((Long) value);
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    out.putLong((Long) value ^ Long.MIN_VALUE);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return in.getLong() ^ Long.MIN_VALUE;
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    out.putLong((Long) value);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return Bytes.longAt(row, offset);
  }
}
