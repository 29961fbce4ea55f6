package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Calendar;
import io.trencadis.sql.types.Interval;
import io.trencadis.sql.types.Zones;
import java.util.Locale;

/// to_char of timestamps and intervals.
final class DateTimeFormat {
  private static final String[] MONTHS = {
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December"
  };
  private static final String[] DAYS = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"
  };
  private static final String[] ROMAN = {
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"
  };

  private final StringBuilder out = new StringBuilder();
  private final boolean interval;
  private final long days;
  private final int year;
  private final int month;
  private final int day;
  private final long hour;
  private final int minute;
  private final int second;
  private final int micros;
  private final String zoneName;
  private final Integer zoneEast;

  private DateTimeFormat(long local, String zoneName, Integer zoneEast) {
    interval = false;
    days = Calendar.dayOf(local);
    year = Calendar.year(days);
    month = Calendar.month(days);
    day = Calendar.day(days);
    long time = Calendar.timeOf(local);
    hour = time / Calendar.MICROS_PER_HOUR;
    minute = (int) (time / Calendar.MICROS_PER_MINUTE % 60);
    second = (int) (time / Calendar.MICROS_PER_SECOND % 60);
    micros = (int) (time % Calendar.MICROS_PER_SECOND);
    this.zoneName = zoneName;
    this.zoneEast = zoneEast;
  }

  private DateTimeFormat(Interval value) {
    interval = true;
    days = 0;
    year = value.months() / 12;
    month = value.months() % 12;
    day = value.days();
    hour = value.micros() / Calendar.MICROS_PER_HOUR;
    minute = (int) (value.micros() / Calendar.MICROS_PER_MINUTE % 60);
    second = (int) (value.micros() / Calendar.MICROS_PER_SECOND % 60);
    micros = (int) (value.micros() % Calendar.MICROS_PER_SECOND);
    zoneName = null;
    zoneEast = null;
  }

  static void register(Builtins.Registry to) {
    to.fn2(
        "timestamp_to_char",
        (a, b, cx) -> {
          long micros = (Long) a;
          return ((String) b).isEmpty() || Calendar.isInfinite(micros)
              ? null
              : new DateTimeFormat(micros, "", null).format((String) b);
        });
    to.fn2(
        "timestamptz_to_char",
        (a, b, cx) ->
            ((String) b).isEmpty() || Calendar.isInfinite((long) (Long) a)
                ? null
                : timestamptz((Long) a, (String) b, cx));
    to.fn2(
        "interval_to_char",
        (a, b, cx) ->
            ((String) b).isEmpty() ? null : new DateTimeFormat((Interval) a).format((String) b));
  }

  static String timestamptz(long utcMicros, String template, EvalContext cx) {
    int east = Zones.offsetAt(cx.timeZone(), utcMicros);
    String name = Zones.abbreviation(cx.timeZone(), utcMicros);
    return new DateTimeFormat(
            utcMicros + east * Calendar.MICROS_PER_SECOND, name == null ? offset(east) : name, east)
        .format(template);
  }

  private static String offset(int east) {
    int total = Math.abs(east);
    String text = (east < 0 ? "-" : "+") + String.format("%02d", total / 3600);
    return total % 3600 == 0 ? text : text + String.format(":%02d", total / 60 % 60);
  }

  private String format(String template) {
    for (DateTimePattern.Piece piece : DateTimePattern.parse(template)) {
      if (piece.field() == null) {
        out.append(piece.text());
      } else {
        field(piece);
      }
    }
    return out.toString();
  }

  private void number(DateTimePattern.Piece piece, long value, int width) {
    String text;
    if (piece.fill()) {
      String digits = Long.toString(Math.abs(value));
      int zeros = Math.max(0, width - digits.length());
      text = (value < 0 ? "-" : "") + "0".repeat(zeros) + digits;
    } else {
      text = Long.toString(value);
    }
    out.append(text);
    if (piece.ordinal() != null) {
      String ending = ordinal(text);
      out.append(piece.ordinal().equals("TH") ? ending.toUpperCase(Locale.ROOT) : ending);
    }
  }

  static String ordinal(String number) {
    char last = number.charAt(number.length() - 1);
    boolean teen = number.length() > 1 && number.charAt(number.length() - 2) == '1';
    return teen ? "th" : last == '1' ? "st" : last == '2' ? "nd" : last == '3' ? "rd" : "th";
  }

  private void word(DateTimePattern.Piece piece, String word, int width, int cut) {
    String shown = cut > 0 ? word.substring(0, Math.min(cut, word.length())) : word;
    String name = piece.field();
    if (Character.isUpperCase(name.charAt(1))) {
      shown = shown.toUpperCase(Locale.ROOT);
    } else if (Character.isLowerCase(name.charAt(0))) {
      shown = shown.toLowerCase(Locale.ROOT);
    }
    out.append(shown);
    if (piece.fill() && cut == 0) {
      out.append(" ".repeat(Math.max(0, width - shown.length())));
    }
  }

  private void dateOnly() {
    if (interval) {
      throw new SqlException(
              SqlState.INVALID_DATETIME_FORMAT,
              "invalid format specification for an interval value")
          .hint("Intervals are not tied to specific calendar dates.");
    }
  }

  private int shownYear() {
    return interval || year > 0 ? year : 1 - year;
  }

  private void field(DateTimePattern.Piece piece) {
    String name = piece.field();
    switch (name.toUpperCase(Locale.ROOT)) {
      case "A.M.", "P.M." -> marker(name, hour % 24 < 12 ? "a.m." : "p.m.");
      case "AM", "PM" -> marker(name, hour % 24 < 12 ? "am" : "pm");
      case "A.D.", "B.C." -> {
        dateOnly();
        marker(name, year > 0 ? "a.d." : "b.c.");
      }
      case "AD", "BC" -> {
        dateOnly();
        marker(name, year > 0 ? "ad" : "bc");
      }
      case "HH", "HH12" -> number(piece, hour % 12 == 0 ? 12 : hour % 12, hour < 0 ? 3 : 2);
      case "HH24" -> number(piece, hour, 2);
      case "MI" -> number(piece, minute, 2);
      case "SS" -> number(piece, second, 2);
      case "MS", "FF3" -> number(piece, micros / 1000, 3);
      case "US", "FF6" -> number(piece, micros, 6);
      case "FF1" -> number(piece, micros / 100_000, 1);
      case "FF2" -> number(piece, micros / 10_000, 2);
      case "FF4" -> number(piece, micros / 100, 4);
      case "FF5" -> number(piece, micros / 10, 5);
      case "SSSS", "SSSSS" -> number(piece, hour * 3600 + minute * 60 + second, 1);
      case "TZ" -> {
        dateOnly();
        String zone = zoneName == null ? "" : zoneName;
        out.append(name.equals("tz") ? zone.toLowerCase(Locale.ROOT) : zone);
      }
      case "TZH" -> {
        dateOnly();
        int east = zoneEast == null ? 0 : zoneEast;
        out.append(east < 0 ? '-' : '+').append(String.format("%02d", Math.abs(east) / 3600));
      }
      case "TZM" -> {
        dateOnly();
        out.append(String.format("%02d", Math.abs(zoneEast == null ? 0 : zoneEast) / 60 % 60));
      }
      case "OF" -> {
        dateOnly();
        out.append(offset(zoneEast == null ? 0 : zoneEast));
      }
      default -> dateField(piece, name.toUpperCase(Locale.ROOT));
    }
  }

  private void marker(String name, String text) {
    out.append(Character.isUpperCase(name.charAt(0)) ? text.toUpperCase(Locale.ROOT) : text);
  }

  private void dateField(DateTimePattern.Piece piece, String name) {
    switch (name) {
      case "YYYY" -> number(piece, shownYear(), 4);
      case "YYY" -> number(piece, shownYear() % 1000, 3);
      case "YY" -> number(piece, shownYear() % 100, 2);
      case "Y" -> number(piece, shownYear() % 10, 1);
      case "Y,YYY" -> {
        int shown = shownYear();
        out.append(shown / 1000).append(',').append(String.format("%03d", Math.abs(shown) % 1000));
      }
      case "MM" -> number(piece, month, 2);
      case "DD" -> number(piece, day, 2);
      case "CC" -> {
        int century =
            interval ? year / 100 : year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100);
        number(piece, century, 2);
      }
      case "Q" -> {
        if (!interval || month != 0) {
          number(piece, (month - 1) / 3 + 1, 1);
        }
      }
      case "RM" -> {
        if (month == 0 && interval && year == 0) {
          return;
        }
        String roman = ROMAN[Math.floorMod(month - 1, 12)];
        out.append(piece.field().equals("rm") ? roman.toLowerCase(Locale.ROOT) : roman);
        out.append(" ".repeat(piece.fill() ? 4 - roman.length() : 0));
      }
      case "J" ->
          number(
              piece, interval ? year * 365L + month * 30L + day : days + Calendar.JULIAN_EPOCH, 1);
      case "DDD" ->
          number(piece, interval ? year * 365L + month * 30L + day : Calendar.dayOfYear(days), 3);
      case "WW" -> {
        long dayOfYear = interval ? year * 365L + month * 30L + day : Calendar.dayOfYear(days);
        number(piece, (dayOfYear - 1) / 7 + 1, 2);
      }
      case "W" -> number(piece, (day - 1) / 7 + 1, 1);
      default -> calendarField(piece, name);
    }
  }

  private void calendarField(DateTimePattern.Piece piece, String name) {
    dateOnly();
    int isoYear = Calendar.isoYear(days);
    int shown = isoYear > 0 ? isoYear : 1 - isoYear;
    switch (name) {
      case "MONTH" -> word(piece, MONTHS[month - 1], 9, 0);
      case "MON" -> word(piece, MONTHS[month - 1], 0, 3);
      case "DAY" -> word(piece, DAYS[Calendar.dayOfWeek(days)], 9, 0);
      case "DY" -> word(piece, DAYS[Calendar.dayOfWeek(days)], 0, 3);
      case "D" -> number(piece, Calendar.dayOfWeek(days) + 1, 1);
      case "ID" -> number(piece, Calendar.dayOfWeek(days) == 0 ? 7 : Calendar.dayOfWeek(days), 1);
      case "IW" -> number(piece, Calendar.isoWeek(days), 2);
      case "IDDD" -> number(piece, days - Calendar.isoYearStart(isoYear) + 1, 3);
      case "IYYY" -> number(piece, shown, 4);
      case "IYY" -> number(piece, shown % 1000, 3);
      case "IY" -> number(piece, shown % 100, 2);
      case "I" -> number(piece, shown % 10, 1);
      default -> throw SqlException.notSupported("to_char field " + name);
    }
  }
}
