package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.SqlRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// `array_agg` of arrays: one dimension more.
final class NestedArrayAccumulator implements Accumulator {
  private final PgType element;
  private final List<Object> arrays = new ArrayList<>();

  NestedArrayAccumulator(PgType element) {
    this.element = element;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    SqlArray next = (SqlArray) args[0];
    if (next == null) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "cannot accumulate null arrays");
    }
    if (next.ndims() == 0) {
      throw new SqlException(SqlState.ARRAY_ELEMENT_ERROR, "cannot accumulate empty arrays");
    }
    if (!arrays.isEmpty()) {
      SqlArray first = (SqlArray) arrays.getFirst();
      if (!Arrays.equals(first.dims(), next.dims())
          || !Arrays.equals(first.lowerBounds(), next.lowerBounds())) {
        throw new SqlException(
            SqlState.ARRAY_ELEMENT_ERROR, "cannot accumulate arrays of different dimensionality");
      }
    }
    arrays.add(next);
  }

  @Override
  public Object result(EvalContext cx) {
    return arrays.isEmpty() ? null : ArrayFunctions.construct(element, arrays.toArray(), true);
  }

  @Override
  public SqlRow state() {
    return new SqlRow(new PgType[] {element.arrayType()}, new Object[] {result(EvalContext.NONE)});
  }

  @Override
  public void merge(SqlRow state) {
    SqlArray all = (SqlArray) state.values()[0];
    if (all == null) {
      return;
    }
    int size = all.size() / all.dims()[0];
    int[] dims = Arrays.copyOfRange(all.dims(), 1, all.ndims());
    int[] lower = Arrays.copyOfRange(all.lowerBounds(), 1, all.ndims());
    for (int i = 0; i < all.dims()[0]; i++) {
      Object[] part = Arrays.copyOfRange(all.elements(), i * size, (i + 1) * size);
      add(new Object[] {new SqlArray(element, dims, lower, part)}, EvalContext.NONE);
    }
  }
}
