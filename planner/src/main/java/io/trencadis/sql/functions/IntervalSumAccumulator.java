package io.trencadis.sql.functions;

import io.trencadis.sql.types.Interval;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;

/// Sums and averages of intervals.
final class IntervalSumAccumulator implements Accumulator {
  private static final PgType[] STATE = {Types.INT8, Types.INTERVAL};

  private final boolean average;
  private long count;
  private Interval sum = Interval.ZERO;

  IntervalSumAccumulator(boolean average) {
    this.average = average;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (args[0] != null) {
      count++;
      sum = IntervalMath.add(sum, (Interval) args[0]);
    }
  }

  @Override
  public Object result(EvalContext cx) {
    if (count == 0) {
      return null;
    }
    return average ? IntervalMath.divide(sum, count) : sum;
  }

  @Override
  public SqlRow state() {
    return new SqlRow(STATE, new Object[] {count, sum});
  }

  @Override
  public void merge(SqlRow state) {
    count += (Long) state.values()[0];
    sum = IntervalMath.add(sum, (Interval) state.values()[1]);
  }
}
