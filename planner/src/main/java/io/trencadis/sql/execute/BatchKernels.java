package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.batch.DecimalColumn;
import io.trencadis.sql.batch.LongColumn;
import io.trencadis.sql.batch.ObjectColumn;
import io.trencadis.sql.types.Numeric;
import java.util.Arrays;

/// Loops over the columns of batches, one for each kind of column; what has none of its own goes
/// row by row.
public final class BatchKernels {
  /// How a column is compared with something.
  public enum Comparison {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_EQUAL,
    GREATER,
    GREATER_EQUAL;

    boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case NOT_EQUAL -> order != 0;
        case LESS -> order < 0;
        case LESS_EQUAL -> order <= 0;
        case GREATER -> order > 0;
        case GREATER_EQUAL -> order >= 0;
      };
    }
  }

  /// Arithmetic on decimals.
  public enum Arithmetic {
    ADD,
    SUBTRACT,
    MULTIPLY
  }

  private BatchKernels() {}

  public static BatchEval column(int column) {
    return (batch, _) -> batch.column(column);
  }

  /// Any condition.
  ///
  /// @param columns that it reads
  public static BatchCondition askedByRow(Eval condition, int[] columns) {
    return (batch, x) -> {
      Object[] row = new Object[batch.width()];
      int[] places = batch.places();
      int count = batch.count();
      int kept = 0;
      for (int i = 0; i < count; i++) {
        int place = places[i];
        for (int column : columns) {
          row[column] = batch.column(column).get(place);
        }
        if (condition.holds(row, x)) {
          places[kept++] = place;
        }
      }
      batch.keep(kept);
    };
  }

  /// Any expression of some columns.
  public static BatchEval rowByRow(Eval eval, int[] columns) {
    return (batch, x) -> {
      Object[] row = new Object[batch.width()];
      int[] places = batch.places();
      int count = batch.count();
      Object[] values = new Object[size(batch)];
      for (int i = 0; i < count; i++) {
        int place = places[i];
        for (int column : columns) {
          row[column] = batch.column(column).get(place);
        }
        values[place] = eval.eval(row, x);
      }
      return new ObjectColumn(values);
    };
  }

  /// Several conditions, one after the other.
  public static BatchCondition all(BatchCondition[] conditions) {
    return (batch, x) -> {
      for (BatchCondition condition : conditions) {
        condition.keep(batch, x);
      }
    };
  }

  /// A place after the last row's.
  private static int size(Batch batch) {
    return batch.count() == 0 ? 0 : batch.places()[batch.count() - 1] + 1;
  }

  /// A column compared with a value that is the same for all rows.
  ///
  /// @param other for columns of another form
  public static BatchCondition compared(
      int column, Comparison comparison, Eval value, BatchCondition other) {
    return (batch, x) -> {
      switch (batch.column(column)) {
        case LongColumn numbers -> {
          Object bound = value.eval(RowNodes.NO_COLUMNS, x);
          if (bound == null) {
            batch.keep(0);
          } else {
            compare(
                batch, numbers.values(), numbers.nulls(), comparison, ((Number) bound).longValue());
          }
        }
        case DecimalColumn decimals -> {
          Numeric bound = (Numeric) value.eval(RowNodes.NO_COLUMNS, x);
          if (bound == null) {
            batch.keep(0);
          } else if (aligned(bound, decimals.scale())) {
            long units = bound.unscaled() * Numeric.powerOfTen(decimals.scale() - bound.scale());
            compare(batch, decimals.unscaled(), decimals.nulls(), comparison, units);
          } else {
            other.keep(batch, x);
          }
        }
        default -> other.keep(batch, x);
      }
    };
  }

  /// Whether a number is a whole one of units of 10^-scale that fits into a long.
  private static boolean aligned(Numeric number, int scale) {
    int apart = scale - number.scale();
    return number.isSmall()
        && apart >= 0
        && apart <= 18
        && Math.multiplyHigh(number.unscaled(), Numeric.powerOfTen(apart))
            == number.unscaled() * Numeric.powerOfTen(apart) >> 63;
  }

  private static void compare(
      Batch batch, long[] values, boolean[] nulls, Comparison comparison, long bound) {
    int[] places = batch.places();
    int count = batch.count();
    int kept = 0;
    if (nulls != null) {
      for (int i = 0; i < count; i++) {
        places[kept] = places[i];
        kept += nulls[places[i]] ? 0 : 1;
      }
      count = kept;
      kept = 0;
    }
    // A loop each, without a branch that depends on the value.
    switch (comparison) {
      case EQUAL -> {
        for (int i = 0; i < count; i++) {
          int place = places[i];
          places[kept] = place;
          kept += values[place] == bound ? 1 : 0;
        }
      }
      case NOT_EQUAL -> {
        for (int i = 0; i < count; i++) {
          int place = places[i];
          places[kept] = place;
          kept += values[place] != bound ? 1 : 0;
        }
      }
      case LESS -> {
        for (int i = 0; i < count; i++) {
          int place = places[i];
          places[kept] = place;
          kept += values[place] < bound ? 1 : 0;
        }
      }
      case LESS_EQUAL -> {
        for (int i = 0; i < count; i++) {
          int place = places[i];
          places[kept] = place;
          kept += values[place] <= bound ? 1 : 0;
        }
      }
      case GREATER -> {
        for (int i = 0; i < count; i++) {
          int place = places[i];
          places[kept] = place;
          kept += values[place] > bound ? 1 : 0;
        }
      }
      case GREATER_EQUAL -> {
        for (int i = 0; i < count; i++) {
          int place = places[i];
          places[kept] = place;
          kept += values[place] >= bound ? 1 : 0;
        }
      }
    }
    batch.keep(kept);
  }

  /// Two columns compared.
  ///
  /// @param other for columns of another form
  public static BatchCondition compared(
      int left, Comparison comparison, int right, BatchCondition other) {
    return (batch, x) -> {
      if (!(batch.column(left) instanceof LongColumn a)
          || !(batch.column(right) instanceof LongColumn b)) {
        other.keep(batch, x);
        return;
      }
      int[] places = batch.places();
      int count = batch.count();
      int kept = 0;
      for (int i = 0; i < count; i++) {
        int place = places[i];
        places[kept] = place;
        kept +=
            !a.isNull(place)
                    && !b.isNull(place)
                    && comparison.holds(Long.compare(a.values()[place], b.values()[place]))
                ? 1
                : 0;
      }
      batch.keep(kept);
    };
  }

  /// A value that is the same for all rows.
  public static BatchEval constant(Eval value) {
    return (batch, x) -> {
      Object constant = value.eval(RowNodes.NO_COLUMNS, x);
      int size = size(batch);
      if (constant instanceof Numeric number && number.isSmall()) {
        long[] values = new long[size];
        Arrays.fill(values, number.unscaled());
        return new DecimalColumn(values, number.scale(), null);
      }
      Object[] values = new Object[size];
      Arrays.fill(values, constant);
      return new ObjectColumn(values);
    };
  }

  /// Arithmetic on decimals, with the scale that `numeric` has for its results.
  ///
  /// @param other for what does not fit into longs
  public static BatchEval arithmetic(
      Arithmetic operation, BatchEval left, BatchEval right, BatchEval other) {
    return (batch, x) -> {
      Column result = null;
      if (left.eval(batch, x) instanceof DecimalColumn a
          && right.eval(batch, x) instanceof DecimalColumn b) {
        result =
            operation == Arithmetic.MULTIPLY
                ? product(batch, a, b)
                : sum(batch, a, b, operation == Arithmetic.SUBTRACT);
      }
      return result == null ? other.eval(batch, x) : result;
    };
  }

  private static boolean[] nulls(boolean[] a, boolean[] b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    boolean[] either = new boolean[Math.min(a.length, b.length)];
    for (int i = 0; i < either.length; i++) {
      either[i] = a[i] || b[i];
    }
    return either;
  }

  /// Null if a product does not fit.
  private static Column product(Batch batch, DecimalColumn a, DecimalColumn b) {
    int scale = a.scale() + b.scale();
    if (scale > Numeric.MAX_SCALE) {
      return null;
    }
    int[] places = batch.places();
    int count = batch.count();
    long[] left = a.unscaled();
    long[] right = b.unscaled();
    long[] out = new long[size(batch)];
    boolean[] nulls = nulls(a.nulls(), b.nulls());
    long misfits = 0;
    for (int i = 0; i < count; i++) {
      int place = places[i];
      long product = left[place] * right[place];
      out[place] = product;
      misfits |= Math.multiplyHigh(left[place], right[place]) ^ product >> 63;
    }
    // What is at a null's place may not fit either; then it is done row by row all the same.
    return misfits == 0 ? new DecimalColumn(out, scale, nulls) : null;
  }

  /// Null if a sum or difference does not fit.
  private static Column sum(Batch batch, DecimalColumn a, DecimalColumn b, boolean minus) {
    int scale = Math.max(a.scale(), b.scale());
    if (scale - a.scale() > 18 || scale - b.scale() > 18) {
      return null;
    }
    long leftFactor = Numeric.powerOfTen(scale - a.scale());
    long rightFactor = Numeric.powerOfTen(scale - b.scale());
    int[] places = batch.places();
    int count = batch.count();
    long[] left = a.unscaled();
    long[] right = b.unscaled();
    long[] out = new long[size(batch)];
    boolean[] nulls = nulls(a.nulls(), b.nulls());
    long misfits = 0;
    for (int i = 0; i < count; i++) {
      int place = places[i];
      long one = left[place] * leftFactor;
      long other = right[place] * rightFactor;
      misfits |= Math.multiplyHigh(left[place], leftFactor) ^ one >> 63;
      misfits |= Math.multiplyHigh(right[place], rightFactor) ^ other >> 63;
      long sum = minus ? one - other : one + other;
      out[place] = sum;
      long overflow = minus ? (one ^ other) & (one ^ sum) : (one ^ sum) & (other ^ sum);
      misfits |= overflow >> 63;
    }
    return misfits == 0 ? new DecimalColumn(out, scale, nulls) : null;
  }
}
