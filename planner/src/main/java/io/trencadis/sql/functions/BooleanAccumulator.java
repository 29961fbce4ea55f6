package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;

/// `bool_and` and `bool_or`.
final class BooleanAccumulator implements Accumulator {
  private static final PgType[] STATE = {Types.BOOL};

  private final boolean and;
  private Boolean value;

  BooleanAccumulator(boolean and) {
    this.and = and;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    Boolean next = (Boolean) args[0];
    if (next != null) {
      value = value == null ? next : (Boolean) (and ? value && next : value || next);
    }
  }

  @Override
  public Object result(EvalContext cx) {
    return value;
  }

  @Override
  public SqlRow state() {
    return new SqlRow(STATE, new Object[] {value});
  }

  @Override
  public void merge(SqlRow state) {
    add(state.values(), EvalContext.NONE);
  }
}
