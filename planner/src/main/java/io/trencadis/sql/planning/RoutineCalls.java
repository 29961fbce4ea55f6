package io.trencadis.sql.planning;

import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.SetEval;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import java.util.Arrays;
import java.util.Collections;

/// Calls of users' functions as closures.
final class RoutineCalls {
  private RoutineCalls() {}

  static Eval eval(ResolvedCall call, Eval[] operands) {
    boolean strict = call.proc().strict();
    return (row, x) -> {
      Object[] values = packed(call, RexCompiler.evaluate(operands, row, x));
      return strict && hasNull(values) ? null : x.routines().call(call, values, x);
    };
  }

  static SetEval set(ResolvedCall call, Eval[] operands) {
    boolean strict = call.proc().strict();
    return (row, x) -> {
      Object[] values = packed(call, RexCompiler.evaluate(operands, row, x));
      return strict && hasNull(values)
          ? Collections.emptyIterator()
          : x.routines().open(call, values, x);
    };
  }

  private static boolean hasNull(Object[] values) {
    for (Object value : values) {
      if (value == null) {
        return true;
      }
    }
    return false;
  }

  /// The arguments with those for a VARIADIC one made an array.
  private static Object[] packed(ResolvedCall call, Object[] values) {
    int from = call.packedFrom();
    if (from < 0) {
      return values;
    }
    PgType element = call.argTypes().get(from);
    Object[] packed = Arrays.copyOf(values, from + 1);
    packed[from] = SqlArray.of(element, Arrays.copyOfRange(values, from, values.length));
    return packed;
  }
}
