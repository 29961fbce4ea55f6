package io.trencadis.sql.functions;

import io.trencadis.sql.types.BitString;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;

/// `bit_and`, `bit_or` and `bit_xor` of integers and of bit strings.
final class BitAccumulator implements Accumulator {
  private final PgType[] stateTypes;
  private final char operator;
  private Object value;

  BitAccumulator(PgType type, char operator) {
    this.stateTypes = new PgType[] {type};
    this.operator = operator;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (args[0] == null) {
      return;
    }
    if (value == null) {
      value = args[0];
      return;
    }
    if (value instanceof BitString bits) {
      value =
          BitStringFunctions.combined(bits, (BitString) args[0], operator == '^' ? '#' : operator);
      return;
    }
    long a = ((Number) value).longValue();
    long b = ((Number) args[0]).longValue();
    long bits = operator == '&' ? a & b : operator == '|' ? a | b : a ^ b;
    value =
        stateTypes[0] == Types.INT2
            ? (Object) (short) bits
            : stateTypes[0] == Types.INT4 ? (Object) (int) bits : (Object) bits;
  }

  @Override
  public Object result(EvalContext cx) {
    return value;
  }

  @Override
  public SqlRow state() {
    return new SqlRow(stateTypes, new Object[] {value});
  }

  @Override
  public void merge(SqlRow state) {
    add(state.values(), EvalContext.NONE);
  }
}
