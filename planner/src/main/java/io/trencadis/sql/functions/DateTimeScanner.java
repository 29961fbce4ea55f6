package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Calendar;
import io.trencadis.sql.types.DateTimeWords;
import io.trencadis.sql.types.Types;
import io.trencadis.sql.types.Zones;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/// to_date and to_timestamp: text read by a template.
final class DateTimeScanner {
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
  private static final String[] DAYS = {
    "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"
  };
  private static final String[] ROMAN = {
    "xii", "xi", "x", "ix", "viii", "vii", "vi", "v", "iv", "iii", "ii", "i"
  };

  private final String text;
  private int at;
  private Integer year;
  private boolean isoYear;
  private Integer century;
  private boolean bc;
  private int month = 1;
  private int day = 1;
  private Integer dayOfYear;
  private Integer week;
  private Integer isoDay;
  private Long julian;
  private int hour;
  private boolean twelveHours;
  private Boolean pm;
  private int minute;
  private int second;
  private int micros;
  private Long secondsOfDay;
  private ZoneId zone;
  private Integer zoneHours;
  private int zoneMinutes;

  private DateTimeScanner(String text) {
    this.text = text;
  }

  static void register(Builtins.Registry to) {
    to.fn2(
        "to_date",
        (a, b, cx) -> {
          DateTimeScanner scanner = new DateTimeScanner((String) a);
          scanner.read((String) b);
          return DateTimeMath.checkedDate(scanner.days());
        });
    to.fn2("to_timestamp", (a, b, cx) -> timestamptz((String) a, (String) b, cx));
  }

  private static Long timestamptz(String text, String template, EvalContext cx) {
    DateTimeScanner scanner = new DateTimeScanner(text);
    scanner.read(template);
    long local = scanner.days() * Calendar.MICROS_PER_DAY + scanner.time();
    ZoneId zone = scanner.zone;
    if (scanner.zoneHours != null) {
      int sign = scanner.zoneHours < 0 ? -1 : 1;
      zone = ZoneOffset.ofTotalSeconds(scanner.zoneHours * 3600 + sign * scanner.zoneMinutes * 60);
    }
    return Zones.toUtc(zone == null ? cx.timeZone() : zone, local);
  }

  /// Reads a text as `datetime()` of jsonpath does: all of the template has to match all of the
  /// text, and its fields say what type the result has.
  static JsonPathItems.Moment moment(String text, String template) {
    DateTimeScanner scanner = new DateTimeScanner(text);
    String fields = scanner.readExactly(template);
    boolean dated = fields.indexOf('d') >= 0;
    boolean timed = fields.indexOf('t') >= 0;
    if (!dated && !timed) {
      throw mismatch("datetime format is not dated and not timed");
    }
    long days = dated ? scanner.days() : 0;
    if (!timed) {
      return new JsonPathItems.Moment(Types.DATE, (int) days, 0);
    }
    long time = scanner.time();
    if (fields.indexOf('z') >= 0) {
      int hours = scanner.zoneHours;
      int east = hours * 3600 + (hours < 0 ? -1 : 1) * scanner.zoneMinutes * 60;
      return JsonPathDateTime.zoned(dated, days, time, east);
    }
    return dated
        ? new JsonPathItems.Moment(Types.TIMESTAMP, days * Calendar.MICROS_PER_DAY + time, 0)
        : new JsonPathItems.Moment(Types.TIME, time, 0);
  }

  private static SqlException mismatch(String message) {
    return new SqlException(SqlState.INVALID_DATETIME_FORMAT, message);
  }

  /// @return a letter for each field: d of dates, t of times, z of zones
  private String readExactly(String template) {
    for (DateTimePattern.Piece piece :
        DateTimePattern.parse(template.replaceAll("\"[^\"]*\"", ""))) {
      if (piece.field() == null && piece.text().chars().anyMatch(Character::isLetterOrDigit)) {
        throw mismatch(
            "invalid datetime format separator: \"" + piece.text().substring(0, 1) + "\"");
      }
    }
    StringBuilder fields = new StringBuilder();
    List<DateTimePattern.Piece> pieces = DateTimePattern.parse(template);
    if (pieces.isEmpty()) {
      return "";
    }
    for (int i = 0; i < pieces.size(); i++) {
      DateTimePattern.Piece piece = pieces.get(i);
      if (piece.field() == null) {
        literalExactly(piece.text());
        continue;
      }
      String name = piece.field().toUpperCase(Locale.ROOT);
      if (name.equals("TZ") || name.equals("OF")) {
        throw new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED,
            "formatting field \"" + piece.field() + "\" is only supported in to_char");
      }
      if (at >= text.length()) {
        throw mismatch("input string is too short for datetime format");
      }
      fields.append(
          name.startsWith("TZ")
              ? 'z'
              : name.matches("HH.*|MI|SS.*|MS|US|FF.|AM|PM|[AP]\\.M\\.") ? 't' : 'd');
      field(piece, i + 1 < pieces.size() && pieces.get(i + 1).field() != null);
    }
    skipSpace();
    if (at < text.length()) {
      throw mismatch("trailing characters remain in input string after datetime format");
    }
    return fields.toString();
  }

  private void literalExactly(String literal) {
    for (int i = 0; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if (at >= text.length()) {
        throw mismatch("input string is too short for datetime format");
      }
      boolean same = c == ' ' ? Character.isWhitespace(text.charAt(at)) : text.charAt(at) == c;
      if (!same) {
        throw mismatch(
            "unmatched format "
                + (Character.isLetterOrDigit(c) ? "character" : "separator")
                + " \""
                + c
                + "\"");
      }
      at++;
    }
  }

  private SqlException outOfRange() {
    return new SqlException(
        SqlState.DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"" + text + "\"");
  }

  private void read(String template) {
    List<DateTimePattern.Piece> pieces = DateTimePattern.parse(template);
    for (int i = 0; i < pieces.size(); i++) {
      DateTimePattern.Piece piece = pieces.get(i);
      if (piece.field() == null) {
        literal(piece.text());
        continue;
      }
      if (at >= text.length()) {
        return;
      }
      boolean digitsFollow = i + 1 < pieces.size() && pieces.get(i + 1).field() != null;
      field(piece, digitsFollow);
    }
  }

  /// Separators match any separators; other characters of the template stand for one character
  /// each.
  private void literal(String literal) {
    for (int i = 0; i < literal.length() && at < text.length(); i++) {
      char c = literal.charAt(i);
      if (Character.isLetterOrDigit(c)) {
        at++;
      } else {
        skipSpace();
        if (at < text.length() && !Character.isLetterOrDigit(text.charAt(at)) && !signOfNumber(c)) {
          at++;
        }
      }
    }
  }

  private boolean signOfNumber(char separator) {
    return separator == ' ' && "+-".indexOf(text.charAt(at)) >= 0;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private int number(String field, int width, boolean limited) {
    skipSpace();
    int from = at;
    if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      at++;
    }
    int digits = at;
    while (at < text.length()
        && Character.isDigit(text.charAt(at))
        && (!limited || at - digits < width)) {
      at++;
    }
    if (at == digits) {
      int end = Math.min(text.length(), from + width);
      throw new SqlException(
              SqlState.INVALID_DATETIME_FORMAT,
              "invalid value \"" + text.substring(from, end) + "\" for \"" + field + "\"")
          .detail("Value must be an integer.");
    }
    try {
      return Integer.parseInt(text.substring(text.charAt(from) == '+' ? from + 1 : from, at));
    } catch (NumberFormatException e) {
      throw new SqlException(
              SqlState.DATETIME_FIELD_OVERFLOW,
              "value for \"" + field + "\" in source string is out of range",
              e)
          .detail("Value must be in the range -2147483648 to 2147483647.");
    }
  }

  private int word(String field, String[] names, boolean abbreviated) {
    String rest = text.substring(at).toLowerCase(Locale.ROOT);
    for (int i = 0; i < names.length; i++) {
      String name = abbreviated ? names[i].substring(0, 3) : names[i];
      if (rest.startsWith(name)) {
        at += name.length();
        return i;
      }
    }
    int end = at;
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    throw new SqlException(
            SqlState.INVALID_DATETIME_FORMAT,
            "invalid value \"" + text.substring(at, end) + "\" for \"" + field + "\"")
        .detail("The given value did not match any of the allowed values for this field.");
  }

  private void field(DateTimePattern.Piece piece, boolean limited) {
    String name = piece.field();
    skipSpace();
    switch (name.toUpperCase(Locale.ROOT)) {
      case "YYYY", "IYYY" -> {
        year = number(name, 4, limited);
        isoYear = name.toUpperCase(Locale.ROOT).startsWith("I");
      }
      case "Y,YYY" -> {
        int thousands = number(name, 4, false);
        at++;
        year = thousands * 1000 + number(name, 3, true);
      }
      case "YYY", "IYY" -> partialYear(name, 3);
      case "YY", "IY" -> partialYear(name, 2);
      case "Y", "I" -> partialYear(name, 1);
      case "CC" -> century = number(name, 2, limited);
      case "MM" -> month = number(name, 2, limited);
      case "MON" -> month = word(name, MONTHS, true) + 1;
      case "MONTH" -> month = word(name, MONTHS, false) + 1;
      case "RM" -> month = 12 - word(name, ROMAN, false);
      case "DD" -> day = number(name, 2, limited);
      case "DDD" -> dayOfYear = number(name, 3, limited);
      case "IDDD" -> dayOfYear = number(name, 3, limited);
      case "DY" -> word(name, DAYS, true);
      case "DAY" -> word(name, DAYS, false);
      case "D" -> isoDay = Math.floorMod(number(name, 1, limited) + 5, 7) + 1;
      case "ID" -> isoDay = number(name, 1, limited);
      case "IW", "WW" -> week = number(name, 2, limited);
      case "W", "Q" -> number(name, 1, limited);
      case "J" -> julian = (long) number(name, 7, limited);
      case "BC", "AD", "B.C.", "A.D." -> {
        bc = Character.toLowerCase(text.charAt(at)) == 'b';
        at = Math.min(text.length(), at + name.length());
      }
      default -> timeField(name, limited);
    }
    if (piece.ordinal() != null) {
      at = Math.min(text.length(), at + 2);
    }
  }

  /// The century nearest to 2020.
  private void partialYear(String name, int width) {
    int from = at;
    int value = number(name, width, true);
    int digits = at - from;
    if (digits < 4) {
      value +=
          value < 70 ? 2000 : value < 100 ? 1900 : value < 520 ? 2000 : value < 1000 ? 1000 : 0;
    }
    year = value;
    isoYear = Character.toUpperCase(name.charAt(0)) == 'I';
  }

  private void timeField(String name, boolean limited) {
    switch (name.toUpperCase(Locale.ROOT)) {
      case "HH", "HH12" -> {
        hour = number(name, 2, limited);
        twelveHours = true;
      }
      case "HH24" -> hour = number(name, 2, limited);
      case "MI" -> minute = number(name, 2, limited);
      case "SS" -> second = number(name, 2, limited);
      case "MS" -> micros = fraction(name, 3, 1000);
      case "US" -> micros = fraction(name, 6, 1);
      case "FF1" -> micros = rounded(fraction(name, 6, 1), 100_000);
      case "FF2" -> micros = rounded(fraction(name, 6, 1), 10_000);
      case "FF3" -> micros = rounded(fraction(name, 6, 1), 1000);
      case "FF4" -> micros = rounded(fraction(name, 6, 1), 100);
      case "FF5" -> micros = rounded(fraction(name, 6, 1), 10);
      case "FF6" -> micros = fraction(name, 6, 1);
      case "SSSS", "SSSSS" -> secondsOfDay = (long) number(name, 5, limited);
      case "AM", "PM", "A.M.", "P.M." -> {
        pm = Character.toLowerCase(text.charAt(at)) == 'p';
        twelveHours = true;
        at = Math.min(text.length(), at + name.length());
      }
      case "TZH" -> {
        boolean negative = text.charAt(at) == '-';
        if (negative || text.charAt(at) == '+') {
          at++;
        }
        int hours = number(name, 2, true);
        zoneHours = negative ? -hours : hours;
      }
      case "TZM" -> zoneMinutes = number(name, 2, true);
      case "TZ" -> {
        int from = at;
        while (at < text.length()
            && (Character.isLetterOrDigit(text.charAt(at))
                || "/_+-".indexOf(text.charAt(at)) >= 0)) {
          at++;
        }
        zone = DateTimeWords.zone(text.substring(from, at));
        if (zone == null) {
          throw new SqlException(
              SqlState.INVALID_DATETIME_FORMAT,
              "invalid value \"" + text.substring(from, at) + "\" for \"" + name + "\"");
        }
      }
      default ->
          throw SqlException.notSupported(
              "formatting field \"" + name + "\" in to_date and to_timestamp");
    }
  }

  private static int rounded(int micros, int unit) {
    return (micros + unit / 2) / unit * unit;
  }

  /// Fewer digits than the field has are the first ones of a fraction: 5 for MS is half a second.
  private int fraction(String name, int width, int unit) {
    int from = at;
    int value = number(name, width, true);
    for (int digits = at - from; digits < width; digits++) {
      value *= 10;
    }
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    return value * unit;
  }

  private long days() {
    if (julian != null) {
      return julian - Calendar.JULIAN_EPOCH;
    }
    // Without a year, 1 BC: what PostgreSQL makes of an empty date.
    int shown = year == null ? (century == null ? 0 : (century - 1) * 100 + 1) : year;
    if (bc) {
      shown = 1 - shown;
    } else if (year != null && year < 0) {
      shown = year + 1;
    }
    if (isoYear && week != null) {
      return Calendar.isoYearStart(shown) + (week - 1) * 7L + (isoDay == null ? 1 : isoDay) - 1;
    }
    if (dayOfYear != null) {
      if (dayOfYear < 1 || dayOfYear > (Calendar.isLeap(shown) ? 366 : 365)) {
        throw outOfRange();
      }
      return Calendar.days(shown, 1, 1) + dayOfYear - 1;
    }
    if (week != null) {
      return Calendar.days(shown, 1, 1) + (week - 1) * 7L;
    }
    if (month < 1 || month > 12 || day < 1 || day > Calendar.daysInMonth(shown, month)) {
      throw outOfRange();
    }
    return Calendar.days(shown, month, day);
  }

  private long time() {
    if (secondsOfDay != null) {
      if (secondsOfDay < 0 || secondsOfDay >= 86_400) {
        throw outOfRange();
      }
      return secondsOfDay * Calendar.MICROS_PER_SECOND + micros;
    }
    int hours = hour;
    if (twelveHours) {
      if (hours < 1 || hours > 12) {
        throw new SqlException(
                SqlState.INVALID_DATETIME_FORMAT,
                "hour \"" + hours + "\" is invalid for the 12-hour clock")
            .hint("Use the 24-hour clock, or give an hour between 1 and 12.");
      }
      hours = hours % 12 + (Boolean.TRUE.equals(pm) ? 12 : 0);
      hours = pm == null && hour == 12 ? 0 : hours;
    }
    boolean endOfDay = hours == 24 && minute == 0 && second == 0 && micros == 0;
    if (hours < 0
        || (hours > 23 && !endOfDay)
        || minute < 0
        || minute > 59
        || second < 0
        || second > 59) {
      throw outOfRange();
    }
    return hours * Calendar.MICROS_PER_HOUR
        + minute * Calendar.MICROS_PER_MINUTE
        + second * Calendar.MICROS_PER_SECOND
        + micros;
  }
}
