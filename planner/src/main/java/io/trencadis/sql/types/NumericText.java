package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/// Numerics as text, in the wire's binary form (digits of base 10,000), and cut to a typmod.
public final class NumericText {
  private static final int SIGN_POSITIVE = 0x0000;
  private static final int SIGN_NEGATIVE = 0x4000;
  private static final int SIGN_NAN = 0xc000;
  private static final int SIGN_PINF = 0xd000;
  private static final int SIGN_NINF = 0xf000;

  private NumericText() {}

  /// `numeric_in` without its typmod.
  public static Numeric parse(String text) {
    String number = Scan.trim(text);
    int end = number.length();
    int at = 0;
    if (at < end && (number.charAt(at) == '-' || number.charAt(at) == '+')) {
      at++;
    }
    if (at == end || (!Scan.isDigit(number.charAt(at)) && number.charAt(at) != '.')) {
      return special(number, text);
    }
    int digits = 0;
    int start = at;
    while (at < end && Scan.isDigit(number.charAt(at))) {
      at++;
      digits++;
    }
    int fraction = 0;
    if (at < end && number.charAt(at) == '.') {
      at++;
      while (at < end && Scan.isDigit(number.charAt(at))) {
        at++;
        fraction++;
      }
    }
    if (digits + fraction == 0) {
      throw TypeCodec.invalidInput("numeric", text);
    }
    int mantissaEnd = at;
    long exponent = 0;
    if (at < end && (number.charAt(at) | 0x20) == 'e') {
      at++;
      boolean negative = at < end && number.charAt(at) == '-';
      if (at < end && (negative || number.charAt(at) == '+')) {
        at++;
      }
      int from = at;
      while (at < end && Scan.isDigit(number.charAt(at))) {
        exponent = Math.min(exponent * 10 + number.charAt(at) - '0', Integer.MAX_VALUE);
        at++;
      }
      if (at == from) {
        throw TypeCodec.invalidInput("numeric", text);
      }
      if (exponent >= Integer.MAX_VALUE / 2) {
        throw Numeric.overflow();
      }
      exponent = negative ? -exponent : exponent;
    }
    if (at != end) {
      throw TypeCodec.invalidInput("numeric", text);
    }
    int sign = start > 0 && number.charAt(0) == '-' ? -1 : 1;
    BigDecimal value;
    if (digits + fraction <= 18) {
      long unscaled = 0;
      for (int i = start; i < mantissaEnd; i++) {
        char c = number.charAt(i);
        if (c != '.') {
          unscaled = unscaled * 10 + c - '0';
        }
      }
      value = BigDecimal.valueOf(sign * unscaled, fraction);
    } else {
      value = new BigDecimal(number.substring(0, mantissaEnd));
    }
    if (exponent != 0) {
      int shown = (int) Math.max(0, fraction - exponent);
      if (value.signum() == 0) {
        value = BigDecimal.ZERO.setScale(Math.min(shown, Numeric.MAX_SCALE));
      } else {
        if (value.precision() - value.scale() + exponent > Numeric.MAX_INTEGER_DIGITS) {
          throw Numeric.overflow();
        }
        value = value.scaleByPowerOfTen((int) exponent);
        value = value.setScale(Math.min(shown, Numeric.MAX_SCALE), RoundingMode.HALF_UP);
      }
    }
    return Numeric.of(value);
  }

  private static Numeric special(String word, String text) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "nan" -> Numeric.NAN;
      case "inf", "infinity", "+inf", "+infinity" -> Numeric.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Numeric.NEGATIVE_INFINITY;
      default -> throw TypeCodec.invalidInput("numeric", text);
    };
  }

  /// Rounds to the scale that a typmod asks for.
  ///
  /// @throws SqlException 22003 if the number then has more digits before the point than the typmod
  ///   allows
  static Numeric applyTypmod(Numeric number, int typmod) {
    int precision = Typmods.numericPrecision(typmod);
    int scale = Typmods.numericScale(typmod);
    if (number.isNaN()) {
      return number;
    }
    if (number.isInfinite()) {
      throw fieldOverflow(
          "A field with precision "
              + precision
              + ", scale "
              + scale
              + " cannot hold an infinite value.");
    }
    BigDecimal rounded = number.decimal();
    if (rounded.scale() != scale) {
      rounded = rounded.setScale(scale, RoundingMode.HALF_UP);
    }
    if (rounded.signum() != 0 && rounded.precision() - rounded.scale() > precision - scale) {
      int whole = precision - scale;
      throw fieldOverflow(
          "A field with precision "
              + precision
              + ", scale "
              + scale
              + " must round to an absolute value less than "
              + (whole == 0 ? "1" : "10^" + whole)
              + ".");
    }
    return Numeric.of(rounded);
  }

  private static SqlException fieldOverflow(String detail) {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
        .detail(detail);
  }

  private static SqlException badBinary(String message) {
    return new SqlException(SqlState.INVALID_BINARY_REPRESENTATION, message);
  }

  static Numeric readBinary(ByteReader in, int length) {
    if (length < 8) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message");
    }
    int count = in.getShort() & 0xffff;
    int weight = in.getShort();
    int sign = in.getShort() & 0xffff;
    int scale = in.getShort() & 0xffff;
    switch (sign) {
      case SIGN_NAN:
        return Numeric.NAN;
      case SIGN_PINF:
        return Numeric.POSITIVE_INFINITY;
      case SIGN_NINF:
        return Numeric.NEGATIVE_INFINITY;
      default:
        break;
    }
    if (sign != SIGN_POSITIVE && sign != SIGN_NEGATIVE) {
      throw badBinary("invalid sign in external \"numeric\" value");
    }
    if (scale > Numeric.MAX_SCALE) {
      throw badBinary("invalid scale in external \"numeric\" value");
    }
    if (length < 8 + 2 * count) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message");
    }
    if (length > 8 + 2 * count) {
      throw badBinary("incorrect binary data format");
    }
    char[] digits = new char[count * 4 + 1];
    digits[0] = '0';
    for (int i = 0; i < count; i++) {
      int digit = in.getShort();
      if (digit < 0 || digit >= 10_000) {
        throw badBinary("invalid digit in external \"numeric\" value");
      }
      digits[1 + i * 4] = (char) ('0' + digit / 1000);
      digits[2 + i * 4] = (char) ('0' + digit / 100 % 10);
      digits[3 + i * 4] = (char) ('0' + digit / 10 % 10);
      digits[4 + i * 4] = (char) ('0' + digit % 10);
    }
    BigDecimal value = new BigDecimal(new BigInteger(new String(digits)), (count - 1 - weight) * 4);
    // Digits beyond the scale are cut off, not rounded, as PostgreSQL does.
    value =
        value.signum() == 0
            ? BigDecimal.ZERO.setScale(scale)
            : value.setScale(scale, RoundingMode.DOWN);
    return Numeric.of(sign == SIGN_NEGATIVE ? value.negate() : value);
  }

  static void writeBinary(Numeric number, ByteWriter out) {
    if (!number.isFinite()) {
      int sign = number.isNaN() ? SIGN_NAN : number.signum() > 0 ? SIGN_PINF : SIGN_NINF;
      // PostgreSQL sends the scale field of infinities as 32; clients may compare bytes.
      out.putShort(0).putShort(0).putShort(sign).putShort(number.isNaN() ? 0 : 0x20);
      return;
    }
    BigDecimal value = number.decimal();
    String digits = value.unscaledValue().abs().toString();
    if (value.signum() == 0) {
      out.putShort(0).putShort(0).putShort(SIGN_POSITIVE).putShort(value.scale());
      return;
    }
    int scale = value.scale();
    // Zeros on both sides, so that groups of four digits fall on either side of the point.
    int right = (4 - scale % 4) % 4;
    int whole = digits.length() - scale;
    int left = Math.floorMod(-whole, 4);
    StringBuilder padded = new StringBuilder(digits.length() + 8);
    padded.append("0".repeat(left)).append(digits).append("0".repeat(right));
    int weight = Math.floorDiv(whole + 3, 4) - 1;
    int first = 0;
    int groups = padded.length() / 4;
    while (first < groups && group(padded, first) == 0) {
      first++;
      weight--;
    }
    int last = groups;
    while (last > first && group(padded, last - 1) == 0) {
      last--;
    }
    out.putShort(last - first)
        .putShort(weight)
        .putShort(value.signum() < 0 ? SIGN_NEGATIVE : SIGN_POSITIVE);
    out.putShort(scale);
    for (int i = first; i < last; i++) {
      out.putShort(group(padded, i));
    }
  }

  private static int group(CharSequence digits, int index) {
    int value = 0;
    for (int i = index * 4; i < index * 4 + 4; i++) {
      value = value * 10 + digits.charAt(i) - '0';
    }
    return value;
  }
}
