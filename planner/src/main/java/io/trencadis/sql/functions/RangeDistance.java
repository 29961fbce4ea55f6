package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Interval;
import io.trencadis.sql.types.Numeric;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TimeTz;
import io.trencadis.sql.types.Types;
import java.util.List;

/// Whether one value of a sort column is within a distance of another: what RANGE with an offset
/// asks of a type (PostgreSQL 15 manual, 38.16.3: `in_range` support functions). Immutable and
/// thread-safe.
@FunctionalInterface
public interface RangeDistance {
  /// Whether `value` is at or before (`less`), else at or after, `base - offset` (`subtract`) or
  /// `base + offset`.
  ///
  /// @throws SqlException 22013 if the offset is negative or no number
  boolean test(
      Object value, Object base, Object offset, boolean subtract, boolean less, EvalContext cx);

  /// The types that an offset may have for a sort column of a type; empty if it can have none.
  static List<PgType> offsetTypes(PgType column) {
    return switch (column.oid()) {
      case 21, 23 -> List.of(Types.INT8, Types.INT4, Types.INT2);
      case 20 -> List.of(Types.INT8);
      case 700, 701 -> List.of(Types.FLOAT8);
      case 1700 -> List.of(Types.NUMERIC);
      case 1082, 1083, 1114, 1184, 1186, 1266 -> List.of(Types.INTERVAL);
      default -> List.of();
    };
  }

  /// The distance for a column of one of the types that [#offsetTypes] knows.
  static RangeDistance of(PgType column) {
    return switch (column.oid()) {
      case 21, 23, 20 -> RangeDistance::integers;
      case 700, 701 -> RangeDistance::floats;
      case 1700 -> RangeDistance::numerics;
      case 1082 ->
          (value, base, offset, subtract, less, cx) ->
              compare(
                  DateTimeMath.dateToTimestamp((Integer) value),
                  DateTimeMath.timestampPlus(
                      DateTimeMath.dateToTimestamp((Integer) base), signed(offset, subtract)),
                  less);
      case 1114 ->
          (value, base, offset, subtract, less, cx) ->
              compare(
                  (Long) value,
                  DateTimeMath.timestampPlus((Long) base, signed(offset, subtract)),
                  less);
      case 1184 ->
          (value, base, offset, subtract, less, cx) ->
              compare(
                  (Long) value,
                  DateTimeMath.timestamptzPlus((Long) base, signed(offset, subtract), cx),
                  less);
      case 1083 -> RangeDistance::times;
      case 1266 -> RangeDistance::zonedTimes;
      case 1186 ->
          (value, base, offset, subtract, less, cx) -> {
            int order =
                ((Interval) value)
                    .compareTo(IntervalMath.add((Interval) base, signed(offset, subtract)));
            return less ? order <= 0 : order >= 0;
          };
      default -> throw SqlException.internal("range over " + column.displayName());
    };
  }

  private static SqlException invalid() {
    return new SqlException(
        SqlState.INVALID_PRECEDING_OR_FOLLOWING_SIZE,
        "invalid preceding or following size in window function");
  }

  private static boolean compare(long value, long sum, boolean less) {
    return less ? value <= sum : value >= sum;
  }

  private static boolean integers(
      Object value, Object base, Object offset, boolean subtract, boolean less, EvalContext cx) {
    long distance = ((Number) offset).longValue();
    if (distance < 0) {
      throw invalid();
    }
    long from = ((Number) base).longValue();
    long sum = subtract ? from - distance : from + distance;
    boolean overflown = subtract ? sum > from : sum < from;
    return overflown ? subtract != less : compare(((Number) value).longValue(), sum, less);
  }

  private static boolean floats(
      Object value, Object base, Object offset, boolean subtract, boolean less, EvalContext cx) {
    double distance = ((Number) offset).doubleValue();
    if (Double.isNaN(distance) || distance < 0) {
      throw invalid();
    }
    double tested = ((Number) value).doubleValue();
    double from = ((Number) base).doubleValue();
    if (Double.isNaN(tested)) {
      return Double.isNaN(from) || !less;
    }
    if (Double.isNaN(from)) {
      return less;
    }
    if (Double.isInfinite(distance) && Double.isInfinite(from) && (subtract == from > 0)) {
      // Infinity minus infinity is no number; it is as near as anything.
      return true;
    }
    double sum = subtract ? from - distance : from + distance;
    return less ? tested <= sum : tested >= sum;
  }

  private static boolean numerics(
      Object value, Object base, Object offset, boolean subtract, boolean less, EvalContext cx) {
    Numeric distance = (Numeric) offset;
    if (distance.isNaN() || distance.signum() < 0) {
      throw invalid();
    }
    Numeric tested = (Numeric) value;
    Numeric from = (Numeric) base;
    if (tested.isNaN()) {
      return from.isNaN() || !less;
    }
    if (from.isNaN()) {
      return less;
    }
    if (distance.isInfinite() && from.isInfinite() && (subtract == from.signum() > 0)) {
      return true;
    }
    Numeric sum = subtract ? NumericMath.subtract(from, distance) : NumericMath.add(from, distance);
    int order = tested.compareTo(sum);
    return less ? order <= 0 : order >= 0;
  }

  private static boolean times(
      Object value, Object base, Object offset, boolean subtract, boolean less, EvalContext cx) {
    return within((Long) value, (Long) base, distanceOfTimes(offset), subtract, less);
  }

  private static boolean within(
      long value, long base, long distance, boolean subtract, boolean less) {
    long sum = subtract ? base - distance : base + distance;
    return !subtract && sum < base ? less : compare(value, sum, less);
  }

  /// Days and months of the interval do not count between times of day.
  private static long distanceOfTimes(Object offset) {
    long distance = ((Interval) offset).micros();
    if (distance < 0) {
      throw invalid();
    }
    return distance;
  }

  private static boolean zonedTimes(
      Object value, Object base, Object offset, boolean subtract, boolean less, EvalContext cx) {
    TimeTz tested = (TimeTz) value;
    TimeTz from = (TimeTz) base;
    long distance = distanceOfTimes(offset);
    long local = subtract ? from.micros() - distance : from.micros() + distance;
    if (!subtract && local < from.micros()) {
      return less;
    }
    TimeTz sum = new TimeTz(local, from.zoneSecondsWest());
    int order = Long.compare(tested.utcMicros(), sum.utcMicros());
    if (order == 0) {
      order = Integer.compare(tested.zoneSecondsWest(), sum.zoneSecondsWest());
    }
    return less ? order <= 0 : order >= 0;
  }

  private static Interval signed(Object offset, boolean subtract) {
    Interval distance = (Interval) offset;
    if (distance.compareTo(Interval.ZERO) < 0) {
      throw invalid();
    }
    return subtract ? IntervalMath.negate(distance) : distance;
  }
}
