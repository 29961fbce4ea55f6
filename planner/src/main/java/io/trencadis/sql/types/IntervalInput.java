package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/// Reads intervals: quantities with units, `hh:mm:ss`, SQL's `years-months`, and ISO 8601.
///
/// Tokens are read from the last to the first, because a bare number takes its unit from what
/// follows it.
final class IntervalInput {
  private static final BigDecimal MICROS_PER_SECOND =
      BigDecimal.valueOf(Calendar.MICROS_PER_SECOND);

  private final String input;
  private final int fields;
  private final java.util.EnumSet<IntervalUnits.Unit> seen =
      java.util.EnumSet.noneOf(IntervalUnits.Unit.class);
  private BigDecimal months = BigDecimal.ZERO;
  private BigDecimal days = BigDecimal.ZERO;
  private BigDecimal micros = BigDecimal.ZERO;

  private IntervalInput(String input, int fields) {
    this.input = input;
    this.fields = fields;
  }

  static Interval parse(String text, int fields, TypeContext cx) {
    IntervalInput reader = new IntervalInput(text, fields);
    String trimmed = Ascii.lower(Scan.trim(text));
    if (trimmed.isEmpty()) {
      throw reader.badFormat();
    }
    int p = trimmed.charAt(0) == '-' ? 1 : 0;
    if (trimmed.length() > p && trimmed.charAt(p) == 'p' && p == 0) {
      new IsoInterval(reader, trimmed).read();
    } else {
      reader.readWords(trimmed, cx.intervalStyle() == TypeContext.IntervalStyle.SQL_STANDARD);
    }
    return reader.result();
  }

  SqlException badFormat() {
    return new SqlException(
        SqlState.INVALID_DATETIME_FORMAT,
        "invalid input syntax for type interval: \"" + input + "\"");
  }

  SqlException fieldOverflow() {
    return new SqlException(
        SqlState.INTERVAL_FIELD_OVERFLOW, "interval field value out of range: \"" + input + "\"");
  }

  private Interval result() {
    long wholeMonths = whole(months);
    long wholeDays = whole(days);
    BigDecimal rounded = micros.setScale(0, RoundingMode.HALF_EVEN);
    if (wholeMonths != (int) wholeMonths || wholeDays != (int) wholeDays) {
      throw fieldOverflow();
    }
    if (rounded.unscaledValue().bitLength() > 63) {
      throw fieldOverflow();
    }
    return new Interval((int) wholeMonths, (int) wholeDays, rounded.longValue());
  }

  private long whole(BigDecimal value) {
    if (value.precision() - value.scale() > 18) {
      throw fieldOverflow();
    }
    return value.longValue();
  }

  void addMonths(BigDecimal count) {
    BigDecimal whole = count.setScale(0, RoundingMode.DOWN);
    months = months.add(whole);
    addDays(count.subtract(whole).multiply(BigDecimal.valueOf(30)));
  }

  /// Years have no smaller parts than months: the fraction is rounded to whole months.
  void addYears(BigDecimal count, int monthsPerUnit) {
    BigDecimal whole = count.setScale(0, RoundingMode.DOWN);
    BigDecimal rest = count.subtract(whole).multiply(BigDecimal.valueOf(monthsPerUnit));
    months =
        months
            .add(whole.multiply(BigDecimal.valueOf(monthsPerUnit)))
            .add(rest.setScale(0, RoundingMode.HALF_EVEN));
  }

  void addDays(BigDecimal count) {
    BigDecimal whole = count.setScale(0, RoundingMode.DOWN);
    days = days.add(whole);
    micros =
        micros.add(count.subtract(whole).multiply(BigDecimal.valueOf(Calendar.MICROS_PER_DAY)));
  }

  void addSeconds(BigDecimal count) {
    micros = micros.add(count.multiply(MICROS_PER_SECOND));
  }

  private record Token(char kind, String text, int sign) {}

  private List<Token> tokens(String text) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int start = at;
      if (Scan.isSpace(c) || c == '@' || c == ',') {
        at++;
        continue;
      }
      int sign = 0;
      if (c == '+' || c == '-') {
        sign = c == '-' ? -1 : 1;
        at++;
        while (at < text.length() && Scan.isSpace(text.charAt(at))) {
          at++;
        }
        start = at;
        if (at >= text.length()) {
          throw badFormat();
        }
        c = text.charAt(at);
      }
      if (Scan.isDigit(c) || c == '.') {
        boolean colon = false;
        boolean hyphen = false;
        while (at < text.length()) {
          char d = text.charAt(at);
          boolean exponent =
              d == 'e'
                  && at + 1 < text.length()
                  && (Scan.isDigit(text.charAt(at + 1))
                      || "+-".indexOf(text.charAt(at + 1)) >= 0
                          && at + 2 < text.length()
                          && Scan.isDigit(text.charAt(at + 2)));
          if (d == ':') {
            colon = true;
          } else if (d == '-'
              && at > start
              && !hyphen
              && at + 1 < text.length()
              && Scan.isDigit(text.charAt(at + 1))) {
            hyphen = true;
          } else if (d == '-' && hyphen) {
            throw badFormat();
          } else if (exponent) {
            at++;
          } else if (!Scan.isDigit(d) && d != '.') {
            break;
          }
          at++;
        }
        tokens.add(new Token(colon ? ':' : hyphen ? '-' : '9', text.substring(start, at), sign));
      } else if (DateTimeToken.isLetter(c) && sign == 0) {
        while (at < text.length() && (DateTimeToken.isLetter(text.charAt(at)))) {
          at++;
        }
        tokens.add(new Token('a', text.substring(start, at), 0));
      } else {
        throw badFormat();
      }
    }
    return tokens;
  }

  private void readWords(String text, boolean sqlStandard) {
    List<Token> tokens = tokens(text);
    boolean ago = false;
    boolean any = false;
    // In SQL's style a leading minus is meant for all fields, if no other field has a sign.
    boolean negateAll = false;
    if (sqlStandard && !tokens.isEmpty() && tokens.getFirst().sign() < 0) {
      negateAll = true;
      for (int i = 1; i < tokens.size(); i++) {
        negateAll &= tokens.get(i).sign() == 0;
      }
    }
    String unit = null;
    boolean timeSeen = false;
    for (int i = tokens.size() - 1; i >= 0; i--) {
      Token token = tokens.get(i);
      int sign = negateAll ? -1 : token.sign() == 0 ? 1 : token.sign();
      switch (token.kind()) {
        case ':' -> {
          once(IntervalUnits.Unit.HOUR);
          once(IntervalUnits.Unit.MINUTE);
          once(IntervalUnits.Unit.SECOND);
          once(IntervalUnits.Unit.MILLISECOND);
          once(IntervalUnits.Unit.MICROSECOND);
          addClock(token.text(), sign);
          timeSeen = true;
          unit = "day";
          any = true;
        }
        case '-' -> {
          String[] parts = token.text().split("-", -1);
          if (parts.length != 2 || parts[1].isEmpty()) {
            throw badFormat();
          }
          once(IntervalUnits.Unit.MONTH);
          int year = number(parts[0]).intValue();
          int month = number(parts[1]).intValue();
          if (month > 11) {
            throw fieldOverflow();
          }
          months = months.add(BigDecimal.valueOf(sign * (year * 12L + month)));
          unit = null;
          any = true;
        }
        case '9' -> {
          if (unit == null) {
            unit = defaultUnit(timeSeen);
          }
          add(number(token.text()).multiply(BigDecimal.valueOf(sign)), unit);
          // What stands before hours counts days.
          timeSeen = IntervalUnits.unit(unit) == IntervalUnits.Unit.HOUR;
          unit = null;
          any = true;
        }
        default -> {
          if (token.text().equals("ago")) {
            if (i != tokens.size() - 1) {
              throw badFormat();
            }
            ago = true;
          } else if (IntervalUnits.isUnit(token.text())) {
            if (i == 0 || tokens.get(i - 1).kind() == 'a') {
              throw badFormat();
            }
            unit = token.text();
          } else {
            throw badFormat();
          }
        }
      }
    }
    if (!any) {
      throw badFormat();
    }
    if (ago) {
      months = months.negate();
      days = days.negate();
      micros = micros.negate();
    }
  }

  /// What a bare number counts: the smallest field that the type is restricted to, seconds if it is
  /// not.
  private String defaultUnit(boolean timeSeen) {
    if (timeSeen) {
      return "day";
    }
    if (fields == Typmods.INTERVAL_FULL_RANGE || (fields & Typmods.SECOND) != 0) {
      return "second";
    }
    if ((fields & Typmods.MINUTE) != 0) {
      return "minute";
    }
    if ((fields & Typmods.HOUR) != 0) {
      return "hour";
    }
    if ((fields & Typmods.DAY) != 0) {
      return "day";
    }
    return (fields & Typmods.MONTH) != 0 ? "month" : "year";
  }

  BigDecimal number(String text) {
    try {
      BigDecimal value = new BigDecimal(text.endsWith(".") ? text + "0" : text);
      if (Math.abs((long) value.scale()) > 400) {
        throw fieldOverflow();
      }
      return value;
    } catch (NumberFormatException e) {
      throw badFormat();
    }
  }

  /// `hh:mm`, `hh:mm:ss` or `mm:ss.fff`.
  private void addClock(String text, int sign) {
    String[] parts = text.split(":", -1);
    if (parts.length > 3) {
      throw badFormat();
    }
    for (int i = 0; i < parts.length - 1; i++) {
      if (parts[i].isEmpty() || parts[i].indexOf('.') >= 0 || parts[i].indexOf('e') >= 0) {
        throw badFormat();
      }
    }
    BigDecimal last =
        parts[parts.length - 1].isEmpty() ? BigDecimal.ZERO : number(parts[parts.length - 1]);
    boolean minutesFirst =
        parts.length == 2
            && (parts[1].indexOf('.') >= 0 || fields == (Typmods.MINUTE | Typmods.SECOND));
    BigDecimal hours = minutesFirst ? BigDecimal.ZERO : number(parts[0]);
    BigDecimal minutes =
        minutesFirst ? number(parts[0]) : parts.length == 2 ? last : number(parts[1]);
    BigDecimal seconds = parts.length == 3 || minutesFirst ? last : BigDecimal.ZERO;
    if (minutes.compareTo(BigDecimal.valueOf(59)) > 0
        || seconds.compareTo(BigDecimal.valueOf(60)) > 0) {
      throw fieldOverflow();
    }
    BigDecimal total =
        hours
            .multiply(BigDecimal.valueOf(3600))
            .add(minutes.multiply(BigDecimal.valueOf(60)))
            .add(seconds);
    addSeconds(total.multiply(BigDecimal.valueOf(sign)));
  }

  /// A unit may be given once.
  private void once(IntervalUnits.Unit unit) {
    if (!seen.add(unit)) {
      throw badFormat();
    }
  }

  private void add(BigDecimal count, String unit) {
    once(IntervalUnits.unit(unit));
    if (IntervalUnits.unit(unit) == IntervalUnits.Unit.SECOND
        && count.stripTrailingZeros().scale() > 0) {
      // A fraction of seconds is milliseconds and microseconds too.
      once(IntervalUnits.Unit.MILLISECOND);
      once(IntervalUnits.Unit.MICROSECOND);
    }
    switch (IntervalUnits.unit(unit)) {
      case MICROSECOND -> micros = micros.add(count);
      case MILLISECOND -> micros = micros.add(count.multiply(BigDecimal.valueOf(1000)));
      case SECOND -> addSeconds(count);
      case MINUTE -> addSeconds(count.multiply(BigDecimal.valueOf(60)));
      case HOUR -> addSeconds(count.multiply(BigDecimal.valueOf(3600)));
      case DAY -> addDays(count);
      case WEEK -> addDays(count.multiply(BigDecimal.valueOf(7)));
      case MONTH -> addMonths(count);
      case YEAR -> addYears(count, 12);
      case DECADE -> addYears(count, 120);
      case CENTURY -> addYears(count, 1200);
      case MILLENNIUM -> addYears(count, 12_000);
    }
  }
}
