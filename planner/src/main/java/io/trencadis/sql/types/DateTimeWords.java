package io.trencadis.sql.types;

import java.time.ZoneId;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The words of dates and times: months, days of the week and abbreviations of time zones.
public final class DateTimeWords {
  private static final String[] MONTHS = {
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december"
  };
  private static final Set<String> DAYS =
      Set.of(
          "sun",
          "sunday",
          "mon",
          "monday",
          "tue",
          "tues",
          "tuesday",
          "wed",
          "wednesday",
          "weds",
          "thu",
          "thur",
          "thurs",
          "thursday",
          "fri",
          "friday",
          "sat",
          "saturday");

  private DateTimeWords() {}

  /// 1 to 12 for a month's name or its first three letters (sept too), else 0.
  static int month(String word) {
    if (word.equals("sept")) {
      return 9;
    }
    for (int i = 0; i < MONTHS.length; i++) {
      if (word.equals(MONTHS[i]) || (word.length() == 3 && MONTHS[i].startsWith(word))) {
        return i + 1;
      }
    }
    return 0;
  }

  static boolean isMonth(String word) {
    return month(word) > 0;
  }

  static boolean isDayOfWeek(String word) {
    return DAYS.contains(word);
  }

  /// Whether digits may follow the word directly without being part of it.
  static boolean isPrefixWord(String word) {
    return word.equals("t")
        || word.equals("j")
        || word.equals("jd")
        || word.equals("julian")
        || isMonth(word)
        || isDayOfWeek(word)
        || word.equals("am")
        || word.equals("pm")
        || word.equals("z")
        || word.equals("at")
        || word.equals("on")
        || word.equals("bc")
        || word.equals("ad");
  }

  /// Whether a hyphen after the word may belong to a zone's name, as in utc-3.
  static boolean mayBeZoneStart(String word) {
    return Zoned.FIXED.containsKey(word) || Zones.byName(word) != null;
  }

  /// An abbreviation's offset from UTC in seconds, positive to the east, and whether it is summer
  /// time.
  public record Abbreviation(String name, int seconds, boolean summer) {}

  /// The abbreviation of a time zone, such as `cest`, or null.
  static Abbreviation abbreviation(String word) {
    return Zoned.FIXED.get(word);
  }

  /// A zone by abbreviation, name or POSIX offset, as AT TIME ZONE takes it; null if there is none.
  public static ZoneId zone(String name) {
    Abbreviation fixed = abbreviation(Ascii.lower(name));
    if (fixed != null) {
      return java.time.ZoneOffset.ofTotalSeconds(fixed.seconds);
    }
    return Zones.byName(name);
  }

  /// All abbreviations by name.
  public static List<Abbreviation> abbreviations() {
    return Zoned.ALL;
  }

  private static final class Zoned {
    static final Map<String, Abbreviation> FIXED = new HashMap<>();
    static final List<Abbreviation> ALL;

    static {
      List<Abbreviation> all = new java.util.ArrayList<>();
      for (String[] row : CatalogFile.rows("timezone_abbrevs.tsv", 3)) {
        Abbreviation each = new Abbreviation(row[0], Integer.parseInt(row[1]), row[2].equals("1"));
        all.add(each);
        FIXED.put(row[0], each);
      }
      ALL = Collections.unmodifiableList(all);
    }
  }
}
