package io.trencadis.sql.types;

/// The proleptic Gregorian calendar on day and microsecond counts, without objects. Days count from
/// 2000-01-01, years are astronomical: year 0 is 1 BC.
public final class Calendar {
  public static final long MICROS_PER_SECOND = 1_000_000L;
  public static final long MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;
  public static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;
  public static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

  /// Days from 1970-01-01 to 2000-01-01.
  public static final int UNIX_EPOCH_DAYS = 10_957;

  /// Julian day number of 2000-01-01.
  public static final int JULIAN_EPOCH = 2_451_545;

  public static final int DATE_MINUS_INFINITY = Integer.MIN_VALUE;
  public static final int DATE_INFINITY = Integer.MAX_VALUE;
  public static final long TIMESTAMP_MINUS_INFINITY = Long.MIN_VALUE;
  public static final long TIMESTAMP_INFINITY = Long.MAX_VALUE;

  /// First date, 4714-11-24 BC (Julian day 0).
  public static final int MIN_DATE = -JULIAN_EPOCH;

  /// First day after the last date, 5874898-01-01.
  public static final int END_DATE = 2_147_483_494 - JULIAN_EPOCH;

  /// First timestamp.
  public static final long MIN_TIMESTAMP = -211_813_488_000_000_000L;

  /// First microsecond after the last timestamp, 294277-01-01.
  public static final long END_TIMESTAMP = 9_223_371_331_200_000_000L;

  private Calendar() {}

  /// Days since 2000-01-01 of a date; month 1 to 12, and any day.
  public static long days(long year, int month, int day) {
    // Years that begin in March have their leap day last.
    long y = month <= 2 ? year - 1 : year;
    long era = Math.floorDiv(y, 400);
    long yearOfEra = y - era * 400;
    long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097 + dayOfEra - 719_468 - UNIX_EPOCH_DAYS;
  }

  private static long packed(long days) {
    long z = days + 719_468 + UNIX_EPOCH_DAYS;
    long era = Math.floorDiv(z, 146_097);
    long dayOfEra = z - era * 146_097;
    long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    long shifted = (5 * dayOfYear + 2) / 153;
    long day = dayOfYear - (153 * shifted + 2) / 5 + 1;
    long month = shifted < 10 ? shifted + 3 : shifted - 9;
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    return year << 16 | month << 8 | day;
  }

  public static int year(long days) {
    return (int) (packed(days) >> 16);
  }

  public static int month(long days) {
    return (int) (packed(days) >> 8) & 0xff;
  }

  public static int day(long days) {
    return (int) packed(days) & 0xff;
  }

  public static boolean isLeap(long year) {
    return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  public static int daysInMonth(long year, int month) {
    return switch (month) {
      case 2 -> isLeap(year) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /// 0 for Sunday to 6 for Saturday; 2000-01-01 was a Saturday.
  public static int dayOfWeek(long days) {
    return (int) Math.floorMod(days + 6, 7L);
  }

  /// 1 to 366.
  public static int dayOfYear(long days) {
    return (int) (days - days(year(days), 1, 1)) + 1;
  }

  /// First day of week 1 of an ISO year: the Monday of the week with 4 January.
  public static long isoYearStart(long isoYear) {
    long fourth = days(isoYear, 1, 4);
    return fourth - Math.floorMod(dayOfWeek(fourth) + 6, 7);
  }

  public static int isoYear(long days) {
    int year = year(days);
    if (days >= isoYearStart(year + 1L)) {
      return year + 1;
    }
    return days < isoYearStart(year) ? year - 1 : year;
  }

  public static int isoWeek(long days) {
    return (int) ((days - isoYearStart(isoYear(days))) / 7) + 1;
  }

  /// Whether a day count is a date that SQL can hold.
  public static boolean isDate(long days) {
    return days >= MIN_DATE && days < END_DATE;
  }

  /// Whether a microsecond count is a finite timestamp that SQL can hold.
  public static boolean isTimestamp(long micros) {
    return micros >= MIN_TIMESTAMP && micros < END_TIMESTAMP;
  }

  public static boolean isInfinite(long timestamp) {
    return timestamp == TIMESTAMP_INFINITY || timestamp == TIMESTAMP_MINUS_INFINITY;
  }

  public static boolean isInfinite(int date) {
    return date == DATE_INFINITY || date == DATE_MINUS_INFINITY;
  }

  /// The day that a timestamp falls on.
  public static long dayOf(long micros) {
    return Math.floorDiv(micros, MICROS_PER_DAY);
  }

  /// Microseconds since that day's midnight.
  public static long timeOf(long micros) {
    return Math.floorMod(micros, MICROS_PER_DAY);
  }
}
