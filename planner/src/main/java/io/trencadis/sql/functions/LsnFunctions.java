package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Numeric;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// Arithmetic with positions in a log (manual, 8.20): their distances are numerics.
final class LsnFunctions {
  private static final String TYPE = "pg_lsn";

  private LsnFunctions() {}

  static void register(Builtins.Registry to) {
    to.fn1("numeric_pg_lsn", (a, cx) -> position((Numeric) a));
    for (String name : new String[] {"pg_lsn_mi", "pg_wal_lsn_diff"}) {
      to.fn2(name, (a, b, cx) -> Numeric.of(number((Long) a).subtract(number((Long) b))));
    }
    to.fn2("pg_lsn_pli", (a, b, cx) -> moved((Long) a, (Numeric) b, false));
    to.fn2("pg_lsn_mii", (a, b, cx) -> moved((Long) a, (Numeric) b, true));
    // numeric + pg_lsn, which PostgreSQL has in SQL.
    to.fn2("#5023", (a, b, cx) -> moved((Long) b, (Numeric) a, false));
  }

  private static BigInteger number(long position) {
    BigInteger number = BigInteger.valueOf(position & Long.MAX_VALUE);
    return position < 0 ? number.setBit(Long.SIZE - 1) : number;
  }

  private static Long moved(long from, Numeric by, boolean back) {
    if (by.isNaN()) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          back ? "cannot subtract NaN from " + TYPE : "cannot add NaN to " + TYPE);
    }
    requireFinite(by);
    BigDecimal distance = back ? by.decimal().negate() : by.decimal();
    return position(Numeric.of(new BigDecimal(number(from)).add(distance)));
  }

  private static void requireFinite(Numeric value) {
    if (!value.isFinite()) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "cannot convert " + (value.isNaN() ? "NaN" : "infinity") + " to " + TYPE);
    }
  }

  private static Long position(Numeric value) {
    requireFinite(value);
    BigInteger whole = value.decimal().setScale(0, RoundingMode.HALF_UP).toBigInteger();
    if (whole.signum() < 0 || whole.bitLength() > Long.SIZE) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, TYPE + " out of range");
    }
    return whole.longValue();
  }
}
