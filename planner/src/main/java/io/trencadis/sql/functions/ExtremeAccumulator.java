package io.trencadis.sql.functions;

import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import io.trencadis.sql.types.WholeNumberCodec;

/// `min` and `max` of any type with an order. Of values that are equal and look different (`1.0`
/// and `1.00`) it is the last one, and of those of type `char` the first, as in PostgreSQL.
final class ExtremeAccumulator implements Accumulator {
  private final PgType[] stateTypes;
  private final TypeCodec codec;
  private final int sign;
  private final int least;
  private Object extreme;

  /// @param collation null for the default one
  /// @param sign 1 for the largest value, -1 for the smallest
  ExtremeAccumulator(PgType type, Collation collation, int sign) {
    this.stateTypes = new PgType[] {type};
    this.codec = type.codec(collation);
    this.sign = sign;
    this.least = type.baseType() == Types.BPCHAR ? 1 : 0;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    Object value = args[0];
    if (value != null
        && (extreme == null || Integer.signum(codec.compare(value, extreme)) * sign >= least)) {
      extreme = value;
    }
  }

  @Override
  public void addNumber(long value, WholeNumberCodec own, EvalContext cx) {
    if (extreme == null || Long.compare(value, own.unbox(extreme)) * sign > 0) {
      extreme = own.box(value);
    }
  }

  @Override
  public Object result(EvalContext cx) {
    return extreme;
  }

  @Override
  public SqlRow state() {
    return new SqlRow(stateTypes, new Object[] {extreme});
  }

  @Override
  public void merge(SqlRow state) {
    add(state.values(), EvalContext.NONE);
  }
}
