package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Floats;
import io.trencadis.sql.types.Interval;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.SqlRow;
import java.util.ArrayList;
import java.util.List;

/// The aggregates of `WITHIN GROUP`. Their arguments are the direct ones and then those of the
/// ORDER BY, in whose order rows are fed in.
final class OrderedSets {
  private OrderedSets() {}

  /// The code of an aggregate, or null.
  ///
  /// @param orders how each of the sort keys is sorted
  static AggregateFunction find(ResolvedCall call, List<Aggregates.Order> orders) {
    List<PgType> types = call.argTypes();
    return switch (call.proc().oid()) {
      case 3972, 3978 -> () -> new Percentile(false, types.get(0), types.get(1));
      case 3974, 3976, 3980, 3982 -> () -> new Percentile(true, types.get(0), types.get(1));
      case 3984 -> () -> new Mode(types.get(0));
      case 3986, 3988, 3990, 3992 -> {
        PgType[] keys = types.subList(types.size() / 2, types.size()).toArray(PgType[]::new);
        String name = call.proc().name();
        yield () -> new Hypothetical(name, keys, orders);
      }
      default -> null;
    };
  }

  /// They need all rows in one place.
  private abstract static class Whole implements Accumulator {
    @Override
    public SqlRow state() {
      throw SqlException.internal("an ordered-set aggregate in parts");
    }

    @Override
    public void merge(SqlRow state) {
      throw SqlException.internal("an ordered-set aggregate in parts");
    }
  }

  /// `percentile_cont` and `percentile_disc`, of one fraction or of an array of them.
  private static final class Percentile extends Whole {
    private final boolean continuous;
    private final PgType fractions;
    private final PgType type;
    private final List<Object> values = new ArrayList<>();
    private Object wanted;

    Percentile(boolean continuous, PgType fractions, PgType type) {
      this.continuous = continuous;
      this.fractions = fractions;
      this.type = type;
    }

    @Override
    public void add(Object[] args, EvalContext cx) {
      wanted = args[0];
      if (args[1] != null) {
        values.add(args[1]);
      }
    }

    @Override
    public Object result(EvalContext cx) {
      if (wanted == null) {
        return null;
      }
      if (!fractions.isArray()) {
        return at((Double) wanted);
      }
      SqlArray array = (SqlArray) wanted;
      Object[] results = new Object[array.size()];
      for (int i = 0; i < results.length; i++) {
        Object fraction = array.elements()[i];
        results[i] = fraction == null ? null : at((Double) fraction);
      }
      if (values.isEmpty()) {
        return null;
      }
      return new SqlArray(type, array.dims(), array.lowerBounds(), results);
    }

    private Object at(double fraction) {
      if (!(fraction >= 0 && fraction <= 1)) {
        throw new SqlException(
            SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
            "percentile value "
                + (Double.isFinite(fraction)
                    ? Floats.general(fraction, 6)
                    : Floats.format(fraction, 1))
                + " is not between 0 and 1");
      }
      int rows = values.size();
      if (rows == 0) {
        return null;
      }
      if (!continuous) {
        return values.get((int) Math.max(Math.ceil(fraction * rows), 1) - 1);
      }
      double place = fraction * (rows - 1);
      Object low = values.get((int) Math.floor(place));
      Object high = values.get((int) Math.ceil(place));
      return low == high ? low : between(low, high, place - Math.floor(place));
    }

    private static Object between(Object low, Object high, double part) {
      if (low instanceof Interval from) {
        Interval distance = IntervalMath.subtract((Interval) high, from);
        return IntervalMath.add(IntervalMath.multiply(distance, part), from);
      }
      double from = (Double) low;
      return from + part * ((Double) high - from);
    }
  }

  /// The value that comes most often; the first of several.
  private static final class Mode extends Whole {
    private final PgType type;
    private Object best;
    private long bestCount;
    private Object last;
    private long count;

    Mode(PgType type) {
      this.type = type;
    }

    @Override
    public void add(Object[] args, EvalContext cx) {
      if (args[0] == null) {
        return;
      }
      boolean again = last != null && type.codec().equal(last, args[0]);
      count = again ? count + 1 : 1;
      last = again ? last : args[0];
      if (count > bestCount) {
        best = last;
        bestCount = count;
      }
    }

    @Override
    public Object result(EvalContext cx) {
      return best;
    }
  }

  /// The place that a row made of the direct arguments would have among the others.
  private static final class Hypothetical extends Whole {
    private final String name;
    private final PgType[] keys;
    private final List<Aggregates.Order> orders;
    private long rows;
    private long before;
    private long peers;
    private long distinctBefore;
    private Object[] last;

    Hypothetical(String name, PgType[] keys, List<Aggregates.Order> orders) {
      this.name = name;
      this.keys = keys;
      this.orders = orders;
    }

    @Override
    public void add(Object[] args, EvalContext cx) {
      rows++;
      int order = compare(args, keys.length, args, 0);
      if (order == 0) {
        peers++;
      }
      if (order < 0) {
        before++;
        if (last == null || compare(last, keys.length, args, keys.length) != 0) {
          distinctBefore++;
        }
        // The array is the caller's.
        last = args.clone();
      }
    }

    private int compare(Object[] a, int aFrom, Object[] b, int bFrom) {
      for (int i = 0; i < Math.min(keys.length, orders.size()); i++) {
        int order = orders.get(i).compare(keys[i], a[aFrom + i], b[bFrom + i]);
        if (order != 0) {
          return order;
        }
      }
      return 0;
    }

    @Override
    public Object result(EvalContext cx) {
      return switch (name) {
        case "rank" -> before + 1;
        case "dense_rank" -> distinctBefore + 1;
        case "percent_rank" -> rows == 0 ? 0.0 : (double) before / rows;
        default -> (double) (before + peers + 1) / (rows + 1);
      };
    }
  }
}
