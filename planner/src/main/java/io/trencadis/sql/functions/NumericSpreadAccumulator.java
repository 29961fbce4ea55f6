package io.trencadis.sql.functions;

import io.trencadis.sql.types.Numeric;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// Variance and standard deviation of integers and numerics, exact until the final division.
final class NumericSpreadAccumulator implements Accumulator {
  private static final PgType[] STATE = {Types.INT8, Types.NUMERIC, Types.NUMERIC};

  private final boolean sample;
  private final boolean root;
  private long count;
  private Numeric sum = Numeric.ZERO;
  private Numeric squares = Numeric.ZERO;

  NumericSpreadAccumulator(boolean sample, boolean root) {
    this.sample = sample;
    this.root = root;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (args[0] == null) {
      return;
    }
    Numeric x =
        args[0] instanceof Numeric number ? number : Numeric.of(((Number) args[0]).longValue());
    count++;
    sum = NumericMath.add(sum, x);
    squares = NumericMath.add(squares, NumericMath.multiply(x, x));
  }

  @Override
  public Object result(EvalContext cx) {
    if (count == 0 || (sample && count == 1)) {
      return null;
    }
    if (!sum.isFinite() || !squares.isFinite()) {
      return Numeric.NAN;
    }
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal difference =
        n.multiply(squares.decimal()).subtract(sum.decimal().multiply(sum.decimal()));
    if (difference.signum() <= 0) {
      return Numeric.ZERO;
    }
    BigDecimal divisor = n.multiply(sample ? n.subtract(BigDecimal.ONE) : n);
    int scale = NumericMath.divisionScale(difference, divisor);
    BigDecimal variance = difference.divide(divisor, scale, RoundingMode.HALF_UP);
    return Numeric.of(root ? NumericMath.sqrt(variance, scale) : variance);
  }

  @Override
  public SqlRow state() {
    return new SqlRow(STATE, new Object[] {count, sum, squares});
  }

  @Override
  public void merge(SqlRow state) {
    count += (Long) state.values()[0];
    sum = NumericMath.add(sum, (Numeric) state.values()[1]);
    squares = NumericMath.add(squares, (Numeric) state.values()[2]);
  }
}
