package io.trencadis.sql.types;

/// Comparisons between dates and timestamps with and without zone. They never fail: a date that no
/// timestamp can hold is simply larger than all of them.
public final class DateTimeComparison {
  private DateTimeComparison() {}

  private static long midnight(int date) {
    if (Calendar.isInfinite(date)) {
      return date > 0 ? Calendar.TIMESTAMP_INFINITY : Calendar.TIMESTAMP_MINUS_INFINITY;
    }
    long days = date;
    // Just below infinity: dates reach further than timestamps.
    return days * 86_400L >= Calendar.END_TIMESTAMP / Calendar.MICROS_PER_SECOND
        ? Calendar.TIMESTAMP_INFINITY - 1
        : days * Calendar.MICROS_PER_DAY;
  }

  /// The timestamp that compares with all timestamps as the date does.
  public static long bound(int date) {
    return midnight(date);
  }

  /// The last date not after a timestamp; an infinite one for an infinite one.
  public static int dateNotAfter(long timestamp) {
    if (!Calendar.isTimestamp(timestamp)) {
      return timestamp > 0 ? Calendar.DATE_INFINITY : Calendar.DATE_MINUS_INFINITY;
    }
    return (int) Math.floorDiv(timestamp, Calendar.MICROS_PER_DAY);
  }

  /// Whether a timestamp is the beginning of a day, or infinite.
  public static boolean isDate(long timestamp) {
    return !Calendar.isTimestamp(timestamp) || timestamp % Calendar.MICROS_PER_DAY == 0;
  }

  public static int compareDateTimestamp(int date, long timestamp) {
    return Long.compare(midnight(date), timestamp);
  }

  public static int compareDateTimestamptz(int date, long utcMicros, TypeContext cx) {
    return compareTimestampTimestamptz(midnight(date), utcMicros, cx);
  }

  public static int compareTimestampTimestamptz(long local, long utcMicros, TypeContext cx) {
    if (!Calendar.isTimestamp(local)) {
      return Long.compare(local, utcMicros);
    }
    long utc = local - Zones.offsetOfLocal(cx.timeZone(), local) * Calendar.MICROS_PER_SECOND;
    return Long.compare(utc, utcMicros);
  }
}
