package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.TypeContext.DateOrder;
import java.time.ZoneId;
import java.util.List;

/// Reads a date and time in any of the forms that PostgreSQL's manual lists (section 8.5 and
/// appendix B): the text is cut into tokens, and each token fills the fields it can mean given
/// those filled before.
final class DateTimeParser {
  /// What the text says instead of a date and time.
  enum Special {
    NONE,
    INFINITY,
    MINUS_INFINITY,
    EPOCH
  }

  private static final int YEAR = 1;
  private static final int MONTH = 2;
  private static final int DAY = 4;
  private static final int DATE = YEAR | MONTH | DAY;

  private final String input;
  private final String typeName;
  private final TypeContext cx;
  private final boolean timeOnly;

  private int have;
  private boolean haveTime;
  private boolean textMonth;
  private boolean twoDigitYear;
  private boolean bc;
  private boolean julian;
  private int year;
  private int month;
  private int day;
  private int dayOfYear;
  private char halfDay;
  // 'j' or 't' where such a letter stands before the next number
  private char prefix;

  Special special = Special.NONE;
  boolean isNow;
  long time;
  boolean hasZone;
  int zoneWest;
  ZoneId zone;

  private DateTimeParser(String input, String typeName, TypeContext cx, boolean timeOnly) {
    this.input = input;
    this.typeName = typeName;
    this.cx = cx;
    this.timeOnly = timeOnly;
  }

  static DateTimeParser parse(String input, String typeName, TypeContext cx, boolean timeOnly) {
    DateTimeParser parser = new DateTimeParser(input, typeName, cx, timeOnly);
    List<DateTimeToken> tokens = DateTimeToken.split(input);
    if (tokens == null || tokens.isEmpty()) {
      throw parser.badFormat();
    }
    for (DateTimeToken token : tokens) {
      parser.take(token);
    }
    parser.finish();
    return parser;
  }

  SqlException badFormat() {
    return new SqlException(
        SqlState.INVALID_DATETIME_FORMAT,
        "invalid input syntax for type " + typeName + ": \"" + input + "\"");
  }

  private SqlException fieldOverflow() {
    return new SqlException(
        SqlState.DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"" + input + "\"");
  }

  private SqlException orderOverflow() {
    return fieldOverflow().hint("Perhaps you need a different \"datestyle\" setting.");
  }

  SqlException outOfRange(String what) {
    return new SqlException(
        SqlState.DATETIME_FIELD_OVERFLOW, what + " out of range: \"" + input + "\"");
  }

  boolean hasDate() {
    return have == DATE;
  }

  boolean hasTime() {
    return haveTime;
  }

  /// Day count of the date that was read.
  long days() {
    return Calendar.days(year, month, day);
  }

  private void take(DateTimeToken token) {
    if (special != Special.NONE) {
      throw badFormat();
    }
    String text = token.text();
    switch (token.kind()) {
      case DATE -> takeDate(text);
      case TIME -> takeTime(text);
      case OFFSET -> takeOffset(text);
      case NUMBER -> takeNumber(text);
      case WORD -> takeWord(text);
      case SIGNED_WORD -> {
        if (!text.equals("-infinity")
            && !text.equals("+infinity")
            && !text.equals("-inf")
            && !text.equals("+inf")) {
          throw badFormat();
        }
        beginSpecial(text.charAt(0) == '-' ? Special.MINUS_INFINITY : Special.INFINITY);
      }
    }
  }

  private void beginSpecial(Special which) {
    if (have != 0 || haveTime || hasZone) {
      throw badFormat();
    }
    special = which;
  }

  private void takeDate(String text) {
    boolean timeAndZone =
        timeOnly
            && have == 0
            && Scan.isDigit(text.charAt(0))
            && text.indexOf('-') == text.lastIndexOf('-')
            && (text.indexOf('-') == 6 || text.indexOf('-') == 4)
            && text.chars().allMatch(c -> c == '-' || Scan.isDigit((char) c));
    if (have == DATE
        || timeAndZone
        || prefix == 't'
        || (timeOnly && DateTimeToken.isLetter(text.charAt(0)))) {
      if (Scan.isDigit(text.charAt(0))) {
        // A time run together with its zone, such as 040506-08.
        int cut = text.indexOf('-');
        if (cut < 0 || haveTime) {
          throw badFormat();
        }
        takeConcatenated(text.substring(0, cut));
        prefix = 0;
        takeOffset(text.substring(cut));
        return;
      }
      takeZoneName(text);
      return;
    }
    if (DateTimeToken.isLetter(text.charAt(0)) && Zones.byName(text) != null) {
      takeZoneName(text);
      return;
    }
    String[] parts = new String[4];
    int count = 0;
    int at = 0;
    while (at < text.length()) {
      int start = at;
      boolean digits = Scan.isDigit(text.charAt(at));
      boolean letters = DateTimeToken.isLetter(text.charAt(at));
      if (!digits && !letters) {
        at++;
        continue;
      }
      while (at < text.length()
          && (digits ? Scan.isDigit(text.charAt(at)) : DateTimeToken.isLetter(text.charAt(at)))) {
        at++;
      }
      if (count == 3) {
        throw badFormat();
      }
      parts[count++] = text.substring(start, at);
    }
    if (DateTimeToken.isLetter(text.charAt(0)) && count > 0 && DateTimeWords.month(parts[0]) == 0) {
      throw unknownZone(text);
    }
    for (int i = 0; i < count; i++) {
      int named = DateTimeWords.month(parts[i]);
      if (named > 0) {
        if ((have & MONTH) != 0) {
          throw badFormat();
        }
        month = named;
        have |= MONTH;
        textMonth = true;
        parts[i] = null;
      } else if (!Scan.isDigit(parts[i].charAt(0))) {
        throw badFormat();
      }
    }
    for (int i = 0; i < count; i++) {
      if (parts[i] != null) {
        takeDatePart(parts[i]);
      }
    }
    if (have != DATE) {
      throw badFormat();
    }
  }

  private int toInt(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw fieldOverflow();
    }
  }

  private void setYear(String digits) {
    year = toInt(digits);
    twoDigitYear = digits.length() <= 2;
    have |= YEAR;
  }

  /// A number that is one field of a date; which one depends on what is there already and on
  /// DateStyle.
  private void takeDatePart(String digits) {
    int value = toInt(digits);
    if (digits.length() == 3
        && (have & YEAR) != 0
        && (have & (MONTH | DAY)) == 0
        && value >= 1
        && value <= 366) {
      dayOfYear = value;
      have |= MONTH | DAY;
      return;
    }
    boolean wide = digits.length() >= 3;
    DateOrder order = cx.dateOrder();
    switch (have) {
      case 0 -> {
        if (wide || order == DateOrder.YMD) {
          setYear(digits);
        } else if (order == DateOrder.DMY) {
          day = value;
          have |= DAY;
        } else {
          month = value;
          have |= MONTH;
        }
      }
      case YEAR, DAY -> {
        month = value;
        have |= MONTH;
      }
      case MONTH -> {
        if (textMonth && (wide || order == DateOrder.YMD)) {
          setYear(digits);
        } else {
          day = value;
          have |= DAY;
        }
      }
      case YEAR | MONTH -> {
        if (textMonth && wide && twoDigitYear) {
          // The first number was a day after all: 08-Jan-1999 where years are expected first.
          day = year;
          have |= DAY;
          setYear(digits);
        } else {
          day = value;
          have |= DAY;
        }
      }
      case MONTH | DAY -> setYear(digits);
      case YEAR | DAY -> {
        month = value;
        have |= MONTH;
      }
      default -> throw badFormat();
    }
  }

  private void takeNumber(String text) {
    int point = text.indexOf('.');
    if (prefix == 'j') {
      prefix = 0;
      int whole = toInt(point < 0 ? text : text.substring(0, point));
      julian = true;
      setDate(whole - (long) Calendar.JULIAN_EPOCH);
      if (point >= 0) {
        time = Math.round(fraction(text.substring(point)) * Calendar.MICROS_PER_DAY);
        haveTime = true;
      }
      return;
    }
    if (prefix == 't' || have == DATE || timeOnly) {
      prefix = 0;
      if (haveTime) {
        throw badFormat();
      }
      takeConcatenated(text);
      return;
    }
    if (point >= 0) {
      if (have == 0) {
        takeDottedDate(text, point);
        return;
      }
      throw badFormat();
    }
    if (text.length() > 4) {
      takeConcatenated(text);
    } else {
      takeDatePart(text);
    }
  }

  /// A number with a point where a date is expected: a year and a day of the year.
  private void takeDottedDate(String text, int point) {
    String after = text.substring(point + 1);
    if (point >= 3 && after.length() == 3) {
      setYear(text.substring(0, point));
      takeDatePart(after);
      return;
    }
    throw badFormat();
  }

  private void setDate(long days) {
    year = Calendar.year(days);
    month = Calendar.month(days);
    day = Calendar.day(days);
    have = DATE;
    twoDigitYear = false;
  }

  private double fraction(String digits) {
    if (digits.length() == 1) {
      return 0;
    }
    return Double.parseDouble("0" + digits);
  }

  /// Digits run together: yyyymmdd or yymmdd where there is no date yet, else hhmmss or hhmm.
  private void takeConcatenated(String text) {
    int point = text.indexOf('.');
    String digits = point < 0 ? text : text.substring(0, point);
    int n = digits.length();
    if (have != DATE && !timeOnly && prefixAllowsDate() && point < 0) {
      if (n < 6) {
        throw badFormat();
      }
      if (have != 0) {
        throw badFormat();
      }
      year = toInt(digits.substring(0, n - 4));
      twoDigitYear = n - 4 <= 2;
      month = toInt(digits.substring(n - 4, n - 2));
      day = toInt(digits.substring(n - 2));
      have = DATE;
      return;
    }
    if (haveTime || (n != 6 && n != 4)) {
      throw badFormat();
    }
    int seconds = n == 6 ? toInt(digits.substring(4)) : 0;
    setTime(
        toInt(digits.substring(0, 2)), toInt(digits.substring(2, 4)), seconds, micros(text, point));
  }

  private boolean prefixAllowsDate() {
    return prefix != 't';
  }

  private int micros(String text, int point) {
    return point < 0
        ? 0
        : (int) Math.rint(fraction(text.substring(point)) * Calendar.MICROS_PER_SECOND);
  }

  private void takeTime(String text) {
    if (haveTime) {
      throw badFormat();
    }
    prefix = 0;
    int point = text.indexOf('.');
    String[] parts = (point < 0 ? text : text.substring(0, point)).split(":", -1);
    if (parts.length > 3) {
      throw badFormat();
    }
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].isEmpty()) {
        if (i == 0 || i < parts.length - 1 || parts.length < 2) {
          throw badFormat();
        }
        parts[i] = "0";
      }
    }
    if (parts.length == 2 && point >= 0) {
      setTime(0, toInt(parts[0]), toInt(parts[1]), micros(text, point));
    } else {
      setTime(
          toInt(parts[0]),
          toInt(parts[1]),
          parts.length > 2 ? toInt(parts[2]) : 0,
          micros(text, point));
    }
  }

  private void setTime(int hours, int minutes, int seconds, int micros) {
    boolean endOfDay = hours == 24 && minutes == 0 && seconds == 0 && micros == 0;
    if (minutes > 59
        || seconds > 60
        || (hours > 23 && !endOfDay)
        || (seconds == 60 && micros > 0)) {
      throw fieldOverflow();
    }
    time =
        hours * Calendar.MICROS_PER_HOUR
            + minutes * Calendar.MICROS_PER_MINUTE
            + seconds * Calendar.MICROS_PER_SECOND
            + micros;
    haveTime = true;
  }

  private void takeOffset(String text) {
    boolean allowed = haveTime || timeOnly || have == DATE;
    if (!allowed || (hasZone && zone == null && !zoneMayGrow)) {
      throw badFormat();
    }
    int east = DateTimeInput.offsetSeconds(text, input, this::badFormat);
    zoneWest = -east + (zoneMayGrow ? zoneWest : 0);
    zoneMayGrow = false;
    hasZone = true;
    zone = null;
  }

  // After a word such as utc or gmt, a signed number may still follow.
  private boolean zoneMayGrow;

  private void takeZoneName(String text) {
    if (hasZone) {
      throw badFormat();
    }
    ZoneId found = Zones.byName(text);
    if (found == null) {
      throw unknownZone(text);
    }
    zone = found;
    hasZone = true;
  }

  private SqlException unknownZone(String text) {
    // The session's spelling, not the lower case of the tokens.
    int at = Ascii.lower(input).indexOf(text);
    String shown = at < 0 ? text : input.substring(at, at + text.length());
    return new SqlException(
        SqlState.INVALID_PARAMETER_VALUE,
        "time zone \"" + shown.toLowerCase(java.util.Locale.ROOT) + "\" not recognized");
  }

  private void takeWord(String word) {
    switch (word) {
      case "infinity", "inf" -> beginSpecial(Special.INFINITY);
      case "epoch" -> beginSpecial(Special.EPOCH);
      case "now" -> {
        if (have != 0 || haveTime) {
          throw badFormat();
        }
        isNow = true;
        long local = Zones.toLocal(cx.timeZone(), cx.transactionTimestampMicros());
        setDate(Calendar.dayOf(local));
        time = Calendar.timeOf(local);
        haveTime = true;
        hasZone = true;
        zoneWest = -Zones.offsetAt(cx.timeZone(), cx.transactionTimestampMicros());
      }
      case "today", "tomorrow", "yesterday" -> {
        if (have != 0) {
          throw badFormat();
        }
        long today = Calendar.dayOf(Zones.toLocal(cx.timeZone(), cx.transactionTimestampMicros()));
        setDate(today + (word.equals("today") ? 0 : word.equals("tomorrow") ? 1 : -1));
      }
      case "allballs" -> {
        setTime(0, 0, 0, 0);
        hasZone = true;
        zoneWest = 0;
      }
      case "am", "pm" -> halfDay = word.charAt(0);
      case "bc" -> bc = true;
      case "ad" -> bc = false;
      case "at", "on" -> {
        // filler words
      }
      case "t" -> prefix = 't';
      case "j", "jd", "julian" -> prefix = 'j';
      case "dst" -> {
        if (!hasZone) {
          throw badFormat();
        }
        zoneWest -= 3600;
      }
      default -> takeOtherWord(word);
    }
  }

  private void takeOtherWord(String word) {
    int named = DateTimeWords.month(word);
    if (named > 0) {
      if ((have & MONTH) != 0 && !textMonth && (have & DAY) == 0) {
        // What was taken for a month was the day: 8 January.
        day = month;
        have |= DAY;
      } else if ((have & MONTH) != 0) {
        throw badFormat();
      }
      month = named;
      have |= MONTH;
      textMonth = true;
      return;
    }
    if (DateTimeWords.isDayOfWeek(word)) {
      return;
    }
    DateTimeWords.Abbreviation fixed = DateTimeWords.abbreviation(word);
    if (fixed != null) {
      if (hasZone) {
        throw badFormat();
      }
      hasZone = true;
      zoneWest = -fixed.seconds();
      zoneMayGrow = fixed.seconds() == 0;
      return;
    }
    ZoneId named2 = Zones.byName(word);
    if (named2 == null) {
      throw badFormat();
    }
    if (hasZone) {
      throw badFormat();
    }
    zone = named2;
    hasZone = true;
  }

  private void finish() {
    if (special != Special.NONE) {
      return;
    }
    if (prefix != 0) {
      throw badFormat();
    }
    if (halfDay != 0) {
      long hours = time / Calendar.MICROS_PER_HOUR;
      if (!haveTime || hours > 12) {
        throw haveTime ? fieldOverflow() : badFormat();
      }
      if (halfDay == 'a' && hours == 12) {
        time -= 12 * Calendar.MICROS_PER_HOUR;
      } else if (halfDay == 'p' && hours != 12) {
        time += 12 * Calendar.MICROS_PER_HOUR;
      }
    }
    if (have == 0 && timeOnly) {
      return;
    }
    if (have != DATE) {
      throw badFormat();
    }
    if (!julian) {
      if (bc) {
        if (year <= 0) {
          throw fieldOverflow();
        }
        year = 1 - year;
      } else if (twoDigitYear) {
        year += year < 70 ? 2000 : year < 100 ? 1900 : 0;
      } else if (year <= 0 && !isNow) {
        throw fieldOverflow();
      }
    }
    if (dayOfYear > 0) {
      if (dayOfYear == 366 && !Calendar.isLeap(year)) {
        throw fieldOverflow();
      }
      setDate(Calendar.days(year, 1, 1) + dayOfYear - 1);
    }
    if (month < 1 || month > 12 || day < 1 || day > 31) {
      throw orderOverflow();
    }
    if (day > Calendar.daysInMonth(year, month)) {
      throw fieldOverflow();
    }
  }
}
