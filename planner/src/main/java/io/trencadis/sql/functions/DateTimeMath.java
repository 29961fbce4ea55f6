package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Calendar;
import io.trencadis.sql.types.Interval;
import io.trencadis.sql.types.Zones;
import java.time.ZoneId;

/// Arithmetic on dates and timestamps.
final class DateTimeMath {
  private DateTimeMath() {}

  static SqlException timestampOutOfRange() {
    return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "timestamp out of range");
  }

  static SqlException dateOutOfRange() {
    return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "date out of range");
  }

  static long checkedTimestamp(long micros) {
    if (!Calendar.isTimestamp(micros)) {
      throw timestampOutOfRange();
    }
    return micros;
  }

  static int checkedDate(long days) {
    if (!Calendar.isDate(days)) {
      throw dateOutOfRange();
    }
    return (int) days;
  }

  /// Adds months (cutting the day to the month's end), then days, on the local calendar.
  private static long addCalendar(long micros, int monthCount, int dayCount) {
    long days = Calendar.dayOf(micros);
    long time = Calendar.timeOf(micros);
    if (monthCount != 0) {
      long months = Calendar.year(days) * 12L + Calendar.month(days) - 1 + monthCount;
      long year = Math.floorDiv(months, 12L);
      int month = (int) Math.floorMod(months, 12L) + 1;
      int day = Math.min(Calendar.day(days), Calendar.daysInMonth(year, month));
      days = Calendar.days(year, month, day);
    }
    days += dayCount;
    try {
      return Math.addExact(Math.multiplyExact(days, Calendar.MICROS_PER_DAY), time);
    } catch (ArithmeticException e) {
      throw timestampOutOfRange();
    }
  }

  static long timestampPlus(long micros, Interval interval) {
    if (Calendar.isInfinite(micros)) {
      return micros;
    }
    try {
      long moved =
          interval.months() == 0 && interval.days() == 0
              ? micros
              : checkedTimestamp(addCalendar(micros, interval.months(), interval.days()));
      return checkedTimestamp(Math.addExact(moved, interval.micros()));
    } catch (ArithmeticException e) {
      throw timestampOutOfRange();
    }
  }

  /// Months and days move the local time, so that they cross changes of the clock; time is added to
  /// the instant.
  static long timestamptzPlus(long utcMicros, Interval interval, EvalContext cx) {
    return timestamptzPlus(utcMicros, interval, cx.timeZone());
  }

  static long timestamptzPlus(long utcMicros, Interval interval, ZoneId zone) {
    if (Calendar.isInfinite(utcMicros)) {
      return utcMicros;
    }
    try {
      long moved = utcMicros;
      if (interval.months() != 0 || interval.days() != 0) {
        long local = Zones.toLocal(zone, utcMicros);
        moved = Zones.toUtc(zone, addCalendar(local, interval.months(), interval.days()));
      }
      return checkedTimestamp(Math.addExact(moved, interval.micros()));
    } catch (ArithmeticException e) {
      throw timestampOutOfRange();
    }
  }

  /// The difference in days and time: whole days of 24 hours are days.
  static Interval difference(long a, long b) {
    if (Calendar.isInfinite(a) || Calendar.isInfinite(b)) {
      throw new SqlException(
          SqlState.DATETIME_FIELD_OVERFLOW, "cannot subtract infinite timestamps");
    }
    try {
      return IntervalMath.justifyHours(new Interval(0, 0, Math.subtractExact(a, b)));
    } catch (ArithmeticException e) {
      throw IntervalMath.outOfRange();
    }
  }

  static long dateToTimestamp(int date) {
    if (Calendar.isInfinite(date)) {
      return date > 0 ? Calendar.TIMESTAMP_INFINITY : Calendar.TIMESTAMP_MINUS_INFINITY;
    }
    if (date >= Calendar.END_TIMESTAMP / Calendar.MICROS_PER_DAY) {
      throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "date out of range for timestamp");
    }
    return date * Calendar.MICROS_PER_DAY;
  }

  static int timestampToDate(long micros) {
    if (Calendar.isInfinite(micros)) {
      return micros > 0 ? Calendar.DATE_INFINITY : Calendar.DATE_MINUS_INFINITY;
    }
    return (int) Calendar.dayOf(micros);
  }

  /// `age(a, b)`: years, months, days and time, each counted on the calendar.
  static Interval age(long a, long b) {
    if (Calendar.isInfinite(a) || Calendar.isInfinite(b)) {
      throw timestampOutOfRange();
    }
    boolean swapped = a < b;
    long later = swapped ? b : a;
    long earlier = swapped ? a : b;
    long laterDay = Calendar.dayOf(later);
    long earlierDay = Calendar.dayOf(earlier);
    int months =
        (Calendar.year(laterDay) - Calendar.year(earlierDay)) * 12
            + Calendar.month(laterDay)
            - Calendar.month(earlierDay);
    int days = Calendar.day(laterDay) - Calendar.day(earlierDay);
    long time = Calendar.timeOf(later) - Calendar.timeOf(earlier);
    if (time < 0) {
      time += Calendar.MICROS_PER_DAY;
      days--;
    }
    while (days < 0) {
      // The days of the month that the span began in.
      days += Calendar.daysInMonth(Calendar.year(earlierDay), Calendar.month(earlierDay));
      months--;
    }
    Interval span = new Interval(months, days, time);
    return swapped ? IntervalMath.negate(span) : span;
  }
}
