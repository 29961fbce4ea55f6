package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.SqlRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// `array_agg` of values that are no arrays; nulls are kept.
final class ArrayAccumulator implements Accumulator {
  private final PgType element;
  private final List<Object> items = new ArrayList<>();

  ArrayAccumulator(PgType element) {
    this.element = element;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    items.add(args[0]);
  }

  @Override
  public Object result(EvalContext cx) {
    return items.isEmpty() ? null : SqlArray.of(element, items);
  }

  @Override
  public SqlRow state() {
    return new SqlRow(new PgType[] {element.arrayType()}, new Object[] {result(EvalContext.NONE)});
  }

  @Override
  public void merge(SqlRow state) {
    if (state.values()[0] != null) {
      items.addAll(Arrays.asList(((SqlArray) state.values()[0]).elements()));
    }
  }
}
