package io.trencadis.sql.functions;

import io.trencadis.sql.types.Numeric;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;

/// Sums and averages of numerics.
final class NumericSumAccumulator implements Accumulator {
  private static final PgType[] STATE = {Types.INT8, Types.NUMERIC};

  private final boolean average;
  private long count;
  private Numeric sum = Numeric.ZERO;

  NumericSumAccumulator(boolean average) {
    this.average = average;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (args[0] != null) {
      count++;
      sum = NumericMath.add(sum, (Numeric) args[0]);
    }
  }

  @Override
  public Object result(EvalContext cx) {
    if (count == 0) {
      return null;
    }
    return average ? NumericMath.divide(sum, Numeric.of(count)) : sum;
  }

  @Override
  public SqlRow state() {
    return new SqlRow(STATE, new Object[] {count, sum});
  }

  @Override
  public void merge(SqlRow state) {
    count += (Long) state.values()[0];
    sum = NumericMath.add(sum, (Numeric) state.values()[1]);
  }
}
