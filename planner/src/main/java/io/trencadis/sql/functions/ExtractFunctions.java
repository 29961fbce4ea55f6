package io.trencadis.sql.functions;

import io.trencadis.sql.types.Calendar;
import io.trencadis.sql.types.Interval;
import io.trencadis.sql.types.Numeric;
import io.trencadis.sql.types.TimeTz;
import io.trencadis.sql.types.Zones;

/// EXTRACT, which gives numeric, and date_part, which gives the same as double precision.
final class ExtractFunctions {
  /// Takes a field out of a value; null for null.
  private interface Extract {
    Numeric apply(String unit, Object value, EvalContext cx);
  }

  private static final Numeric MICROS_PER_DAY = Numeric.of(Calendar.MICROS_PER_DAY);

  private ExtractFunctions() {}

  static void register(Builtins.Registry to) {
    both(to, "extract_timestamp", "timestamp_part", ExtractFunctions::timestamp);
    both(to, "extract_timestamptz", "timestamptz_part", ExtractFunctions::timestamptz);
    both(to, "extract_time", "time_part", ExtractFunctions::time);
    both(to, "extract_timetz", "timetz_part", ExtractFunctions::timetz);
    both(to, "extract_interval", "interval_part", ExtractFunctions::interval);
    to.fn2("extract_date", (a, b, cx) -> date((String) a, (Integer) b));
    // date_part(text, date) goes by way of a timestamp.
    to.fn2(
        "#1384",
        (a, b, cx) ->
            toDouble(timestamp((String) a, DateTimeMath.dateToTimestamp((Integer) b), cx)));
  }

  private static void both(Builtins.Registry to, String extract, String part, Extract code) {
    to.fn2(extract, (a, b, cx) -> code.apply((String) a, b, cx));
    to.fn2(part, (a, b, cx) -> toDouble(code.apply((String) a, b, cx)));
  }

  private static Double toDouble(Numeric value) {
    return value == null ? null : value.doubleValue();
  }

  private static Numeric infinite(DateTimeFields field, boolean positive) {
    if (!field.growsForever()) {
      return null;
    }
    return positive ? Numeric.POSITIVE_INFINITY : Numeric.NEGATIVE_INFINITY;
  }

  private static Numeric julian(long micros) {
    return NumericMath.add(
        Numeric.of(Calendar.dayOf(micros) + Calendar.JULIAN_EPOCH),
        NumericMath.divide(Numeric.of(Calendar.timeOf(micros)), MICROS_PER_DAY));
  }

  private static Numeric epoch(long micros) {
    return Numeric.of(
        java.math.BigDecimal.valueOf(micros, 6)
            .add(java.math.BigDecimal.valueOf(Calendar.UNIX_EPOCH_DAYS * 86_400L)));
  }

  private static Numeric timestamp(String unit, Object value, EvalContext cx) {
    String type = "timestamp without time zone";
    DateTimeFields field = DateTimeFields.of(unit, type);
    long micros = (Long) value;
    if (Calendar.isInfinite(micros)) {
      return infinite(field, micros > 0);
    }
    Numeric found =
        field == DateTimeFields.EPOCH
            ? epoch(micros)
            : field == DateTimeFields.JULIAN ? julian(micros) : field.ofLocal(micros);
    if (found == null) {
      throw DateTimeFields.notSupported(unit, type);
    }
    return found;
  }

  private static Numeric timestamptz(String unit, Object value, EvalContext cx) {
    DateTimeFields field = DateTimeFields.of(unit, "timestamp with time zone");
    long micros = (Long) value;
    if (Calendar.isInfinite(micros)) {
      return infinite(field, micros > 0);
    }
    int east = Zones.offsetAt(cx.timeZone(), micros);
    long local = micros + east * Calendar.MICROS_PER_SECOND;
    return switch (field) {
      case EPOCH -> epoch(micros);
      case JULIAN -> julian(local);
      case TIMEZONE -> Numeric.of(east);
      case TIMEZONE_HOUR -> Numeric.of(east / 3600);
      case TIMEZONE_MINUTE -> Numeric.of(east / 60 % 60);
      default -> field.ofLocal(local);
    };
  }

  private static Numeric date(String unit, int days) {
    DateTimeFields field = DateTimeFields.of(unit, "date");
    if (field.ordinal() <= DateTimeFields.HOUR.ordinal()
        || field.ordinal() >= DateTimeFields.TIMEZONE.ordinal()) {
      throw DateTimeFields.notSupported(unit, "date");
    }
    if (Calendar.isInfinite(days)) {
      return infinite(field, days > 0);
    }
    return switch (field) {
      case EPOCH -> Numeric.of((days + (long) Calendar.UNIX_EPOCH_DAYS) * 86_400L);
      case JULIAN -> Numeric.of(days + (long) Calendar.JULIAN_EPOCH);
      default -> field.ofDate(days);
    };
  }

  private static Numeric time(String unit, Object value, EvalContext cx) {
    String type = "time without time zone";
    DateTimeFields field = DateTimeFields.of(unit, type);
    long micros = (Long) value;
    Numeric found =
        field == DateTimeFields.EPOCH ? DateTimeFields.scaled(micros, 6) : field.ofTime(micros);
    if (found == null) {
      throw DateTimeFields.notSupported(unit, type);
    }
    return found;
  }

  private static Numeric timetz(String unit, Object value, EvalContext cx) {
    String type = "time with time zone";
    DateTimeFields field = DateTimeFields.of(unit, type);
    TimeTz time = (TimeTz) value;
    Numeric found =
        switch (field) {
          case EPOCH -> DateTimeFields.scaled(time.utcMicros(), 6);
          case TIMEZONE -> Numeric.of(-time.zoneSecondsWest());
          case TIMEZONE_HOUR -> Numeric.of(-time.zoneSecondsWest() / 3600);
          case TIMEZONE_MINUTE -> Numeric.of(-time.zoneSecondsWest() / 60 % 60);
          default -> field.ofTime(time.micros());
        };
    if (found == null) {
      throw DateTimeFields.notSupported(unit, type);
    }
    return found;
  }

  private static Numeric interval(String unit, Object value, EvalContext cx) {
    DateTimeFields field = DateTimeFields.of(unit, "interval");
    Numeric found = field.ofInterval((Interval) value);
    if (found == null) {
      throw DateTimeFields.notSupported(unit, "interval");
    }
    return found;
  }
}
