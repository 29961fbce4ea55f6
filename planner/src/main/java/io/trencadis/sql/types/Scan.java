package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.nio.charset.StandardCharsets;

/// Small scanners that input functions share.
final class Scan {
  /// As many as a long has room for, whatever they are.
  private static final int SHORT_DIGITS = 18;

  private Scan() {}

  /// What C's isspace() says in the C locale.
  static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// Without white space at either end, by [#isSpace].
  static String trim(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /// Reads a decimal integer with an optional sign and surrounding white space.
  ///
  /// @throws SqlException 22P02 if it is none, 22003 if it is outside `[min, max]`
  static long integer(String text, long min, long max, String typeName) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    boolean negative = from < to && text.charAt(from) == '-';
    if (from < to && (negative || text.charAt(from) == '+')) {
      from++;
    }
    if (from == to) {
      throw TypeCodec.invalidInput(typeName, text);
    }
    // Accumulated as a negative number, because there is one more of them.
    long value = 0;
    boolean overflow = false;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!isDigit(c)) {
        throw TypeCodec.invalidInput(typeName, text);
      }
      int digit = c - '0';
      if (value < Long.MIN_VALUE / 10 || value * 10 < Long.MIN_VALUE + digit) {
        overflow = true;
      } else {
        value = value * 10 - digit;
      }
    }
    if (!overflow && !negative && value == Long.MIN_VALUE) {
      overflow = true;
    }
    long result = negative ? value : -value;
    if (overflow || result < min || result > max) {
      throw new SqlException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
          "value \"" + text + "\" is out of range for type " + typeName);
    }
    return result;
  }

  /// The same of the UTF-8 in `[from, to)`: what is short and nothing but digits is read where it
  /// is.
  static long integer(byte[] text, int from, int to, long min, long max, String typeName) {
    int at = from < to && text[from] == '-' ? from + 1 : from;
    long value = 0;
    boolean plain = at < to && to - at <= SHORT_DIGITS;
    for (int i = at; plain && i < to; i++) {
      int digit = text[i] - '0';
      plain = digit >= 0 && digit <= 9;
      value = value * 10 + digit;
    }
    if (plain) {
      long result = at > from ? -value : value;
      if (result >= min && result <= max) {
        return result;
      }
    }
    return integer(new String(text, from, to - from, StandardCharsets.UTF_8), min, max, typeName);
  }
}
