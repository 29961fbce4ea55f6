package io.trencadis.sql.types;

import io.trencadis.sql.types.TypeContext.DateOrder;
import io.trencadis.sql.types.TypeContext.DateStyle;
import java.time.ZoneId;

/// Dates and times as text, in every DateStyle.
public final class DateTimeOutput {
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };
  private static final String[] DAYS = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

  private DateTimeOutput() {}

  public static String date(int days, TypeContext cx) {
    if (Calendar.isInfinite(days)) {
      return days > 0 ? "infinity" : "-infinity";
    }
    StringBuilder out = new StringBuilder(16);
    int year = Calendar.year(days);
    if (cx.dateStyle() == DateStyle.POSTGRES) {
      numericDate(
          out,
          year,
          Calendar.month(days),
          Calendar.day(days),
          '-',
          cx.dateOrder() == DateOrder.DMY);
    } else {
      styledDate(out, days, year, cx);
    }
    return era(out, year).toString();
  }

  private static void styledDate(StringBuilder out, long days, int year, TypeContext cx) {
    int month = Calendar.month(days);
    int day = Calendar.day(days);
    switch (cx.dateStyle()) {
      case SQL -> numericDate(out, year, month, day, '/', cx.dateOrder() == DateOrder.DMY);
      case GERMAN -> numericDate(out, year, month, day, '.', true);
      default -> {
        year(out, year).append('-');
        two(out, month).append('-');
        two(out, day);
      }
    }
  }

  private static void numericDate(
      StringBuilder out, int year, int month, int day, char separator, boolean dayFirst) {
    two(out, dayFirst ? day : month).append(separator);
    two(out, dayFirst ? month : day).append(separator);
    year(out, year);
  }

  private static StringBuilder year(StringBuilder out, int year) {
    int shown = year > 0 ? year : 1 - year;
    for (int i = 1000; i > shown && i > 1; i /= 10) {
      out.append('0');
    }
    return out.append(shown);
  }

  private static StringBuilder era(StringBuilder out, int year) {
    return year <= 0 ? out.append(" BC") : out;
  }

  static StringBuilder two(StringBuilder out, int number) {
    return number < 10 ? out.append('0').append(number) : out.append(number);
  }

  public static String time(long micros) {
    return timeOfDay(new StringBuilder(15), micros).toString();
  }

  static StringBuilder timeOfDay(StringBuilder out, long micros) {
    two(out, (int) (micros / Calendar.MICROS_PER_HOUR)).append(':');
    two(out, (int) (micros / Calendar.MICROS_PER_MINUTE % 60)).append(':');
    two(out, (int) (micros / Calendar.MICROS_PER_SECOND % 60));
    return fraction(out, (int) (micros % Calendar.MICROS_PER_SECOND));
  }

  /// The fraction of a second without zeros at its end, nothing for 0.
  static StringBuilder fraction(StringBuilder out, int micros) {
    if (micros == 0) {
      return out;
    }
    out.append('.');
    int rest = micros;
    for (int unit = 100_000; rest > 0; unit /= 10) {
      out.append((char) ('0' + rest / unit));
      rest %= unit;
    }
    return out;
  }

  /// An offset such as +01 or -03:30.
  ///
  /// @param secondsEast positive to the east
  static StringBuilder offset(StringBuilder out, int secondsEast) {
    int total = Math.abs(secondsEast);
    two(out.append(secondsEast < 0 ? '-' : '+'), total / 3600);
    if (total % 3600 != 0) {
      two(out.append(':'), total / 60 % 60);
    }
    if (total % 60 != 0) {
      two(out.append(':'), total % 60);
    }
    return out;
  }

  public static String timetz(TimeTz time) {
    return offset(timeOfDay(new StringBuilder(24), time.micros()), -time.zoneSecondsWest())
        .toString();
  }

  public static String timestamp(long micros, TypeContext cx) {
    if (Calendar.isInfinite(micros)) {
      return micros > 0 ? "infinity" : "-infinity";
    }
    StringBuilder out = new StringBuilder(32);
    return era(dateTime(out, micros, cx), Calendar.year(Calendar.dayOf(micros))).toString();
  }

  public static String timestamptz(long utcMicros, TypeContext cx) {
    if (Calendar.isInfinite(utcMicros)) {
      return utcMicros > 0 ? "infinity" : "-infinity";
    }
    ZoneId zone = cx.timeZone();
    int east = Zones.offsetAt(zone, utcMicros);
    long local = utcMicros + east * Calendar.MICROS_PER_SECOND;
    StringBuilder out = new StringBuilder(40);
    dateTime(out, local, cx);
    if (cx.dateStyle() == DateStyle.ISO) {
      offset(out, east);
    } else {
      String abbreviation = Zones.abbreviation(zone, utcMicros);
      if (abbreviation != null) {
        out.append(' ').append(abbreviation);
      } else {
        offset(out.append(' '), east);
      }
    }
    return era(out, Calendar.year(Calendar.dayOf(local))).toString();
  }

  private static StringBuilder dateTime(StringBuilder out, long micros, TypeContext cx) {
    long days = Calendar.dayOf(micros);
    long time = Calendar.timeOf(micros);
    int year = Calendar.year(days);
    if (cx.dateStyle() == DateStyle.POSTGRES) {
      out.append(DAYS[Calendar.dayOfWeek(days)]).append(' ');
      String month = MONTHS[Calendar.month(days) - 1];
      if (cx.dateOrder() == DateOrder.DMY) {
        two(out, Calendar.day(days)).append(' ').append(month);
      } else {
        two(out.append(month).append(' '), Calendar.day(days));
      }
      timeOfDay(out.append(' '), time).append(' ');
      return year(out, year);
    }
    styledDate(out, days, year, cx);
    return timeOfDay(out.append(' '), time);
  }
}
