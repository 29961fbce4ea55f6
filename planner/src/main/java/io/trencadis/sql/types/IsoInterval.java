package io.trencadis.sql.types;

import java.math.BigDecimal;

/// Intervals of ISO 8601: `P1Y2M3DT4H5M6S`, and the form of a date and time,
/// `P0001-02-03T04:05:06`.
final class IsoInterval {
  private final IntervalInput target;
  private final String text;
  private int at = 1;

  IsoInterval(IntervalInput target, String text) {
    this.target = target;
    this.text = text;
  }

  void read() {
    boolean time = false;
    boolean any = false;
    if (text.length() < 2) {
      throw target.badFormat();
    }
    while (at < text.length()) {
      if (text.charAt(at) == 't') {
        if (time) {
          throw target.badFormat();
        }
        time = true;
        at++;
        continue;
      }
      BigDecimal number = number();
      char unit = at < text.length() ? text.charAt(at) : 0;
      if (unit == '-' || unit == ':' || unit == 0 || (unit == 't' && !time)) {
        alternative(number, time, unit);
        any = true;
        continue;
      }
      at++;
      add(number, unit, time);
      any = true;
    }
    if (!any) {
      throw target.badFormat();
    }
  }

  private BigDecimal number() {
    int from = at;
    if (at < text.length() && "+-".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    while (at < text.length() && (Scan.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    if (from == at) {
      throw target.badFormat();
    }
    return target.number(text.substring(from, at));
  }

  private void add(BigDecimal number, char unit, boolean time) {
    if (time) {
      switch (unit) {
        case 'h' -> target.addSeconds(number.multiply(BigDecimal.valueOf(3600)));
        case 'm' -> target.addSeconds(number.multiply(BigDecimal.valueOf(60)));
        case 's' -> target.addSeconds(number);
        default -> throw target.badFormat();
      }
    } else {
      switch (unit) {
        case 'y' -> target.addYears(number, 12);
        case 'm' -> target.addMonths(number);
        case 'w' -> target.addDays(number.multiply(BigDecimal.valueOf(7)));
        case 'd' -> target.addDays(number);
        default -> throw target.badFormat();
      }
    }
  }

  /// Parts separated by hyphens, or by colons after the T, in the order of their size.
  private void alternative(BigDecimal first, boolean time, char separator) {
    BigDecimal[] parts = {first, BigDecimal.ZERO, BigDecimal.ZERO};
    int count = 1;
    char between = time ? ':' : '-';
    while (count < 3 && at < text.length() && text.charAt(at) == between) {
      at++;
      parts[count++] = number();
    }
    if (at < text.length() && (time || text.charAt(at) != 't')) {
      throw target.badFormat();
    }
    if (time) {
      target.addSeconds(parts[0].multiply(BigDecimal.valueOf(3600)));
      target.addSeconds(parts[1].multiply(BigDecimal.valueOf(60)));
      target.addSeconds(parts[2]);
    } else if (count == 1 && separator == 0 && first.scale() <= 0 && first.precision() >= 8) {
      // yyyymmdd without separators
      long digits = first.longValue();
      target.addYears(BigDecimal.valueOf(digits / 10_000), 12);
      target.addMonths(BigDecimal.valueOf(digits / 100 % 100));
      target.addDays(BigDecimal.valueOf(digits % 100));
    } else {
      target.addYears(parts[0], 12);
      target.addMonths(parts[1]);
      target.addDays(parts[2]);
    }
  }
}
