package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;

/// Integer arithmetic.
final class IntegerFunctions {
  private IntegerFunctions() {}

  static SqlException outOfRange(String type) {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, type + " out of range");
  }

  static void register(Builtins.Registry to) {
    to.fn2("int4pl", (a, b, cx) -> (Integer) a + (Integer) b);
  }
}
