package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Calendar;
import io.trencadis.sql.types.Interval;

/// Arithmetic on intervals.
final class IntervalMath {
  private static final double MICROS = 1_000_000.0;
  private static final int DAYS_PER_MONTH = 30;
  private static final double SECONDS_PER_DAY = 86_400.0;

  private IntervalMath() {}

  static SqlException outOfRange() {
    return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "interval out of range");
  }

  static Interval add(Interval a, Interval b) {
    try {
      return new Interval(
          Math.addExact(a.months(), b.months()),
          Math.addExact(a.days(), b.days()),
          Math.addExact(a.micros(), b.micros()));
    } catch (ArithmeticException e) {
      throw outOfRange();
    }
  }

  static Interval subtract(Interval a, Interval b) {
    try {
      return new Interval(
          Math.subtractExact(a.months(), b.months()),
          Math.subtractExact(a.days(), b.days()),
          Math.subtractExact(a.micros(), b.micros()));
    } catch (ArithmeticException e) {
      throw outOfRange();
    }
  }

  static Interval negate(Interval a) {
    return subtract(Interval.ZERO, a);
  }

  static Interval multiply(Interval a, double factor) {
    return scaled(a, a.months() * factor, a.days() * factor, a.micros() * factor);
  }

  static Interval divide(Interval a, double divisor) {
    if (divisor == 0) {
      throw IntegerFunctions.divisionByZero();
    }
    return scaled(a, a.months() / divisor, a.days() / divisor, a.micros() / divisor);
  }

  /// Fractions of a month become days, and fractions of a day time: never the other way.
  private static Interval scaled(Interval a, double months, double days, double micros) {
    int wholeMonths = toInt(months);
    int wholeDays = toInt(days);
    double monthDays = toMicroseconds((months - wholeMonths) * DAYS_PER_MONTH);
    double seconds =
        toMicroseconds((days - wholeDays + monthDays - (int) monthDays) * SECONDS_PER_DAY);
    if (Math.abs(seconds) >= SECONDS_PER_DAY) {
      int extra = (int) (seconds / SECONDS_PER_DAY);
      wholeDays = addExact(wholeDays, extra);
      seconds -= extra * SECONDS_PER_DAY;
    }
    wholeDays = addExact(wholeDays, (int) monthDays);
    double time = Math.rint(micros + seconds * MICROS);
    if (!(time >= -0x1p63 && time < 0x1p63)) {
      throw outOfRange();
    }
    return new Interval(wholeMonths, wholeDays, (long) time);
  }

  private static double toMicroseconds(double value) {
    return Math.rint(value * MICROS) / MICROS;
  }

  private static int toInt(double value) {
    if (value != value || value > Integer.MAX_VALUE || value < Integer.MIN_VALUE) {
      throw outOfRange();
    }
    return (int) value;
  }

  private static int addExact(int a, int b) {
    try {
      return Math.addExact(a, b);
    } catch (ArithmeticException e) {
      throw outOfRange();
    }
  }

  /// Whole days out of the time part.
  static Interval justifyHours(Interval a) {
    long days = a.micros() / Calendar.MICROS_PER_DAY;
    long micros = a.micros() % Calendar.MICROS_PER_DAY;
    long total = a.days() + days;
    if (total > 0 && micros < 0) {
      micros += Calendar.MICROS_PER_DAY;
      total--;
    } else if (total < 0 && micros > 0) {
      micros -= Calendar.MICROS_PER_DAY;
      total++;
    }
    return new Interval(a.months(), checked(total), micros);
  }

  /// Whole months of 30 days out of the days.
  static Interval justifyDays(Interval a) {
    long months = (long) a.months() + a.days() / DAYS_PER_MONTH;
    int days = a.days() % DAYS_PER_MONTH;
    if (months > 0 && days < 0) {
      days += DAYS_PER_MONTH;
      months--;
    } else if (months < 0 && days > 0) {
      days -= DAYS_PER_MONTH;
      months++;
    }
    return new Interval(checked(months), days, a.micros());
  }

  /// Both, and all three parts of one sign.
  static Interval justify(Interval a) {
    long months = a.months();
    long days = a.days();
    long micros = a.micros();
    if ((days > 0 && micros > 0) || (days < 0 && micros < 0)) {
      months += days / DAYS_PER_MONTH;
      days %= DAYS_PER_MONTH;
    }
    days += micros / Calendar.MICROS_PER_DAY;
    micros %= Calendar.MICROS_PER_DAY;
    months += days / DAYS_PER_MONTH;
    days %= DAYS_PER_MONTH;
    if (months > 0 && (days < 0 || (days == 0 && micros < 0))) {
      days += DAYS_PER_MONTH;
      months--;
    } else if (months < 0 && (days > 0 || (days == 0 && micros > 0))) {
      days -= DAYS_PER_MONTH;
      months++;
    }
    if (days > 0 && micros < 0) {
      micros += Calendar.MICROS_PER_DAY;
      days--;
    } else if (days < 0 && micros > 0) {
      micros -= Calendar.MICROS_PER_DAY;
      days++;
    }
    return new Interval(checked(months), checked(days), micros);
  }

  private static int checked(long value) {
    if (value != (int) value) {
      throw outOfRange();
    }
    return (int) value;
  }
}
