package io.trencadis.sql.types;

/// The units of intervals and their many names.
final class IntervalUnits {
  enum Unit {
    MICROSECOND,
    MILLISECOND,
    SECOND,
    MINUTE,
    HOUR,
    DAY,
    WEEK,
    MONTH,
    YEAR,
    DECADE,
    CENTURY,
    MILLENNIUM
  }

  /// As many letters of a unit are looked at.
  private static final int LONGEST = 10;

  private IntervalUnits() {}

  /// The unit that a word names, or null.
  static Unit unit(String word) {
    return switch (word.length() > LONGEST ? word.substring(0, LONGEST) : word) {
      case "us", "usec", "usecs", "usecond", "useconds", "microsecon" -> Unit.MICROSECOND;
      case "ms", "msec", "msecs", "msecond", "mseconds", "millisecon" -> Unit.MILLISECOND;
      case "s", "sec", "secs", "second", "seconds" -> Unit.SECOND;
      case "m", "min", "mins", "minute", "minutes" -> Unit.MINUTE;
      case "h", "hr", "hrs", "hour", "hours" -> Unit.HOUR;
      case "d", "day", "days" -> Unit.DAY;
      case "w", "week", "weeks" -> Unit.WEEK;
      case "mon", "mons", "month", "months" -> Unit.MONTH;
      case "y", "yr", "yrs", "year", "years" -> Unit.YEAR;
      case "dec", "decs", "decade", "decades" -> Unit.DECADE;
      case "c", "cent", "century", "centuries" -> Unit.CENTURY;
      case "mil", "mils", "millennia", "millennium" -> Unit.MILLENNIUM;
      default -> null;
    };
  }

  static boolean isUnit(String word) {
    return unit(word) != null;
  }
}
