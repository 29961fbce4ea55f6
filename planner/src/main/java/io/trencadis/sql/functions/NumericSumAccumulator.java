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

  /// What is not in [#sum] yet, in units of 10^-pendingScale.
  private long pending;

  private int pendingScale;

  NumericSumAccumulator(boolean average) {
    this.average = average;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (args[0] != null) {
      Numeric value = (Numeric) args[0];
      if (value.isSmall()) {
        addDecimal(value.unscaled(), value.scale(), cx);
      } else {
        count++;
        sum = NumericMath.add(sum, value);
      }
    }
  }

  @Override
  public void addDecimal(long unscaled, int scale, EvalContext cx) {
    count++;
    long more = pending + unscaled;
    if (scale == pendingScale && ((pending ^ more) & (unscaled ^ more)) >= 0) {
      pending = more;
      return;
    }
    settle();
    pending = unscaled;
    pendingScale = scale;
  }

  private void settle() {
    sum = NumericMath.add(sum, Numeric.of(pending, pendingScale));
    pending = 0;
  }

  @Override
  public Object result(EvalContext cx) {
    if (count == 0) {
      return null;
    }
    settle();
    return average ? NumericMath.divide(sum, Numeric.of(count)) : sum;
  }

  @Override
  public SqlRow state() {
    settle();
    return new SqlRow(STATE, new Object[] {count, sum});
  }

  @Override
  public void merge(SqlRow state) {
    count += (Long) state.values()[0];
    sum = NumericMath.add(sum, (Numeric) state.values()[1]);
  }
}
