package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import io.trencadis.sql.types.WholeNumberCodec;

/// `count(*)` and `count(x)`.
final class CountAccumulator implements Accumulator {
  private static final PgType[] STATE = {Types.INT8};

  private final boolean skipNulls;
  private long count;

  CountAccumulator(boolean skipNulls) {
    this.skipNulls = skipNulls;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (!skipNulls || args[0] != null) {
      count++;
    }
  }

  @Override
  public void addNumber(long value, WholeNumberCodec codec, EvalContext cx) {
    count++;
  }

  @Override
  public void addDecimal(long unscaled, int scale, EvalContext cx) {
    count++;
  }

  @Override
  public Object result(EvalContext cx) {
    return count;
  }

  @Override
  public SqlRow state() {
    return new SqlRow(STATE, new Object[] {count});
  }

  @Override
  public void merge(SqlRow state) {
    count += (Long) state.values()[0];
  }
}
