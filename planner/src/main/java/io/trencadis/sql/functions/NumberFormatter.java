package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Numeric;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/// to_char of numbers, and to_number.
final class NumberFormatter {
  private static final int ROMAN_WIDTH = 15;

  private NumberFormatter() {}

  static void register(Builtins.Registry to) {
    to.fn2("numeric_to_char", (a, b, cx) -> format((Numeric) a, (String) b, RoundingMode.HALF_UP));
    to.fn2(
        "int4_to_char",
        (a, b, cx) -> format(Numeric.of((Integer) a), (String) b, RoundingMode.HALF_UP));
    to.fn2(
        "int8_to_char",
        (a, b, cx) -> format(Numeric.of((Long) a), (String) b, RoundingMode.HALF_UP));
    to.fn2("float4_to_char", (a, b, cx) -> ofDouble(((Float) a).doubleValue(), (String) b));
    to.fn2("float8_to_char", (a, b, cx) -> ofDouble((Double) a, (String) b));
    to.fn2("numeric_to_number", (a, b, cx) -> parse((String) a, (String) b));
  }

  private static String ofDouble(double value, String template) {
    Numeric number =
        Double.isNaN(value) || Double.isInfinite(value)
            ? Numeric.NAN
            : Numeric.of(new BigDecimal(value));
    return format(number, template, RoundingMode.HALF_EVEN);
  }

  static String format(Numeric number, String template, RoundingMode rounding) {
    NumberPattern pattern = new NumberPattern(template);
    if (!number.isFinite()) {
      return unprintable(pattern);
    }
    if (pattern.roman) {
      return roman(number, pattern.fill);
    }
    BigDecimal value = number.decimal();
    if (pattern.exponent) {
      return scientific(value, pattern);
    }
    BigDecimal rounded =
        value.movePointRight(pattern.shiftedDigits()).setScale(pattern.after, rounding);
    return new Layout(pattern, rounded).print();
  }

  private static String unprintable(NumberPattern pattern) {
    StringBuilder out = new StringBuilder(" ");
    out.append("#".repeat(pattern.before));
    return pattern.point
        ? out.append('.').append("#".repeat(pattern.after)).toString()
        : out.toString();
  }

  private static String roman(Numeric number, boolean fill) {
    long value = number.decimal().setScale(0, RoundingMode.HALF_UP).longValue();
    if (value < 1 || value > 3999) {
      return "#".repeat(ROMAN_WIDTH);
    }
    int[] values = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
    String[] symbols = {"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"};
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      while (value >= values[i]) {
        out.append(symbols[i]);
        value -= values[i];
      }
    }
    return fill ? " ".repeat(ROMAN_WIDTH - out.length()) + out : out.toString();
  }

  private static String scientific(BigDecimal value, NumberPattern pattern) {
    int exponent = value.signum() == 0 ? 0 : value.precision() - value.scale() - 1;
    BigDecimal mantissa =
        value.movePointLeft(exponent).setScale(pattern.after, RoundingMode.HALF_UP);
    if (mantissa.abs().compareTo(BigDecimal.TEN) >= 0) {
      exponent++;
      mantissa = value.movePointLeft(exponent).setScale(pattern.after, RoundingMode.HALF_UP);
    }
    String sign = value.signum() < 0 ? "-" : pattern.fill ? " " : "";
    return sign
        + mantissa.abs().toPlainString()
        + "e"
        + (exponent < 0 ? "-" : "+")
        + String.format("%02d", Math.abs(exponent));
  }

  /// One number being laid out, piece by piece.
  private static final class Layout {
    private final NumberPattern pattern;
    private final boolean negative;
    private final StringBuilder out = new StringBuilder();
    private String whole;
    private String fraction;
    private final boolean overflow;
    private boolean signDone;
    private boolean started;
    private int position;
    private int decimals;

    Layout(NumberPattern pattern, BigDecimal value) {
      this.pattern = pattern;
      negative = value.signum() < 0;
      String digits = value.abs().toPlainString();
      int dot = digits.indexOf('.');
      whole = dot < 0 ? digits : digits.substring(0, dot);
      fraction = dot < 0 ? "" : digits.substring(dot + 1);
      overflow = whole.length() > pattern.before;
      // A zero before the point is printed only if there is nothing after it or the template says
      // 0.
      boolean nothingElse = !pattern.fill && pattern.keepAfter == 0 && value.signum() == 0;
      if ((whole.equals("0") && pattern.point && pattern.after > 0 && !nothingElse)
          || pattern.before == 0) {
        whole = "";
      }
      signDone = pattern.signAfter || pattern.minus;
    }

    String print() {
      String written = null;
      for (NumberPattern.Piece piece : pattern.pieces) {
        if (piece.field() == null) {
          out.append(piece.text());
          continue;
        }
        switch (piece.field()) {
          case "9", "0" -> digit();
          case ".", "D" -> {
            sign();
            started = true;
            out.append(pattern.after > 0 || overflow ? "." : "");
          }
          case ",", "G" -> out.append(started ? "," : pattern.fill ? " " : "");
          case "S" -> {
            if (pattern.signAfter) {
              out.append(negative ? '-' : '+');
            }
          }
          case "MI" -> out.append(negative ? "-" : pattern.fill ? " " : "");
          case "PL" -> out.append(negative ? (pattern.fill ? " " : "") : "+");
          case "SG" -> out.append(negative ? '-' : '+');
          case "PR" -> out.append(negative ? ">" : pattern.fill ? " " : "");
          case "L" -> out.append(pattern.fill ? " " : "");
          case "V" -> {
            // moves the point and prints nothing
          }
          default -> {
            written = piece.field();
            ordinal(written);
          }
        }
      }
      return out.toString();
    }

    private void ordinal(String written) {
      if (!negative && written.equalsIgnoreCase("TH") && !pattern.point) {
        String ending = DateTimeFormat.ordinal(whole.isEmpty() ? "0" : whole);
        out.append(written.equals("TH") ? ending.toUpperCase(Locale.ROOT) : ending);
      }
    }

    private void sign() {
      if (signDone) {
        return;
      }
      signDone = true;
      if (pattern.brackets) {
        out.append(negative ? "<" : pattern.fill ? " " : "");
      } else if (pattern.signBefore) {
        out.append(negative ? '-' : '+');
      } else {
        out.append(negative ? "-" : pattern.fill ? " " : "");
      }
    }

    private void digit() {
      if (position >= pattern.before) {
        decimal();
        return;
      }
      int lead = pattern.before - whole.length();
      int at = position++;
      if (overflow) {
        sign();
        started = true;
        out.append('#');
      } else if (at >= lead) {
        sign();
        started = true;
        out.append(whole.charAt(at - lead));
      } else if (pattern.zeroFrom >= 0 && at >= pattern.zeroFrom) {
        sign();
        started = true;
        out.append('0');
      } else if (pattern.fill) {
        out.append(' ');
      }
    }

    private void decimal() {
      int at = decimals++;
      if (overflow) {
        out.append('#');
        return;
      }
      boolean onlyZerosLeft =
          at >= pattern.keepAfter && fraction.substring(at).chars().allMatch(c -> c == '0');
      if (pattern.fill || !onlyZerosLeft) {
        out.append(fraction.charAt(at));
      }
    }
  }

  /// Reads as many digits as the template has places for, whatever stands between them.
  private static Numeric parse(String text, String template) {
    NumberPattern pattern = new NumberPattern(template);
    if (pattern.roman) {
      throw SqlException.notSupported("to_number with RN");
    }
    StringBuilder digits = new StringBuilder();
    boolean negative = false;
    boolean point = false;
    int at = 0;
    for (NumberPattern.Piece piece : pattern.pieces) {
      if (at >= text.length()) {
        break;
      }
      String field = piece.field() == null ? "" : piece.field();
      switch (field) {
        case "9", "0" -> {
          while (at < text.length()
              && (text.charAt(at) == ' '
                  || (digits.isEmpty() && "+-<".indexOf(text.charAt(at)) >= 0))) {
            negative |= "-<".indexOf(text.charAt(at)) >= 0;
            at++;
          }
          if (at < text.length() && Character.isDigit(text.charAt(at))) {
            digits.append(text.charAt(at++));
          } else if (at < text.length() && text.charAt(at) == '.' && !point) {
            point = true;
            digits.append('.');
            at++;
            if (at < text.length() && Character.isDigit(text.charAt(at))) {
              digits.append(text.charAt(at++));
            }
          }
        }
        case ".", "D" -> {
          if (text.charAt(at) == '.') {
            if (!point) {
              digits.append('.');
            }
            point = true;
            at++;
          }
        }
        case ",", "G" -> {
          if (text.charAt(at) == ',') {
            at++;
          }
        }
        case "S", "MI", "SG", "PL", "PR" -> {
          if ("+-<>".indexOf(text.charAt(at)) >= 0) {
            negative |= "-<".indexOf(text.charAt(at)) >= 0;
            at++;
          }
        }
        case "V" -> {
          // has no meaning here
        }
        default -> at++;
      }
    }
    String number = digits.toString();
    if (number.isEmpty() || number.equals(".")) {
      throw new SqlException(
          SqlState.INVALID_TEXT_REPRESENTATION,
          "invalid input syntax for type numeric: \"" + (negative ? "-" : " ") + number + "\"");
    }
    return Numeric.of(new BigDecimal((negative ? "-" : "") + number));
  }
}
