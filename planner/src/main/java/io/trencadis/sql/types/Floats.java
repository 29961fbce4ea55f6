package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/// Text of floating-point numbers, both ways.
public final class Floats {
  private Floats() {}

  /// `float8out`: the shortest text that reads back as the same number, or `15 + extraFloatDigits`
  /// digits where that is not positive.
  public static String format(double value, int extraFloatDigits) {
    String special = special(value);
    if (special != null) {
      return special;
    }
    if (extraFloatDigits <= 0) {
      return general(value, Math.max(1, 15 + extraFloatDigits));
    }
    if (value == (long) value && Math.abs(value) < 1e15 && (value != 0 || 1 / value > 0)) {
      return Long.toString((long) value);
    }
    String shortest = Double.toString(value);
    if (Math.abs(value) >= 0x1p52) {
      shortest = insideBounds(shortest, value, Math.nextDown(value), Math.nextUp(value), 17);
    }
    return rewrite(shortest, 15, text -> Double.parseDouble(text) == value);
  }

  /// `float4out`, likewise with 6 digits.
  public static String format(float value, int extraFloatDigits) {
    String special = special(value);
    if (special != null) {
      return special;
    }
    if (extraFloatDigits <= 0) {
      return general(value, Math.max(1, 6 + extraFloatDigits));
    }
    String shortest = Float.toString(value);
    if (Math.abs(value) >= 0x1p23f) {
      shortest = insideBounds(shortest, value, Math.nextDown(value), Math.nextUp(value), 9);
    }
    return rewrite(shortest, 6, text -> Float.parseFloat(text) == value);
  }

  private static String special(double value) {
    if (value != value) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    return null;
  }

  /// Java takes a decimal that lies exactly between two numbers and rounds to the one wanted;
  /// PostgreSQL wants one nearer to it, with a digit more: 9.999999999999999e+22 for 1e+23. Only
  /// large numbers have such neighbours of so few digits.
  private static String insideBounds(
      String shortest, double value, double below, double above, int maxDigits) {
    if (Double.isInfinite(below) || Double.isInfinite(above)) {
      return shortest;
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal two = BigDecimal.valueOf(2);
    BigDecimal low = exact.add(new BigDecimal(below)).divide(two);
    BigDecimal high = exact.add(new BigDecimal(above)).divide(two);
    BigDecimal candidate = new BigDecimal(shortest);
    if (candidate.compareTo(low) != 0 && candidate.compareTo(high) != 0) {
      return shortest;
    }
    int digits = candidate.stripTrailingZeros().precision() + 1;
    while (digits < maxDigits) {
      candidate = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (candidate.compareTo(low) > 0 && candidate.compareTo(high) < 0) {
        break;
      }
      digits++;
    }
    candidate = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    String unscaled = candidate.unscaledValue().abs().toString();
    String point =
        unscaled.charAt(0) + "." + (unscaled.length() == 1 ? "0" : unscaled.substring(1));
    return (value < 0 ? "-" : "") + point + "E" + (unscaled.length() - 1 - candidate.scale());
  }

  private interface ReadsBack {
    boolean test(String text);
  }

  /// Turns Java's shortest text into C's notation.
  private static String rewrite(String java, int fixedBelow, ReadsBack readsBack) {
    boolean negative = java.charAt(0) == '-';
    int from = negative ? 1 : 0;
    int e = java.indexOf('E');
    int point = java.indexOf('.');
    String whole = java.substring(from, point);
    String fraction = java.substring(point + 1, e < 0 ? java.length() : e);
    int exponent = (e < 0 ? 0 : Integer.parseInt(java.substring(e + 1))) + whole.length() - 1;
    String digits = whole + fraction;
    int first = 0;
    while (first < digits.length() - 1 && digits.charAt(first) == '0') {
      first++;
      exponent--;
    }
    int last = digits.length();
    while (last > first + 1 && digits.charAt(last - 1) == '0') {
      last--;
    }
    digits = digits.substring(first, last);
    if (digits.equals("0")) {
      return negative ? "-0" : "0";
    }
    if (digits.length() == 2) {
      // Java never writes fewer than two digits, even where one is enough: 4.9E-324 for 5e-324.
      BigDecimal two = new BigDecimal(digits).setScale(-1, RoundingMode.HALF_UP);
      String one = two.toBigInteger().toString();
      int shifted = exponent + (one.length() - 2);
      if (readsBack.test((negative ? "-" : "") + one.charAt(0) + "e" + shifted)) {
        digits = one.substring(0, 1);
        exponent = shifted;
      }
    }
    return layout(negative, digits, exponent, fixedBelow);
  }

  /// C's `%.{digits}g`.
  public static String general(double value, int significant) {
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(significant, RoundingMode.HALF_EVEN));
    rounded = rounded.stripTrailingZeros();
    String digits = rounded.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - rounded.scale();
    return layout(value < 0, digits, exponent, significant);
  }

  private static String layout(boolean negative, String digits, int exponent, int fixedBelow) {
    StringBuilder out = new StringBuilder(24);
    if (negative) {
      out.append('-');
    }
    if (exponent < -4 || exponent >= fixedBelow) {
      out.append(digits.charAt(0));
      if (digits.length() > 1) {
        out.append('.').append(digits, 1, digits.length());
      }
      int magnitude = Math.abs(exponent);
      out.append('e').append(exponent < 0 ? '-' : '+');
      return out.append(magnitude < 10 ? "0" : "").append(magnitude).toString();
    }
    if (exponent < 0) {
      return out.append("0.").append("0".repeat(-exponent - 1)).append(digits).toString();
    }
    if (digits.length() <= exponent + 1) {
      return out.append(digits).append("0".repeat(exponent + 1 - digits.length())).toString();
    }
    return out.append(digits, 0, exponent + 1)
        .append('.')
        .append(digits, exponent + 1, digits.length())
        .toString();
  }

  /// `float8in`.
  public static double parseDouble(String text) {
    Double special = specialOf(text, "double precision");
    if (special != null) {
      return special;
    }
    String number = number(text, "double precision");
    double value = Double.parseDouble(number);
    if (Double.isInfinite(value) || (value == 0 && hasNonZeroDigit(number))) {
      throw outOfRange(number, "double precision");
    }
    return value;
  }

  /// `float4in`.
  public static float parseFloat(String text) {
    Double special = specialOf(text, "real");
    if (special != null) {
      return special.floatValue();
    }
    String number = number(text, "real");
    float value = Float.parseFloat(number);
    if (Float.isInfinite(value) || (value == 0 && hasNonZeroDigit(number))) {
      throw outOfRange(number, "real");
    }
    return value;
  }

  private static SqlException outOfRange(String text, String type) {
    return new SqlException(
        SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "\"" + text + "\" is out of range for type " + type);
  }

  private static Double specialOf(String text, String type) {
    String word = Scan.trim(text);
    if (word.isEmpty()) {
      throw TypeCodec.invalidInput(type, text);
    }
    char c =
        word.charAt(
            word.charAt(0) == '-' || word.charAt(0) == '+' ? Math.min(1, word.length() - 1) : 0);
    if (c != 'n' && c != 'N' && c != 'i' && c != 'I') {
      return null;
    }
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "nan", "+nan", "-nan" -> Double.NaN;
      case "infinity", "inf", "+infinity", "+inf" -> Double.POSITIVE_INFINITY;
      case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      default -> throw TypeCodec.invalidInput(type, text);
    };
  }

  /// The text without white space, if C's strtod would read all of it.
  private static String number(String text, String type) {
    String number = Scan.trim(text);
    int at = 0;
    int end = number.length();
    if (at < end && (number.charAt(at) == '-' || number.charAt(at) == '+')) {
      at++;
    }
    if (at + 1 < end && number.charAt(at) == '0' && (number.charAt(at + 1) | 0x20) == 'x') {
      return hex(number, text, type);
    }
    int digits = 0;
    while (at < end && Scan.isDigit(number.charAt(at))) {
      at++;
      digits++;
    }
    if (at < end && number.charAt(at) == '.') {
      at++;
      while (at < end && Scan.isDigit(number.charAt(at))) {
        at++;
        digits++;
      }
    }
    boolean valid = digits > 0;
    if (valid && at < end && (number.charAt(at) | 0x20) == 'e') {
      at++;
      if (at < end && (number.charAt(at) == '-' || number.charAt(at) == '+')) {
        at++;
      }
      int from = at;
      while (at < end && Scan.isDigit(number.charAt(at))) {
        at++;
      }
      valid = at > from;
    }
    if (!valid || at != end) {
      throw TypeCodec.invalidInput(type, text);
    }
    return number;
  }

  /// C reads hexadecimal floats with an optional exponent; Java insists on one.
  private static String hex(String number, String text, String type) {
    String java = number.indexOf('p') < 0 && number.indexOf('P') < 0 ? number + "p0" : number;
    try {
      Double.parseDouble(java);
    } catch (NumberFormatException e) {
      throw TypeCodec.invalidInput(type, text);
    }
    return java;
  }

  private static boolean hasNonZeroDigit(String number) {
    for (int i = 0; i < number.length(); i++) {
      char c = number.charAt(i);
      if (c == 'e' || c == 'E') {
        return false;
      }
      if (c >= '1' && c <= '9') {
        return true;
      }
    }
    return false;
  }

  /// PostgreSQL's order: NaN equals itself and is above all else, and both zeros are equal.
  public static int compare(double a, double b) {
    if (a < b) {
      return -1;
    }
    if (a > b) {
      return 1;
    }
    if (a == b) {
      return 0;
    }
    return Boolean.compare(a != a, b != b);
  }
}
