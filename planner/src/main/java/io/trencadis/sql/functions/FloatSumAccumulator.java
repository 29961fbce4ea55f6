package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;

/// Sums of floating-point numbers, in the precision of the argument.
final class FloatSumAccumulator implements Accumulator {
  private static final PgType[] STATE = {Types.FLOAT8};

  private final boolean single;
  private boolean any;
  private double sum;

  FloatSumAccumulator(boolean single) {
    this.single = single;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (args[0] != null) {
      addValue(((Number) args[0]).doubleValue());
    }
  }

  private void addValue(double value) {
    double next = any ? FloatFunctions.add(sum, value) : value;
    if (single && any) {
      next = (float) next;
      if (Double.isInfinite(next) && !Double.isInfinite(sum) && !Double.isInfinite(value)) {
        throw FloatFunctions.overflow();
      }
    }
    sum = next;
    any = true;
  }

  @Override
  public Object result(EvalContext cx) {
    if (!any) {
      return null;
    }
    return single ? (Object) (float) sum : (Object) sum;
  }

  @Override
  public SqlRow state() {
    return new SqlRow(STATE, new Object[] {any ? sum : null});
  }

  @Override
  public void merge(SqlRow state) {
    if (state.values()[0] != null) {
      addValue((Double) state.values()[0]);
    }
  }
}
