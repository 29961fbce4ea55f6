package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.time.ZoneId;
import java.util.function.Supplier;

/// The input functions of dates and times.
public final class DateTimeInput {
  private static final int MAX_OFFSET_HOURS = 15;

  private DateTimeInput() {}

  public static int date(String text, TypeContext cx) {
    int iso = isoDate(text);
    if (iso != Calendar.DATE_MINUS_INFINITY) {
      return iso;
    }
    DateTimeParser read = DateTimeParser.parse(text, "date", cx, false);
    switch (read.special) {
      case INFINITY:
        return Calendar.DATE_INFINITY;
      case MINUS_INFINITY:
        return Calendar.DATE_MINUS_INFINITY;
      case EPOCH:
        return -Calendar.UNIX_EPOCH_DAYS;
      default:
        if (!Calendar.isDate(read.days())) {
          throw read.outOfRange("date");
        }
        return (int) read.days();
    }
  }

  /// The usual form, yyyy-mm-dd, without taking the text apart; minus infinity if it is not that.
  private static int isoDate(String text) {
    if (text.length() != 10 || text.charAt(4) != '-' || text.charAt(7) != '-') {
      return Calendar.DATE_MINUS_INFINITY;
    }
    int number = 0;
    for (int i = 0; i < 10; i++) {
      char c = text.charAt(i);
      if (i != 4 && i != 7) {
        if (!Scan.isDigit(c)) {
          return Calendar.DATE_MINUS_INFINITY;
        }
        number = number * 10 + c - '0';
      }
    }
    int year = number / 10_000;
    int month = number / 100 % 100;
    int day = number % 100;
    if (year == 0
        || month < 1
        || month > 12
        || day < 1
        || day > Calendar.daysInMonth(year, month)) {
      return Calendar.DATE_MINUS_INFINITY;
    }
    return (int) Calendar.days(year, month, day);
  }

  public static long time(String text, TypeContext cx) {
    DateTimeParser read = DateTimeParser.parse(text, "time", cx, true);
    if (!read.hasTime()) {
      throw read.badFormat();
    }
    return read.time;
  }

  public static TimeTz timetz(String text, TypeContext cx) {
    DateTimeParser read = DateTimeParser.parse(text, "time with time zone", cx, true);
    if (!read.hasTime()) {
      throw read.badFormat();
    }
    int west = read.zoneWest;
    if (!read.hasZone || read.zone != null) {
      ZoneId zone = read.zone == null ? cx.timeZone() : read.zone;
      if (read.zone != null && !read.hasDate() && !zone.getRules().isFixedOffset()) {
        // A zone with changing offsets says nothing about a time without a date.
        throw read.badFormat();
      }
      long local =
          read.hasDate()
              ? read.days() * Calendar.MICROS_PER_DAY + read.time
              : Calendar.dayOf(Zones.toLocal(zone, cx.transactionTimestampMicros()))
                      * Calendar.MICROS_PER_DAY
                  + read.time;
      west = -Zones.offsetOfLocal(zone, local);
    }
    return new TimeTz(read.time, west);
  }

  public static long timestamp(String text, TypeContext cx) {
    DateTimeParser read = DateTimeParser.parse(text, "timestamp", cx, false);
    return special(
        read,
        () -> {
          long micros = local(read);
          if (!Calendar.isTimestamp(micros)) {
            throw read.outOfRange("timestamp");
          }
          return micros;
        });
  }

  public static long timestamptz(String text, TypeContext cx) {
    DateTimeParser read = DateTimeParser.parse(text, "timestamp with time zone", cx, false);
    return special(
        read,
        () -> {
          long local = local(read);
          int east = -read.zoneWest;
          if (!read.hasZone || read.zone != null) {
            ZoneId zone = read.zone == null ? cx.timeZone() : read.zone;
            east =
                Zones.offsetOfLocal(
                    zone, Math.clamp(local, Calendar.MIN_TIMESTAMP, Calendar.END_TIMESTAMP));
          }
          long utc = local - east * Calendar.MICROS_PER_SECOND;
          if (!Calendar.isTimestamp(utc)) {
            throw read.outOfRange("timestamp");
          }
          return utc;
        });
  }

  private static long local(DateTimeParser read) {
    long days = read.days();
    if (days < -3_000_000 || days > 110_000_000) {
      throw read.outOfRange("timestamp");
    }
    return days * Calendar.MICROS_PER_DAY + read.time;
  }

  private static long special(DateTimeParser read, Supplier<Long> ordinary) {
    return switch (read.special) {
      case INFINITY -> Calendar.TIMESTAMP_INFINITY;
      case MINUS_INFINITY -> Calendar.TIMESTAMP_MINUS_INFINITY;
      case EPOCH -> -Calendar.UNIX_EPOCH_DAYS * Calendar.MICROS_PER_DAY;
      case NONE -> ordinary.get();
    };
  }

  /// An offset such as +05:30, -0800 or +1 in seconds, positive to the east.
  ///
  /// @param text a sign, then digits and colons
  /// @param input what error messages show
  static int offsetSeconds(String text, String input, Supplier<SqlException> malformed) {
    String[] parts = text.substring(1).split(":", -1);
    int[] numbers = new int[3];
    if (parts.length > 3) {
      throw malformed.get();
    }
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].isEmpty() || parts[i].length() > 6) {
        throw malformed.get();
      }
      for (int k = 0; k < parts[i].length(); k++) {
        if (!Scan.isDigit(parts[i].charAt(k))) {
          throw malformed.get();
        }
      }
      numbers[i] = Integer.parseInt(parts[i]);
    }
    if (parts.length == 1 && parts[0].length() > 4) {
      numbers[2] = numbers[0] % 100;
      numbers[1] = numbers[0] / 100 % 100;
      numbers[0] = numbers[0] / 10_000;
    } else if (parts.length == 1 && parts[0].length() > 2) {
      numbers[1] = numbers[0] % 100;
      numbers[0] = numbers[0] / 100;
    }
    if (numbers[0] > MAX_OFFSET_HOURS || numbers[1] > 59 || numbers[2] > 59) {
      throw new SqlException(
          SqlState.INVALID_TIME_ZONE_DISPLACEMENT_VALUE,
          "time zone displacement out of range: \"" + input + "\"");
    }
    int seconds = numbers[0] * 3600 + numbers[1] * 60 + numbers[2];
    return text.charAt(0) == '-' ? -seconds : seconds;
  }
}
