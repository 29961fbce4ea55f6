package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Calendar;
import io.trencadis.sql.types.Interval;
import io.trencadis.sql.types.Numeric;
import java.math.BigDecimal;
import java.util.Locale;

/// The fields that EXTRACT, date_part and date_trunc know.
enum DateTimeFields {
  MICROSECONDS("us", "usec", "usecs", "useconds", "microsecond", "microseconds", "microsecon"),
  MILLISECONDS("ms", "msec", "msecs", "mseconds", "millisecond", "milliseconds", "millisecon"),
  SECOND("s", "sec", "secs", "second", "seconds"),
  MINUTE("m", "min", "mins", "minute", "minutes"),
  HOUR("h", "hr", "hrs", "hour", "hours"),
  DAY("d", "day", "days"),
  WEEK("w", "week", "weeks"),
  MONTH("mon", "mons", "month", "months"),
  QUARTER("qtr", "quarter"),
  YEAR("y", "yr", "yrs", "year", "years"),
  DECADE("dec", "decs", "decade", "decades"),
  CENTURY("c", "cent", "century", "centuries"),
  MILLENNIUM("mil", "mils", "millennia", "millennium"),
  DOW("dow"),
  ISODOW("isodow"),
  DOY("doy"),
  ISOYEAR("isoyear"),
  EPOCH("epoch"),
  JULIAN("j", "jd", "julian"),
  TIMEZONE("timezone"),
  TIMEZONE_HOUR("timezone_h", "timezone_hour"),
  TIMEZONE_MINUTE("timezone_m", "timezone_minute");

  private static final java.util.Map<String, DateTimeFields> BY_NAME = new java.util.HashMap<>();

  static {
    for (DateTimeFields field : values()) {
      for (String name : field.names) {
        BY_NAME.put(name, field);
      }
    }
  }

  private final String[] names;

  DateTimeFields(String... names) {
    this.names = names;
  }

  /// The field that a word means.
  ///
  /// @throws SqlException 22023 if it means none
  static DateTimeFields of(String word, String type) {
    DateTimeFields field = BY_NAME.get(word.toLowerCase(Locale.ROOT));
    if (field == null) {
      throw notRecognized(word, type);
    }
    return field;
  }

  private static SqlException notRecognized(String word, String type) {
    return new SqlException(
        SqlState.INVALID_PARAMETER_VALUE,
        "unit \"" + word.toLowerCase(Locale.ROOT) + "\" not recognized for type " + type);
  }

  /// The field, if it is a span of time that one can truncate to.
  static DateTimeFields ofSpan(String word, String type) {
    DateTimeFields field = of(word, type);
    return switch (field) {
      case DOW, ISODOW, DOY, ISOYEAR, EPOCH, JULIAN -> throw notRecognized(word, type);
      default -> field;
    };
  }

  static SqlException notSupported(String word, String type) {
    return new SqlException(
        SqlState.FEATURE_NOT_SUPPORTED,
        "unit \"" + word.toLowerCase(Locale.ROOT) + "\" not supported for type " + type);
  }

  /// Whether the field of an infinite time is infinite too; others are null.
  boolean growsForever() {
    return switch (this) {
      case YEAR, DECADE, CENTURY, MILLENNIUM, ISOYEAR, EPOCH, JULIAN -> true;
      default -> false;
    };
  }

  static Numeric scaled(long value, int scale) {
    return Numeric.of(BigDecimal.valueOf(value, scale));
  }

  /// The field of a local date and time; null if it is not one of those.
  Numeric ofLocal(long micros) {
    long days = Calendar.dayOf(micros);
    Numeric ofDate = ofDate(days);
    return ofDate != null ? ofDate : ofTime(Calendar.timeOf(micros));
  }

  Numeric ofTime(long micros) {
    return switch (this) {
      case MICROSECONDS -> Numeric.of(micros % Calendar.MICROS_PER_MINUTE);
      case MILLISECONDS -> scaled(micros % Calendar.MICROS_PER_MINUTE, 3);
      case SECOND -> scaled(micros % Calendar.MICROS_PER_MINUTE, 6);
      case MINUTE -> Numeric.of(micros / Calendar.MICROS_PER_MINUTE % 60);
      case HOUR -> Numeric.of(micros / Calendar.MICROS_PER_HOUR);
      default -> null;
    };
  }

  Numeric ofDate(long days) {
    int year = Calendar.year(days);
    return switch (this) {
      case DAY -> Numeric.of(Calendar.day(days));
      case WEEK -> Numeric.of(Calendar.isoWeek(days));
      case MONTH -> Numeric.of(Calendar.month(days));
      case QUARTER -> Numeric.of((Calendar.month(days) - 1) / 3 + 1);
      case YEAR -> Numeric.of(year > 0 ? year : year - 1);
      case DECADE -> Numeric.of(year >= 0 ? year / 10 : -((8 - (year - 1)) / 10));
      case CENTURY -> Numeric.of(year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100));
      case MILLENNIUM -> Numeric.of(year > 0 ? (year + 999) / 1000 : -((999 - (year - 1)) / 1000));
      case DOW -> Numeric.of(Calendar.dayOfWeek(days));
      case ISODOW -> Numeric.of(Calendar.dayOfWeek(days) == 0 ? 7 : Calendar.dayOfWeek(days));
      case DOY -> Numeric.of(Calendar.dayOfYear(days));
      case ISOYEAR -> {
        int isoYear = Calendar.isoYear(days);
        yield Numeric.of(isoYear > 0 ? isoYear : isoYear - 1);
      }
      default -> null;
    };
  }

  Numeric ofInterval(Interval value) {
    int months = value.months();
    int years = months / 12;
    return switch (this) {
      case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR -> ofTime(value.micros());
      case DAY -> Numeric.of(value.days());
      case MONTH -> Numeric.of(months % 12);
      case QUARTER -> Numeric.of(months % 12 / 3 + 1);
      case YEAR -> Numeric.of(years);
      case DECADE -> Numeric.of(years / 10);
      case CENTURY -> Numeric.of(years / 100);
      case MILLENNIUM -> Numeric.of(years / 1000);
      case EPOCH -> {
        // A year has 365.25 days here, a month 30.
        BigDecimal seconds =
            BigDecimal.valueOf(years)
                .multiply(BigDecimal.valueOf(31_557_600L))
                .add(
                    BigDecimal.valueOf((months % 12) * 30L + value.days())
                        .multiply(BigDecimal.valueOf(86_400)));
        yield Numeric.of(seconds.add(BigDecimal.valueOf(value.micros(), 6)).setScale(6));
      }
      default -> null;
    };
  }
}
