package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.regex.Regex;
import io.trencadis.sql.regex.RegexFlags;
import io.trencadis.sql.regex.RegexMatcher;
import io.trencadis.sql.types.Interval;
import io.trencadis.sql.types.Numeric;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/// Which code a set-returning function has.
final class SetCode {
  private SetCode() {}

  static SetFn find(ResolvedCall call) {
    String source = call.proc().source();
    if (source == null) {
      return call.proc().name().equals("_pg_expandarray") ? SetCode::expandArray : null;
    }
    return switch (source) {
      case "generate_series_int4", "generate_series_step_int4" ->
          (args, cx) -> integers(args, false);
      case "generate_series_int8", "generate_series_step_int8" ->
          (args, cx) -> integers(args, true);
      case "generate_series_numeric", "generate_series_step_numeric" ->
          (args, cx) -> numerics(args);
      case "generate_series_timestamp" -> (args, cx) -> timestamps(args, false, cx);
      case "generate_series_timestamptz" -> (args, cx) -> timestamps(args, true, cx);
      case "array_unnest" ->
          (args, cx) -> Arrays.asList(((SqlArray) args[0]).elements()).iterator();
      case "generate_subscripts", "generate_subscripts_nodir" -> (args, cx) -> subscripts(args);
      case "regexp_split_to_table", "regexp_split_to_table_no_flags" ->
          (args, cx) ->
              objects(
                  RegexFunctions.split(
                      Regex.compile(
                          (String) args[1],
                          RegexFunctions.splitFlags(args, "regexp_split_to_table()")),
                      (String) args[0]));
      case "regexp_matches", "regexp_matches_no_flags" -> (args, cx) -> matches(args);
      case "text_to_table" ->
          (args, cx) ->
              args[0] == null
                  ? List.of().iterator()
                  : objects(TextFunctions.pieces((String) args[0], (String) args[1], null));
      case "text_to_table_null" ->
          (args, cx) ->
              args[0] == null
                  ? List.of().iterator()
                  : objects(
                      TextFunctions.pieces((String) args[0], (String) args[1], (String) args[2]));
      case "pg_partition_ancestors", "pg_partition_tree", "pg_listening_channels" ->
          (args, cx) -> objectsOf((List<?>) cx.catalogFunction(source, args));
      case "pg_get_keywords" -> (args, cx) -> keywords();
      case "pg_options_to_table" -> (args, cx) -> options((SqlArray) args[0]);
      case "pg_timezone_names" -> (args, cx) -> zoneNames(cx);
      default -> {
        SetFn json = JsonSets.find(source);
        SetFn path = JsonPathFunctions.find(source);
        yield json != null ? json : path != null ? path : JsonPopulate.find(call);
      }
    };
  }

  private static Iterator<Object> objectsOf(List<?> rows) {
    List<Object> all = new ArrayList<>(rows);
    return all.iterator();
  }

  private static Iterator<Object> objects(List<String> texts) {
    List<Object> all = new ArrayList<>(texts);
    return all.iterator();
  }

  /// Makes the next value of a series, or null at its end.
  private abstract static class Series implements Iterator<Object> {
    protected Object next;

    abstract Object after(Object current);

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Object next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      Object current = next;
      next = after(current);
      return current;
    }
  }

  private static SqlException zeroStep() {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, "step size cannot equal zero");
  }

  private static Object integer(long value, boolean wide) {
    return wide ? (Object) value : (Object) (int) value;
  }

  private static Iterator<Object> integers(Object[] args, boolean wide) {
    long start = ((Number) args[0]).longValue();
    long stop = ((Number) args[1]).longValue();
    long step = args.length > 2 ? ((Number) args[2]).longValue() : 1;
    if (step == 0) {
      throw zeroStep();
    }
    Series series =
        new Series() {
          @Override
          Object after(Object current) {
            long value = ((Number) current).longValue();
            long following = value + step;
            boolean overflow = ((value ^ following) & (step ^ following)) < 0;
            boolean done = overflow || (step > 0 ? following > stop : following < stop);
            return done ? null : integer(following, wide);
          }
        };
    boolean any = step > 0 ? start <= stop : start >= stop;
    series.next = any ? integer(start, wide) : null;
    return series;
  }

  private static Iterator<Object> numerics(Object[] args) {
    Numeric step = args.length > 2 ? (Numeric) args[2] : Numeric.ONE;
    String[] names = {"start value", "stop value", "step size"};
    for (int i = 0; i < args.length; i++) {
      Numeric value = (Numeric) args[i];
      if (!value.isFinite()) {
        throw new SqlException(
            SqlState.INVALID_PARAMETER_VALUE,
            names[i] + " cannot be " + (value.isNaN() ? "NaN" : "infinity"));
      }
    }
    if (step.signum() == 0) {
      throw zeroStep();
    }
    Numeric stop = (Numeric) args[1];
    Series series =
        new Series() {
          @Override
          Object after(Object current) {
            Numeric following = NumericMath.add((Numeric) current, step);
            return following.compareTo(stop) * step.signum() > 0 ? null : following;
          }
        };
    // All values have the larger scale of start and step.
    Numeric start = (Numeric) args[0];
    series.next = start.compareTo(stop) * step.signum() > 0 ? null : start;
    return series;
  }

  private static Iterator<Object> timestamps(Object[] args, boolean withZone, EvalContext cx) {
    long stop = (Long) args[1];
    Interval step = (Interval) args[2];
    int sign = step.compareTo(Interval.ZERO);
    if (sign == 0) {
      throw zeroStep();
    }
    Series series =
        new Series() {
          @Override
          Object after(Object current) {
            long following =
                withZone
                    ? DateTimeMath.timestamptzPlus((Long) current, step, cx)
                    : DateTimeMath.timestampPlus((Long) current, step);
            return Long.compare(following, stop) * sign > 0 ? null : (Object) following;
          }
        };
    series.next = Long.compare((Long) args[0], stop) * sign > 0 ? null : args[0];
    return series;
  }

  private static Iterator<Object> subscripts(Object[] args) {
    SqlArray array = (SqlArray) args[0];
    int dimension = (Integer) args[1];
    if (dimension < 1 || dimension > array.ndims()) {
      return List.of().iterator();
    }
    int lower = array.lowerBounds()[dimension - 1];
    int upper = lower + array.dims()[dimension - 1] - 1;
    boolean reverse = args.length > 2 && (Boolean) args[2];
    return reverse
        ? integers(new Object[] {upper, lower, -1}, false)
        : integers(new Object[] {lower, upper, 1}, false);
  }

  private static Iterator<Object> matches(Object[] args) {
    RegexFlags flags = RegexFlags.parse(args.length > 2 ? (String) args[2] : "", true);
    String text = (String) args[0];
    RegexMatcher matcher = Regex.compile((String) args[1], flags).matcher(text);
    List<Object> rows = new ArrayList<>();
    int from = 0;
    while (from <= text.length() && matcher.find(from)) {
      rows.add(RegexFunctions.captured(matcher));
      if (!flags.global()) {
        break;
      }
      from = matcher.end() > matcher.start() ? matcher.end() : matcher.end() + 1;
    }
    return rows.iterator();
  }

  private static Iterator<Object> keywords() {
    PgType[] types = {Types.TEXT, Types.CHAR, Types.BOOL, Types.TEXT, Types.TEXT};
    List<Object> rows = new ArrayList<>();
    for (String[] row : PgCatalog.rows("keywords")) {
      String category =
          switch (row[1]) {
            case "U" -> "unreserved";
            case "C" -> "unreserved (cannot be function or type name)";
            case "T" -> "reserved (can be function or type name)";
            default -> "reserved";
          };
      boolean bare = row[2].equals("1");
      rows.add(
          new SqlRow(
              types,
              new Object[] {
                row[0], row[1], bare, category, bare ? "can be bare label" : "requires AS"
              }));
    }
    return rows.iterator();
  }

  private static Iterator<Object> options(SqlArray options) {
    PgType[] types = {Types.TEXT, Types.TEXT};
    List<Object> rows = new ArrayList<>();
    for (Object option : options.elements()) {
      String text = (String) option;
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      rows.add(
          new SqlRow(types, new Object[] {name, equals < 0 ? null : text.substring(equals + 1)}));
    }
    return rows.iterator();
  }

  private static Iterator<Object> expandArray(Object[] args, EvalContext cx) {
    SqlArray array = (SqlArray) args[0];
    PgType[] types = {array.elementType(), Types.INT4};
    List<Object> rows = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      rows.add(new SqlRow(types, new Object[] {array.elements()[i], i + 1}));
    }
    return rows.iterator();
  }

  private static Iterator<Object> zoneNames(EvalContext cx) {
    PgType[] types = {Types.TEXT, Types.TEXT, Types.INTERVAL, Types.BOOL};
    List<Object> rows = new ArrayList<>();
    long now = cx.transactionTimestampMicros();
    for (String id : java.time.ZoneId.getAvailableZoneIds()) {
      java.time.ZoneId zone = java.time.ZoneId.of(id);
      int offset = io.trencadis.sql.types.Zones.offsetAt(zone, now);
      String abbreviation = io.trencadis.sql.types.Zones.abbreviation(zone, now);
      boolean summer =
          zone.getRules()
              .isDaylightSavings(
                  java.time.Instant.ofEpochSecond(now / 1_000_000 + 10_957 * 86_400L));
      Interval east = new Interval(0, 0, offset * 1_000_000L);
      rows.add(
          new SqlRow(
              types, new Object[] {id, abbreviation == null ? "" : abbreviation, east, summer}));
    }
    return rows.iterator();
  }
}
