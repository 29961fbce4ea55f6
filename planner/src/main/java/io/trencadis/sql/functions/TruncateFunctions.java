package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Calendar;
import io.trencadis.sql.types.Interval;
import io.trencadis.sql.types.Zones;
import java.time.ZoneId;

/// date_trunc and date_bin.
final class TruncateFunctions {
  private TruncateFunctions() {}

  static void register(Builtins.Registry to) {
    to.fn2(
        "timestamp_trunc",
        (a, b, cx) -> {
          String type = "timestamp without time zone";
          DateTimeFields field = DateTimeFields.ofSpan((String) a, type);
          return Calendar.isInfinite((long) (Long) b)
              ? b
              : DateTimeMath.checkedTimestamp(truncate(field, (Long) b, (String) a, type));
        });
    to.fn2("timestamptz_trunc", (a, b, cx) -> withZone((String) a, (Long) b, cx.timeZone()));
    to.fn3(
        "timestamptz_trunc_zone",
        (a, b, c, cx) -> withZone((String) a, (Long) b, DateTimeFunctions.zone((String) c)));
    to.fn2("interval_trunc", (a, b, cx) -> interval((String) a, (Interval) b));
    to.fn3("timestamp_bin", (a, b, c, cx) -> bin((Interval) a, (Long) b, (Long) c));
    to.fn3("timestamptz_bin", (a, b, c, cx) -> bin((Interval) a, (Long) b, (Long) c));
  }

  private static long withZone(String unit, long micros, ZoneId zone) {
    String type = "timestamp with time zone";
    DateTimeFields field = DateTimeFields.ofSpan(unit, type);
    if (Calendar.isInfinite(micros)) {
      return micros;
    }
    int east = Zones.offsetAt(zone, micros);
    long local = truncate(field, micros + east * Calendar.MICROS_PER_SECOND, unit, type);
    if (field.ordinal() <= DateTimeFields.HOUR.ordinal()) {
      // Within an hour the offset stays, so that a time that exists twice is not mistaken for the
      // other.
      return DateTimeMath.checkedTimestamp(local - east * Calendar.MICROS_PER_SECOND);
    }
    return Zones.toUtc(zone, local);
  }

  private static long truncate(DateTimeFields field, long micros, String unit, String type) {
    long days = Calendar.dayOf(micros);
    int year = Calendar.year(days);
    long first =
        switch (field) {
          case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR -> 0;
          case DAY -> days;
          case WEEK -> days - Math.floorMod(Calendar.dayOfWeek(days) + 6, 7);
          case MONTH -> Calendar.days(year, Calendar.month(days), 1);
          case QUARTER -> Calendar.days(year, (Calendar.month(days) - 1) / 3 * 3 + 1, 1);
          case YEAR -> Calendar.days(year, 1, 1);
          case DECADE ->
              Calendar.days(year > 0 ? year / 10 * 10 : -((8 - (year - 1)) / 10) * 10, 1, 1);
          case CENTURY ->
              Calendar.days(
                  year > 0 ? (year + 99) / 100 * 100 - 99 : -((99 - (year - 1)) / 100) * 100 + 1,
                  1,
                  1);
          case MILLENNIUM ->
              Calendar.days(
                  year > 0
                      ? (year + 999) / 1000 * 1000 - 999
                      : -((999 - (year - 1)) / 1000) * 1000 + 1,
                  1,
                  1);
          default -> throw DateTimeFields.notSupported(unit, type);
        };
    return switch (field) {
      case MICROSECONDS -> micros;
      case MILLISECONDS -> down(micros, 1000);
      case SECOND -> down(micros, Calendar.MICROS_PER_SECOND);
      case MINUTE -> down(micros, Calendar.MICROS_PER_MINUTE);
      case HOUR -> down(micros, Calendar.MICROS_PER_HOUR);
      default -> first * Calendar.MICROS_PER_DAY;
    };
  }

  private static long down(long micros, long unit) {
    return micros - Math.floorMod(micros, unit);
  }

  private static Interval interval(String unit, Interval value) {
    int months = value.months();
    long micros = value.micros();
    return switch (DateTimeFields.ofSpan(unit, "interval")) {
      case MILLENNIUM -> new Interval(months / 12_000 * 12_000, 0, 0);
      case CENTURY -> new Interval(months / 1200 * 1200, 0, 0);
      case DECADE -> new Interval(months / 120 * 120, 0, 0);
      case YEAR -> new Interval(months / 12 * 12, 0, 0);
      case QUARTER -> new Interval(months / 3 * 3, 0, 0);
      case MONTH -> new Interval(months, 0, 0);
      case DAY -> new Interval(months, value.days(), 0);
      case HOUR -> time(value, micros / Calendar.MICROS_PER_HOUR * Calendar.MICROS_PER_HOUR);
      case MINUTE -> time(value, micros / Calendar.MICROS_PER_MINUTE * Calendar.MICROS_PER_MINUTE);
      case SECOND -> time(value, micros / Calendar.MICROS_PER_SECOND * Calendar.MICROS_PER_SECOND);
      case MILLISECONDS -> time(value, micros / 1000 * 1000);
      case MICROSECONDS -> value;
      case WEEK ->
          throw DateTimeFields.notSupported(unit, "interval")
              .detail("Months usually have fractional weeks.");
      default -> throw DateTimeFields.notSupported(unit, "interval");
    };
  }

  private static Interval time(Interval value, long micros) {
    return new Interval(value.months(), value.days(), micros);
  }

  private static long bin(Interval stride, long source, long origin) {
    if (Calendar.isInfinite(source)) {
      return source;
    }
    if (Calendar.isInfinite(origin)) {
      throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "origin out of range");
    }
    if (stride.months() != 0) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "timestamps cannot be binned into intervals containing months or years");
    }
    try {
      long step =
          Math.addExact(
              Math.multiplyExact(stride.days(), Calendar.MICROS_PER_DAY), stride.micros());
      if (step <= 0) {
        throw new SqlException(
            SqlState.DATETIME_FIELD_OVERFLOW, "stride must be greater than zero");
      }
      long distance = Math.subtractExact(source, origin);
      return Math.addExact(origin, Math.floorDiv(distance, step) * step);
    } catch (ArithmeticException e) {
      throw IntervalMath.outOfRange();
    }
  }
}
