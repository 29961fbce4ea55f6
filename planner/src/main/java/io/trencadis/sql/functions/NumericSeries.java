package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Exponential and logarithm to any number of digits, by series on a reduced argument.
final class NumericSeries {
  private static final int GUARD = 12;

  private NumericSeries() {}

  /// e to the power x, rounded to a scale. The argument is divided by a power of two until it is
  /// small, the series is summed, and the sum squared as often.
  ///
  /// @throws SqlException 22003 if the result has too many digits
  static BigDecimal exp(BigDecimal x, int scale) {
    if (x.signum() == 0) {
      return BigDecimal.ONE.setScale(scale);
    }
    double estimate = x.doubleValue() * 0.434294481903252;
    if (estimate > 131_072) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    }
    if (estimate < -scale - 1) {
      return BigDecimal.ZERO.setScale(scale);
    }
    int halvings = Math.max(0, Math.getExponent(x.doubleValue()) + 8);
    int digits = scale + (int) Math.max(0, estimate) + halvings / 3 + GUARD;
    MathContext context = new MathContext(digits + 8, RoundingMode.HALF_EVEN);
    BigDecimal small = x.divide(BigDecimal.valueOf(2).pow(halvings), context);
    BigDecimal sum = BigDecimal.ONE.add(small, context);
    BigDecimal term = small;
    BigDecimal limit = BigDecimal.ONE.movePointLeft(digits + 8);
    for (int i = 2; term.abs().compareTo(limit) > 0; i++) {
      term = term.multiply(small, context).divide(BigDecimal.valueOf(i), context);
      sum = sum.add(term, context);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, context);
    }
    return sum.setScale(scale, RoundingMode.HALF_UP);
  }

  /// The natural logarithm of a positive number, rounded to a scale. Square roots bring the
  /// argument close to 1, where the series of the inverse hyperbolic tangent converges fast.
  static BigDecimal ln(BigDecimal x, int scale) {
    if (x.compareTo(BigDecimal.ONE) == 0) {
      return BigDecimal.ZERO.setScale(scale);
    }
    // Powers of ten are split off first, so that huge and tiny numbers need no long chain of roots.
    int tens = x.precision() - x.scale() - 1;
    int digits = scale + GUARD + Integer.toString(Math.abs(tens) + 1).length();
    BigDecimal mantissa = x.movePointLeft(tens);
    // A number just below 1 must not be split into 9.99… and 10^-1: their logarithms would cancel.
    if (x.compareTo(new BigDecimal("0.5")) > 0 && x.compareTo(BigDecimal.TEN) < 0) {
      mantissa = x;
      tens = 0;
    }
    BigDecimal result = lnNearOne(mantissa, digits);
    if (tens != 0) {
      result = result.add(lnNearOne(BigDecimal.TEN, digits).multiply(BigDecimal.valueOf(tens)));
    }
    return result.setScale(scale, RoundingMode.HALF_UP);
  }

  private static BigDecimal lnNearOne(BigDecimal x, int digits) {
    int precision = digits + 12;
    MathContext context = new MathContext(precision, RoundingMode.HALF_EVEN);
    BigDecimal root = x;
    int roots = 0;
    BigDecimal low = new BigDecimal("0.99");
    BigDecimal high = new BigDecimal("1.01");
    while (root.compareTo(low) < 0 || root.compareTo(high) > 0) {
      root = NumericMath.sqrt(root, precision);
      roots++;
    }
    BigDecimal z = root.subtract(BigDecimal.ONE).divide(root.add(BigDecimal.ONE), context);
    BigDecimal square = z.multiply(z, context);
    BigDecimal power = z;
    BigDecimal sum = z;
    BigDecimal limit = BigDecimal.ONE.movePointLeft(precision + 2);
    for (int i = 3; power.abs().compareTo(limit) > 0; i += 2) {
      power = power.multiply(square, context);
      sum = sum.add(power.divide(BigDecimal.valueOf(i), context), context);
    }
    return sum.multiply(BigDecimal.valueOf(2).pow(roots + 1));
  }
}
