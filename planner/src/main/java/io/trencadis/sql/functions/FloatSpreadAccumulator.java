package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;

/// Average, variance and standard deviation of floating-point numbers, by updating the sum of
/// squared differences from the mean (Youngs and Cramer, 1971), which does not lose digits as sums
/// of squares do.
final class FloatSpreadAccumulator implements Accumulator {
  enum Result {
    AVERAGE,
    VAR_SAMP,
    VAR_POP,
    STDDEV_SAMP,
    STDDEV_POP;

    static Result of(boolean sample, boolean root) {
      return sample ? (root ? STDDEV_SAMP : VAR_SAMP) : root ? STDDEV_POP : VAR_POP;
    }
  }

  private static final PgType[] STATE = {Types.FLOAT8, Types.FLOAT8, Types.FLOAT8};

  private final Result result;
  private double n;
  private double sum;
  private double squares;

  FloatSpreadAccumulator(Result result) {
    this.result = result;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (args[0] == null) {
      return;
    }
    double x = ((Number) args[0]).doubleValue();
    double before = sum;
    n += 1;
    sum += x;
    if (n > 1) {
      double t = x * n - sum;
      squares += t * t / (n * (n - 1));
      if (Double.isInfinite(sum) || Double.isInfinite(squares)) {
        if (!Double.isInfinite(before) && !Double.isInfinite(x)) {
          throw FloatFunctions.overflow();
        }
        squares = Double.NaN;
      }
    } else if (Double.isNaN(x) || Double.isInfinite(x)) {
      squares = Double.NaN;
    }
  }

  @Override
  public Object result(EvalContext cx) {
    boolean sample = result == Result.VAR_SAMP || result == Result.STDDEV_SAMP;
    if (n == 0 || (sample && n <= 1)) {
      return null;
    }
    return switch (result) {
      case AVERAGE -> sum / n;
      case VAR_SAMP -> squares / (n - 1);
      case VAR_POP -> squares / n;
      case STDDEV_SAMP -> Math.sqrt(squares / (n - 1));
      case STDDEV_POP -> Math.sqrt(squares / n);
    };
  }

  @Override
  public SqlRow state() {
    return new SqlRow(STATE, new Object[] {n, sum, squares});
  }

  @Override
  public void merge(SqlRow state) {
    double otherN = (Double) state.values()[0];
    double otherSum = (Double) state.values()[1];
    double otherSquares = (Double) state.values()[2];
    if (otherN == 0) {
      return;
    }
    if (n == 0) {
      n = otherN;
      sum = otherSum;
      squares = otherSquares;
      return;
    }
    double t = sum / n - otherSum / otherN;
    squares = squares + otherSquares + n * otherN * t * t / (n + otherN);
    n += otherN;
    sum = FloatFunctions.add(sum, otherSum);
  }
}
