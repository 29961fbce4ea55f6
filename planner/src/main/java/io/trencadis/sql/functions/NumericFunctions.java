package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Floats;
import io.trencadis.sql.types.Numeric;
import io.trencadis.sql.types.NumericText;
import io.trencadis.sql.types.Types;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// Functions of `numeric` and casts to and from it.
final class NumericFunctions {
  private NumericFunctions() {}

  private static Numeric num(Object value) {
    return (Numeric) value;
  }

  static void register(Builtins.Registry to) {
    to.fn2("numeric_add", (a, b, cx) -> NumericMath.add(num(a), num(b)));
    to.fn2("numeric_sub", (a, b, cx) -> NumericMath.subtract(num(a), num(b)));
    to.fn2("numeric_mul", (a, b, cx) -> NumericMath.multiply(num(a), num(b)));
    to.fn2("numeric_div", (a, b, cx) -> NumericMath.divide(num(a), num(b)));
    to.fn2("numeric_mod", (a, b, cx) -> NumericMath.modulo(num(a), num(b)));
    to.fn2("numeric_div_trunc", (a, b, cx) -> NumericMath.divideToInteger(num(a), num(b)));
    to.fn2("numeric_power", (a, b, cx) -> NumericMath.power(num(a), num(b)));
    to.fn1("numeric_uminus", (a, cx) -> num(a).negate());
    to.fn1("numeric_uplus", (a, cx) -> a);
    to.fn1("numeric_abs", (a, cx) -> num(a).abs());
    to.fn1("numeric_inc", (a, cx) -> NumericMath.add(num(a), Numeric.ONE));
    to.fn1("numeric_sign", (a, cx) -> num(a).isNaN() ? a : Numeric.of(num(a).signum()));
    to.fn1("numeric_ceil", (a, cx) -> NumericMath.round(num(a), 0, RoundingMode.CEILING));
    to.fn1("numeric_floor", (a, cx) -> NumericMath.round(num(a), 0, RoundingMode.FLOOR));
    to.fn2(
        "numeric_round",
        (a, b, cx) -> NumericMath.round(num(a), (Integer) b, RoundingMode.HALF_UP));
    to.fn2(
        "numeric_trunc", (a, b, cx) -> NumericMath.round(num(a), (Integer) b, RoundingMode.DOWN));
    to.fn1("#1708", (a, cx) -> NumericMath.round(num(a), 0, RoundingMode.HALF_UP));
    to.fn1("#1710", (a, cx) -> NumericMath.round(num(a), 0, RoundingMode.DOWN));
    to.fn1("numeric_sqrt", (a, cx) -> NumericMath.sqrt(num(a)));
    to.fn1("numeric_exp", (a, cx) -> NumericMath.exp(num(a)));
    to.fn1("numeric_ln", (a, cx) -> NumericMath.ln(num(a)));
    to.fn2("numeric_log", (a, b, cx) -> NumericMath.log(num(a), num(b)));
    to.fn1("#1741", (a, cx) -> NumericMath.log(Numeric.of(10), num(a)));
    to.fn1("#1481", (a, cx) -> NumericMath.log(Numeric.of(10), num(a)));
    to.fn1("numeric_scale", (a, cx) -> num(a).isFinite() ? num(a).scale() : null);
    to.fn1("numeric_min_scale", (a, cx) -> num(a).isFinite() ? minScale(num(a)) : null);
    to.fn1(
        "numeric_trim_scale",
        (a, cx) -> num(a).isFinite() ? Numeric.of(num(a).decimal().setScale(minScale(num(a)))) : a);
    to.fn2("numeric_gcd", (a, b, cx) -> gcd(num(a), num(b)));
    to.fn2("numeric_lcm", (a, b, cx) -> lcm(num(a), num(b)));
    to.fn1("numeric_fac", (a, cx) -> factorial((Long) a));
    to.fnN(
        "width_bucket_numeric",
        (args, cx) -> widthBucket(num(args[0]), num(args[1]), num(args[2]), (Integer) args[3]));
    casts(to);
  }

  private static int minScale(Numeric a) {
    return a.signum() == 0 ? 0 : Math.max(0, a.decimal().stripTrailingZeros().scale());
  }

  private static Numeric gcd(Numeric a, Numeric b) {
    if (!a.isFinite() || !b.isFinite()) {
      return Numeric.NAN;
    }
    int scale = Math.max(a.scale(), b.scale());
    BigInteger x = a.decimal().setScale(scale).unscaledValue();
    BigInteger y = b.decimal().setScale(scale).unscaledValue();
    return Numeric.of(new BigDecimal(x.gcd(y), scale));
  }

  private static Numeric lcm(Numeric a, Numeric b) {
    if (!a.isFinite() || !b.isFinite()) {
      return Numeric.NAN;
    }
    int scale = Math.max(a.scale(), b.scale());
    BigInteger x = a.decimal().setScale(scale).unscaledValue();
    BigInteger y = b.decimal().setScale(scale).unscaledValue();
    BigInteger g = x.gcd(y);
    BigInteger result = g.signum() == 0 ? BigInteger.ZERO : x.divide(g).multiply(y).abs();
    return Numeric.of(new BigDecimal(result, scale));
  }

  private static Numeric factorial(long n) {
    if (n < 0) {
      throw new SqlException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "factorial of a negative number is undefined");
    }
    if (n > 32_177) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    }
    return Numeric.of(product(1, Math.max(1, n)));
  }

  /// Halves of about equal size multiply much faster than one factor after another.
  private static BigInteger product(long from, long to) {
    if (from == to) {
      return BigInteger.valueOf(from);
    }
    long middle = (from + to) / 2;
    return product(from, middle).multiply(product(middle + 1, to));
  }

  private static Integer widthBucket(Numeric operand, Numeric low, Numeric high, int count) {
    SqlState state = SqlState.INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION;
    if (count <= 0) {
      throw new SqlException(state, "count must be greater than zero");
    }
    if (operand.isNaN() || low.isNaN() || high.isNaN()) {
      throw new SqlException(state, "operand, lower bound, and upper bound cannot be NaN");
    }
    if (low.isInfinite() || high.isInfinite()) {
      throw new SqlException(state, "lower and upper bounds must be finite");
    }
    int direction = high.compareTo(low);
    if (direction == 0) {
      throw new SqlException(state, "lower bound cannot equal upper bound");
    }
    if (operand.compareTo(low) * direction < 0) {
      return 0;
    }
    if (operand.compareTo(high) * direction >= 0) {
      return IntegerFunctions.toInt4(count + 1L);
    }
    BigDecimal part = operand.decimal().subtract(low.decimal()).multiply(BigDecimal.valueOf(count));
    return part.divideToIntegralValue(high.decimal().subtract(low.decimal())).intValue() + 1;
  }

  private static void casts(Builtins.Registry to) {
    to.fn2("numeric", (a, b, cx) -> Types.NUMERIC.codec().coerceTypmod(a, (Integer) b, false));
    to.fn1("int2_numeric", (a, cx) -> Numeric.of(((Number) a).longValue()));
    to.fn1("int4_numeric", (a, cx) -> Numeric.of(((Number) a).longValue()));
    to.fn1("int8_numeric", (a, cx) -> Numeric.of(((Number) a).longValue()));
    to.fn1(
        "numeric_int2",
        (a, cx) -> {
          long value = integer(num(a), "smallint");
          return IntegerFunctions.toInt2(value);
        });
    to.fn1("numeric_int4", (a, cx) -> IntegerFunctions.toInt4(integer(num(a), "integer")));
    to.fn1("numeric_int8", (a, cx) -> integer(num(a), "bigint"));
    to.fn1(
        "numeric_float8",
        (a, cx) -> {
          double value = num(a).doubleValue();
          if (num(a).isFinite() && Double.isInfinite(value)) {
            throw new SqlException(
                SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                "\"" + a + "\" is out of range for type double precision");
          }
          return value;
        });
    to.fn1(
        "numeric_float4",
        (a, cx) -> {
          float value =
              num(a).isFinite() ? num(a).decimal().floatValue() : (float) num(a).doubleValue();
          if (num(a).isFinite()
              && (Float.isInfinite(value) || (value == 0 && num(a).signum() != 0))) {
            throw new SqlException(
                SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "\"" + a + "\" is out of range for type real");
          }
          return value;
        });
    // 15 digits for double precision and 6 for real: what PostgreSQL takes over, whatever
    // extra_float_digits is.
    to.fn1("float8_numeric", (a, cx) -> NumericText.parse(Floats.format((double) (Double) a, 0)));
    to.fn1("float4_numeric", (a, cx) -> NumericText.parse(Floats.format((float) (Float) a, 0)));
  }

  /// Rounded to the nearest integer, halves away from zero.
  private static long integer(Numeric a, String type) {
    if (!a.isFinite()) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "cannot convert " + (a.isNaN() ? "NaN" : "infinity") + " to " + type);
    }
    BigDecimal rounded = a.decimal().setScale(0, RoundingMode.HALF_UP);
    if (rounded.unscaledValue().bitLength() > 63) {
      throw IntegerFunctions.outOfRange(type);
    }
    return rounded.longValue();
  }
}
