package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.functions.JsonPathItems.Moment;
import io.trencadis.sql.types.Calendar;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TimeTz;
import io.trencadis.sql.types.Types;
import io.trencadis.sql.types.Zones;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `datetime()` of jsonpath: ISO 8601 as the SQL standard has it, and comparison of its results.
final class JsonPathDateTime {
  private static final Pattern FORMAT =
      Pattern.compile(
          "(?:(\\d{1,4})-(\\d{1,2})-(\\d{1,2}))?"
              + "(\\s*[T ]\\s*)?"
              + "(?:(\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:\\.(\\d{1,6})\\d*)?"
              + "(?:(\\s*\\+|-)(\\d{1,2})(?::(\\d{1,2}))?)?)?");

  private JsonPathDateTime() {}

  /// The moment that a text means without a template, or null.
  static Moment read(String text) {
    Matcher matcher = FORMAT.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    boolean date = matcher.group(1) != null;
    boolean time = matcher.group(5) != null;
    if (!date && !time || (matcher.group(4) != null) != (date && time)) {
      return null;
    }
    long days = 0;
    if (date) {
      int year = number(matcher, 1);
      int month = number(matcher, 2);
      int day = number(matcher, 3);
      if (matcher.group(1).length() == 2) {
        year += year < 70 ? 2000 : 1900;
      }
      if (month < 1 || month > 12 || day < 1 || day > Calendar.daysInMonth(year, month)) {
        return null;
      }
      days = Calendar.days(year, month, day);
    }
    if (!time) {
      return new Moment(Types.DATE, (int) days, 0);
    }
    int hour = number(matcher, 5);
    int minute = number(matcher, 6);
    int second = number(matcher, 7);
    if (hour > 23 || minute > 59 || second > 59) {
      return null;
    }
    long micros = (hour * 3600L + minute * 60 + second) * Calendar.MICROS_PER_SECOND;
    if (matcher.group(8) != null) {
      micros += Long.parseLong((matcher.group(8) + "000000").substring(0, 6));
    }
    if (matcher.group(9) == null) {
      return date
          ? new Moment(Types.TIMESTAMP, days * Calendar.MICROS_PER_DAY + micros, 0)
          : new Moment(Types.TIME, micros, 0);
    }
    int east =
        number(matcher, 10) * 3600 + (matcher.group(11) == null ? 0 : number(matcher, 11) * 60);
    return zoned(date, days, micros, matcher.group(9).equals("-") ? -east : east);
  }

  static Moment zoned(boolean date, long days, long micros, int east) {
    return date
        ? new Moment(
            Types.TIMESTAMPTZ,
            days * Calendar.MICROS_PER_DAY + micros - east * Calendar.MICROS_PER_SECOND,
            east)
        : new Moment(Types.TIMETZ, new TimeTz(micros, -east), east);
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  /// Their order, or null where they have none.
  ///
  /// @param zoned whether the session's time zone may be used
  /// @throws SqlException 0A000 if it would be needed and may not
  static Integer compare(Moment a, Moment b, boolean zoned, EvalContext cx) {
    boolean timesOnly = isTime(a.type());
    if (timesOnly != isTime(b.type())) {
      return null;
    }
    PgType type = wider(a.type(), b.type());
    return type.codec().compare(cast(a, type, zoned, cx), cast(b, type, zoned, cx));
  }

  private static boolean isTime(PgType type) {
    return type == Types.TIME || type == Types.TIMETZ;
  }

  private static PgType wider(PgType a, PgType b) {
    if (a == b) {
      return a;
    }
    if (isTime(a)) {
      return Types.TIMETZ;
    }
    return a == Types.TIMESTAMPTZ || b == Types.TIMESTAMPTZ ? Types.TIMESTAMPTZ : Types.TIMESTAMP;
  }

  private static Object cast(Moment moment, PgType to, boolean zoned, EvalContext cx) {
    if (moment.type() == to) {
      return moment.value();
    }
    if (to == Types.TIMESTAMP) {
      return DateTimeMath.dateToTimestamp((Integer) moment.value());
    }
    if (!zoned) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "cannot convert value from "
                  + shortName(moment.type())
                  + " to "
                  + shortName(to)
                  + " without time zone usage")
          .hint("Use *_tz() function for time zone support.");
    }
    if (to == Types.TIMETZ) {
      int east = Zones.offsetAt(cx.timeZone(), cx.transactionTimestampMicros());
      return new TimeTz((Long) moment.value(), -east);
    }
    long local =
        moment.type() == Types.DATE
            ? DateTimeMath.dateToTimestamp((Integer) moment.value())
            : (Long) moment.value();
    return Zones.toUtc(cx.timeZone(), local);
  }

  private static String shortName(PgType type) {
    return type.name();
  }
}
