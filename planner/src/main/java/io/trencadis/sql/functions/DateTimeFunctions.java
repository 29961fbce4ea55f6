package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Calendar;
import io.trencadis.sql.types.DateTimeWords;
import io.trencadis.sql.types.Interval;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TimeTz;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import io.trencadis.sql.types.Zones;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// Clocks, arithmetic, casts and construction of dates and times.
final class DateTimeFunctions {
  private DateTimeFunctions() {}

  static void register(Builtins.Registry to) {
    clocks(to);
    dates(to);
    times(to);
    timestamps(to);
    casts(to);
    zones(to);
    making(to);
    overlaps(to);
  }

  private static void clocks(Builtins.Registry to) {
    to.fn0("now", EvalContext::transactionTimestampMicros);
    to.fn0("statement_timestamp", EvalContext::statementTimestampMicros);
    to.fn0("clock_timestamp", EvalContext::clockTimestampMicros);
    to.fn0(
        "timeofday",
        cx ->
            DateTimeFormat.timestamptz(
                cx.clockTimestampMicros(), "Dy Mon DD HH24:MI:SS.US YYYY TZ", cx));
  }

  private static void dates(Builtins.Registry to) {
    to.fn2("date_pli", (a, b, cx) -> datePlus((Integer) a, (Integer) b));
    to.fn2("date_mii", (a, b, cx) -> datePlus((Integer) a, -(long) (Integer) b));
    to.fn2(
        "date_mi",
        (a, b, cx) -> {
          if (Calendar.isInfinite((int) (Integer) a) || Calendar.isInfinite((int) (Integer) b)) {
            throw new SqlException(
                SqlState.DATETIME_FIELD_OVERFLOW, "cannot subtract infinite dates");
          }
          return (Integer) a - (Integer) b;
        });
    to.fn2(
        "date_pl_interval",
        (a, b, cx) ->
            DateTimeMath.timestampPlus(DateTimeMath.dateToTimestamp((Integer) a), (Interval) b));
    to.fn2(
        "date_mi_interval",
        (a, b, cx) ->
            DateTimeMath.timestampPlus(
                DateTimeMath.dateToTimestamp((Integer) a), IntervalMath.negate((Interval) b)));
    to.fn2("datetime_timestamp", (a, b, cx) -> dateAndTime((Integer) a, (Long) b));
    to.fn2("datetimetz_timestamptz", (a, b, cx) -> dateAndTimeTz((Integer) a, (TimeTz) b));
    // The same operators with their operands exchanged are SQL functions.
    to.fn2(
        "#2546",
        (a, b, cx) ->
            DateTimeMath.timestampPlus(DateTimeMath.dateToTimestamp((Integer) b), (Interval) a));
    to.fn2("#1296", (a, b, cx) -> dateAndTime((Integer) b, (Long) a));
    to.fn2("#1298", (a, b, cx) -> dateAndTimeTz((Integer) b, (TimeTz) a));
    to.fn2("#2550", (a, b, cx) -> datePlus((Integer) b, (Integer) a));
  }

  private static Integer datePlus(int date, long days) {
    return Calendar.isInfinite(date)
        ? (Integer) date
        : (Integer) DateTimeMath.checkedDate(date + days);
  }

  private static Long dateAndTime(int date, long time) {
    long midnight = DateTimeMath.dateToTimestamp(date);
    return Calendar.isInfinite(midnight)
        ? (Long) midnight
        : (Long) DateTimeMath.checkedTimestamp(midnight + time);
  }

  private static Long dateAndTimeTz(int date, TimeTz time) {
    long midnight = DateTimeMath.dateToTimestamp(date);
    return Calendar.isInfinite(midnight)
        ? (Long) midnight
        : (Long) DateTimeMath.checkedTimestamp(midnight + time.utcMicros());
  }

  private static long timeOfDay(long micros) {
    return Math.floorMod(micros, Calendar.MICROS_PER_DAY);
  }

  private static TimeTz plus(TimeTz time, Interval interval, int sign) {
    long moved = time.micros() + sign * (interval.micros() % Calendar.MICROS_PER_DAY);
    return new TimeTz(timeOfDay(moved), time.zoneSecondsWest());
  }

  private static void times(Builtins.Registry to) {
    to.fn2("time_mi_time", (a, b, cx) -> new Interval(0, 0, (Long) a - (Long) b));
    to.fn2(
        "time_pl_interval",
        (a, b, cx) -> timeOfDay((Long) a + ((Interval) b).micros() % Calendar.MICROS_PER_DAY));
    to.fn2(
        "time_mi_interval",
        (a, b, cx) -> timeOfDay((Long) a - ((Interval) b).micros() % Calendar.MICROS_PER_DAY));
    to.fn2("timetz_pl_interval", (a, b, cx) -> plus((TimeTz) a, (Interval) b, 1));
    to.fn2("timetz_mi_interval", (a, b, cx) -> plus((TimeTz) a, (Interval) b, -1));
    to.fn2(
        "#1848",
        (a, b, cx) -> timeOfDay((Long) b + ((Interval) a).micros() % Calendar.MICROS_PER_DAY));
    to.fn2("#2547", (a, b, cx) -> plus((TimeTz) b, (Interval) a, 1));
  }

  private static void timestamps(Builtins.Registry to) {
    to.fn2("timestamp_mi", (a, b, cx) -> DateTimeMath.difference((Long) a, (Long) b));
    to.fn2(
        "timestamp_pl_interval", (a, b, cx) -> DateTimeMath.timestampPlus((Long) a, (Interval) b));
    to.fn2(
        "timestamp_mi_interval",
        (a, b, cx) -> DateTimeMath.timestampPlus((Long) a, IntervalMath.negate((Interval) b)));
    to.fn2(
        "timestamptz_pl_interval",
        (a, b, cx) -> DateTimeMath.timestamptzPlus((Long) a, (Interval) b, cx));
    to.fn2(
        "timestamptz_mi_interval",
        (a, b, cx) ->
            DateTimeMath.timestamptzPlus((Long) a, IntervalMath.negate((Interval) b), cx));
    to.fn2("#2548", (a, b, cx) -> DateTimeMath.timestampPlus((Long) b, (Interval) a));
    to.fn2("#2549", (a, b, cx) -> DateTimeMath.timestamptzPlus((Long) b, (Interval) a, cx));
    to.fn2("timestamp_age", (a, b, cx) -> DateTimeMath.age((Long) a, (Long) b));
    to.fn2(
        "timestamptz_age",
        (a, b, cx) ->
            DateTimeMath.age(
                Zones.toLocal(cx.timeZone(), (Long) a), Zones.toLocal(cx.timeZone(), (Long) b)));
    to.fn1("#2059", (a, cx) -> DateTimeMath.age(today(cx), (Long) a));
    to.fn1("#1386", (a, cx) -> DateTimeMath.age(today(cx), Zones.toLocal(cx.timeZone(), (Long) a)));
  }

  /// Local midnight at the start of the current date.
  private static long today(EvalContext cx) {
    long local = Zones.toLocal(cx.timeZone(), cx.transactionTimestampMicros());
    return Calendar.dayOf(local) * Calendar.MICROS_PER_DAY;
  }

  private static void casts(Builtins.Registry to) {
    to.fn1("date_timestamp", (a, cx) -> DateTimeMath.dateToTimestamp((Integer) a));
    to.fn1(
        "date_timestamptz",
        (a, cx) -> Zones.toUtc(cx.timeZone(), DateTimeMath.dateToTimestamp((Integer) a)));
    to.fn1("timestamp_date", (a, cx) -> DateTimeMath.timestampToDate((Long) a));
    to.fn1(
        "timestamptz_date",
        (a, cx) -> DateTimeMath.timestampToDate(Zones.toLocal(cx.timeZone(), (Long) a)));
    to.fn1("timestamp_timestamptz", (a, cx) -> Zones.toUtc(cx.timeZone(), (Long) a));
    to.fn1("timestamptz_timestamp", (a, cx) -> Zones.toLocal(cx.timeZone(), (Long) a));
    to.fn1(
        "timestamp_time",
        (a, cx) -> Calendar.isInfinite((long) (Long) a) ? null : timeOfDay((Long) a));
    to.fn1(
        "timestamptz_time",
        (a, cx) ->
            Calendar.isInfinite((long) (Long) a)
                ? null
                : timeOfDay(Zones.toLocal(cx.timeZone(), (Long) a)));
    to.fn1(
        "timestamptz_timetz",
        (a, cx) -> {
          if (Calendar.isInfinite((long) (Long) a)) {
            return null;
          }
          int east = Zones.offsetAt(cx.timeZone(), (Long) a);
          return new TimeTz(timeOfDay((Long) a + east * Calendar.MICROS_PER_SECOND), -east);
        });
    to.fn1("timetz_time", (a, cx) -> ((TimeTz) a).micros());
    to.fn1(
        "time_timetz",
        (a, cx) -> new TimeTz((Long) a, -Zones.offsetOfLocal(cx.timeZone(), today(cx) + (Long) a)));
    to.fn2("#1176", (a, b, cx) -> Zones.toUtc(cx.timeZone(), dateAndTime((Integer) a, (Long) b)));
    scale(to, "timestamp_scale", Types.TIMESTAMP.codec());
    scale(to, "timestamptz_scale", Types.TIMESTAMPTZ.codec());
    scale(to, "time_scale", Types.TIME.codec());
    scale(to, "timetz_scale", Types.TIMETZ.codec());
  }

  private static void scale(Builtins.Registry to, String name, TypeCodec codec) {
    to.fn2(name, (a, b, cx) -> codec.coerceTypmod(a, (Integer) b, false));
  }

  /// The zone that a name means.
  ///
  /// @throws SqlException 22023 if it means none
  static ZoneId zone(String name) {
    ZoneId zone = DateTimeWords.zone(name);
    if (zone == null) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "time zone \"" + name + "\" not recognized");
    }
    return zone;
  }

  /// A zone whose offset to the east is an interval.
  private static ZoneId zone(Interval offset, EvalContext cx) {
    if (offset.months() != 0 || offset.days() != 0) {
      String shown = Types.INTERVAL.codec().format(offset, cx);
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "interval time zone \"" + shown + "\" must not include months or days");
    }
    return ZoneOffset.ofTotalSeconds((int) (offset.micros() / Calendar.MICROS_PER_SECOND));
  }

  private static TimeTz move(TimeTz time, ZoneId zone, EvalContext cx) {
    int west = -Zones.offsetAt(zone, cx.transactionTimestampMicros());
    long micros = time.micros() + (time.zoneSecondsWest() - west) * Calendar.MICROS_PER_SECOND;
    return new TimeTz(timeOfDay(micros), west);
  }

  private static void zones(Builtins.Registry to) {
    to.fn2("timestamp_zone", (a, b, cx) -> Zones.toUtc(zone((String) a), (Long) b));
    to.fn2("timestamptz_zone", (a, b, cx) -> Zones.toLocal(zone((String) a), (Long) b));
    to.fn2("timestamp_izone", (a, b, cx) -> Zones.toUtc(zone((Interval) a, cx), (Long) b));
    to.fn2("timestamptz_izone", (a, b, cx) -> Zones.toLocal(zone((Interval) a, cx), (Long) b));
    to.fn2("timetz_zone", (a, b, cx) -> move((TimeTz) b, zone((String) a), cx));
    to.fn2("timetz_izone", (a, b, cx) -> move((TimeTz) b, zone((Interval) a, cx), cx));
  }

  private static void making(Builtins.Registry to) {
    to.fn3("make_date", (a, b, c, cx) -> makeDate((Integer) a, (Integer) b, (Integer) c));
    to.fn3("make_time", (a, b, c, cx) -> makeTime((Integer) a, (Integer) b, (Double) c));
    to.fnN("make_timestamp", (args, cx) -> makeTimestamp(args));
    to.fnN("make_timestamptz", (args, cx) -> Zones.toUtc(cx.timeZone(), makeTimestamp(args)));
    to.fnN(
        "make_timestamptz_at_timezone",
        (args, cx) -> {
          String name = (String) args[6];
          // Unlike elsewhere, a numeric zone counts to the east here.
          ZoneId zone = Zones.byOffset(name);
          return Zones.toUtc(zone != null ? zone : zone(name), makeTimestamp(args));
        });
    to.fn1("float8_timestamptz", (a, cx) -> fromEpoch((Double) a));
  }

  private static SqlException fieldOverflow(String what, String shown) {
    return new SqlException(
        SqlState.DATETIME_FIELD_OVERFLOW, what + " field value out of range: " + shown);
  }

  private static Integer makeDate(int year, int month, int day) {
    int astronomical = year < 0 ? year + 1 : year;
    if (year == 0
        || month < 1
        || month > 12
        || day < 1
        || day > Calendar.daysInMonth(astronomical, month)) {
      throw fieldOverflow("date", String.format("%d-%02d-%02d", year, month, day));
    }
    long days = Calendar.days(astronomical, month, day);
    if (!Calendar.isDate(days)) {
      throw new SqlException(
          SqlState.DATETIME_FIELD_OVERFLOW,
          "date out of range: " + String.format("%d-%02d-%02d", year, month, day));
    }
    return (int) days;
  }

  private static Long makeTime(int hour, int minute, double second) {
    double micros = Math.rint(second * Calendar.MICROS_PER_SECOND);
    boolean invalid =
        second != second
            || hour < 0
            || minute < 0
            || minute > 59
            || second < 0
            || second > 60
            || hour > 24
            || (hour == 24 && (minute > 0 || second > 0));
    if (invalid) {
      throw fieldOverflow("time", String.format("%d:%02d:", hour, minute) + seconds(second));
    }
    return hour * Calendar.MICROS_PER_HOUR + minute * Calendar.MICROS_PER_MINUTE + (long) micros;
  }

  private static String seconds(double second) {
    String text = io.trencadis.sql.types.Floats.format(second, 0);
    return text.length() < 2 ? "0" + text : text;
  }

  private static long makeTimestamp(Object[] args) {
    long days = makeDate((Integer) args[0], (Integer) args[1], (Integer) args[2]);
    long time = makeTime((Integer) args[3], (Integer) args[4], (Double) args[5]);
    return DateTimeMath.checkedTimestamp(days * Calendar.MICROS_PER_DAY + time);
  }

  private static Long fromEpoch(double seconds) {
    if (seconds != seconds) {
      throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "timestamp cannot be NaN");
    }
    if (Double.isInfinite(seconds)) {
      return seconds > 0 ? Calendar.TIMESTAMP_INFINITY : Calendar.TIMESTAMP_MINUS_INFINITY;
    }
    double shifted = (seconds - Calendar.UNIX_EPOCH_DAYS * 86_400.0) * Calendar.MICROS_PER_SECOND;
    double micros = Math.rint(shifted);
    if (micros < Calendar.MIN_TIMESTAMP || micros >= Calendar.END_TIMESTAMP) {
      String shown = io.trencadis.sql.types.Floats.format(seconds, 0);
      throw new SqlException(
          SqlState.DATETIME_FIELD_OVERFLOW, "timestamp out of range: \"" + shown + "\"");
    }
    return (long) micros;
  }

  private static void overlaps(Builtins.Registry to) {
    to.fnN("overlaps_timestamp", (args, cx) -> overlap(args, Types.TIMESTAMP.codec()));
    to.fnN("overlaps_time", (args, cx) -> overlap(args, Types.TIME.codec()));
    to.fnN("overlaps_timetz", (args, cx) -> overlap(args, Types.TIMETZ.codec()));
    // Variants that give a span's length for its end.
    for (String source :
        new String[] {
          "#1305", "#1306", "#1307", "#1309", "#1310", "#1311", "#2042", "#2043", "#2044"
        }) {
      to.bound(source, DateTimeFunctions::overlapsByLength);
    }
  }

  private static Fn overlapsByLength(ResolvedCall call) {
    PgType type = call.argTypes().getFirst();
    boolean[] length = new boolean[4];
    for (int i = 0; i < 4; i++) {
      length[i] = call.argTypes().get(i) == Types.INTERVAL;
    }
    FnN fn =
        (args, cx) -> {
          Object[] ends = args.clone();
          for (int i = 1; i < 4; i += 2) {
            if (length[i] && ends[i] != null) {
              ends[i] = ends[i - 1] == null ? null : end(type, ends[i - 1], (Interval) ends[i], cx);
            }
          }
          return overlap(ends, type.codec());
        };
    return fn;
  }

  private static Object end(PgType type, Object start, Interval length, EvalContext cx) {
    if (type == Types.TIME) {
      return timeOfDay((Long) start + length.micros() % Calendar.MICROS_PER_DAY);
    }
    return type == Types.TIMESTAMPTZ
        ? DateTimeMath.timestamptzPlus((Long) start, length, cx)
        : DateTimeMath.timestampPlus((Long) start, length);
  }

  /// Whether two spans, each given by both ends in any order, share a time; unknown where a null
  /// matters.
  private static Boolean overlap(Object[] args, TypeCodec codec) {
    Object[] a = ordered(args[0], args[1], codec);
    Object[] b = ordered(args[2], args[3], codec);
    if (a == null || b == null) {
      return null;
    }
    int starts = codec.compare(a[0], b[0]);
    if (starts == 0) {
      return a[1] == null || b[1] == null ? null : (Boolean) true;
    }
    Object[] first = starts < 0 ? a : b;
    Object[] second = starts < 0 ? b : a;
    if (first[1] == null) {
      return null;
    }
    boolean overlaps = codec.compare(second[0], first[1]) < 0;
    return overlaps && second[1] == null ? null : (Boolean) overlaps;
  }

  private static Object[] ordered(Object start, Object end, TypeCodec codec) {
    if (start == null) {
      return end == null ? null : new Object[] {end, null};
    }
    if (end == null || codec.compare(start, end) <= 0) {
      return new Object[] {start, end};
    }
    return new Object[] {end, start};
  }
}
