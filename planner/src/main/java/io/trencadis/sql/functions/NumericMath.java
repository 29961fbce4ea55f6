package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Numeric;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/// Arithmetic on `numeric`, with PostgreSQL's rules for the scale of results and for NaN and
/// infinities.
///
/// Where a result has endless digits, PostgreSQL gives at least 16 significant ones, counted in its
/// own digits of base 10,000; the estimates here count the same way, so that results print alike.
final class NumericMath {
  static final int MIN_SIGNIFICANT = 16;
  static final int MAX_DISPLAY_SCALE = 1000;

  private NumericMath() {}

  static Numeric add(Numeric a, Numeric b) {
    if (a.isSmall() && b.isSmall() && a.scale() == b.scale()) {
      long sum = a.unscaled() + b.unscaled();
      if (((a.unscaled() ^ sum) & (b.unscaled() ^ sum)) >= 0) {
        return Numeric.of(sum, a.scale());
      }
    }
    if (a.isFinite() && b.isFinite()) {
      return Numeric.of(a.decimal().add(b.decimal()));
    }
    if (a.isNaN() || b.isNaN() || (a.isInfinite() && b.isInfinite() && a.signum() != b.signum())) {
      return Numeric.NAN;
    }
    return a.isInfinite() ? a : b;
  }

  static Numeric subtract(Numeric a, Numeric b) {
    if (a.isSmall() && b.isSmall()) {
      // A whole number less a fraction, as in `1 - discount`.
      long left = a.unscaled();
      boolean aligned = a.scale() == b.scale();
      if (a.scale() == 0 && b.scale() <= 9 && (int) left == left) {
        for (int i = 0; i < b.scale(); i++) {
          left *= 10;
        }
        aligned = true;
      }
      long difference = left - b.unscaled();
      if (aligned && ((left ^ b.unscaled()) & (left ^ difference)) >= 0) {
        return Numeric.of(difference, b.scale());
      }
    }
    return a.isFinite() && b.isFinite()
        ? Numeric.of(a.decimal().subtract(b.decimal()))
        : add(a, b.negate());
  }

  static Numeric multiply(Numeric a, Numeric b) {
    if (a.isSmall() && b.isSmall() && a.scale() + b.scale() <= Numeric.MAX_SCALE) {
      long product = a.unscaled() * b.unscaled();
      if (Math.multiplyHigh(a.unscaled(), b.unscaled()) == product >> 63) {
        return Numeric.of(product, a.scale() + b.scale());
      }
    }
    if (a.isFinite() && b.isFinite()) {
      return Numeric.of(a.decimal().multiply(b.decimal()));
    }
    int sign = a.signum() * b.signum();
    if (a.isNaN() || b.isNaN() || sign == 0) {
      return Numeric.NAN;
    }
    return sign > 0 ? Numeric.POSITIVE_INFINITY : Numeric.NEGATIVE_INFINITY;
  }

  static Numeric divide(Numeric a, Numeric b) {
    if (a.isNaN() || b.isNaN()) {
      return Numeric.NAN;
    }
    if (b.isFinite() && b.signum() == 0) {
      throw IntegerFunctions.divisionByZero();
    }
    if (a.isInfinite()) {
      if (b.isInfinite()) {
        return Numeric.NAN;
      }
      return a.signum() == b.signum() ? Numeric.POSITIVE_INFINITY : Numeric.NEGATIVE_INFINITY;
    }
    if (b.isInfinite()) {
      return Numeric.ZERO;
    }
    int scale = divisionScale(a.decimal(), b.decimal());
    return Numeric.of(a.decimal().divide(b.decimal(), scale, RoundingMode.HALF_UP));
  }

  /// Exponent of the first digit of base 10,000, 0 for zero.
  static int weight(BigDecimal x) {
    return x.signum() == 0 ? 0 : Math.floorDiv(x.precision() - x.scale() - 1, 4);
  }

  /// The first digit of base 10,000, 0 for zero.
  static int firstDigit(BigDecimal x) {
    if (x.signum() == 0) {
      return 0;
    }
    return x.abs().scaleByPowerOfTen(-4 * weight(x)).setScale(0, RoundingMode.DOWN).intValueExact();
  }

  static int divisionScale(BigDecimal a, BigDecimal b) {
    int quotientWeight = weight(a) - weight(b);
    if (firstDigit(a) <= firstDigit(b)) {
      quotientWeight--;
    }
    int scale = MIN_SIGNIFICANT - quotientWeight * 4;
    return Math.min(
        Math.max(Math.max(scale, Math.max(a.scale(), b.scale())), 0), MAX_DISPLAY_SCALE);
  }

  static Numeric modulo(Numeric a, Numeric b) {
    if (a.isNaN() || b.isNaN()) {
      return Numeric.NAN;
    }
    if (b.isFinite() && b.signum() == 0) {
      throw IntegerFunctions.divisionByZero();
    }
    if (a.isInfinite()) {
      return Numeric.NAN;
    }
    if (b.isInfinite()) {
      return a;
    }
    int scale = Math.max(a.scale(), b.scale());
    return Numeric.of(a.decimal().remainder(b.decimal()).setScale(scale));
  }

  /// `div(a, b)`: the quotient cut to an integer.
  static Numeric divideToInteger(Numeric a, Numeric b) {
    if (!a.isFinite() || !b.isFinite() || b.signum() == 0) {
      Numeric quotient = divide(a, b);
      return quotient;
    }
    BigInteger whole = a.decimal().divideToIntegralValue(b.decimal()).toBigInteger();
    return Numeric.of(whole);
  }

  static Numeric round(Numeric a, int scale, RoundingMode mode) {
    if (!a.isFinite()) {
      return a;
    }
    int wanted = Math.max(-Numeric.MAX_INTEGER_DIGITS - 1, Math.min(scale, Numeric.MAX_SCALE));
    return Numeric.of(a.decimal().setScale(wanted, mode));
  }

  static Numeric sqrt(Numeric a) {
    if (a.isNaN()) {
      return a;
    }
    if (a.signum() < 0) {
      throw new SqlException(
          SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "cannot take square root of a negative number");
    }
    if (a.isInfinite()) {
      return a;
    }
    BigDecimal x = a.decimal();
    int weight = (weight(x) + 1) * 4 / 2 - 1;
    return Numeric.of(sqrt(x, clampScale(MIN_SIGNIFICANT - weight, x.scale())));
  }

  static int clampScale(int scale, int atLeast) {
    return Math.min(Math.max(Math.max(scale, atLeast), 0), MAX_DISPLAY_SCALE);
  }

  /// The square root rounded to a scale.
  static BigDecimal sqrt(BigDecimal x, int scale) {
    if (x.signum() == 0) {
      return BigDecimal.ZERO.setScale(scale);
    }
    // One digit more than wanted, cut, decides the rounding: the root of an integer is never
    // exactly a half.
    BigInteger shifted =
        x.movePointRight(2 * (scale + 1)).setScale(0, RoundingMode.DOWN).toBigInteger();
    BigDecimal root = new BigDecimal(shifted.sqrt(), scale + 1);
    return root.setScale(scale, RoundingMode.HALF_UP);
  }

  static Numeric exp(Numeric a) {
    if (a.isNaN()) {
      return a;
    }
    if (a.isInfinite()) {
      return a.signum() > 0 ? a : Numeric.ZERO;
    }
    BigDecimal x = a.decimal();
    double weight = Math.max(-2000, Math.min(2000, x.doubleValue() * 0.434294481903252));
    int scale = clampScale(MIN_SIGNIFICANT - (int) weight, x.scale());
    return Numeric.of(NumericSeries.exp(x, scale));
  }

  private static void requirePositive(Numeric a) {
    if (a.signum() < 0) {
      throw new SqlException(
          SqlState.INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of a negative number");
    }
    if (a.signum() == 0 && a.isFinite()) {
      throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of zero");
    }
  }

  static Numeric ln(Numeric a) {
    if (a.isNaN()) {
      return a;
    }
    requirePositive(a);
    if (a.isInfinite()) {
      return a;
    }
    BigDecimal x = a.decimal();
    int scale = clampScale(MIN_SIGNIFICANT - lnWeight(x), x.scale());
    return Numeric.of(NumericSeries.ln(x, scale));
  }

  static Numeric log(Numeric base, Numeric number) {
    if (base.isNaN() || number.isNaN()) {
      return Numeric.NAN;
    }
    requirePositive(base);
    requirePositive(number);
    if (base.isInfinite() || number.isInfinite()) {
      return base.isInfinite()
          ? (number.isInfinite() ? Numeric.NAN : Numeric.ZERO)
          : Numeric.POSITIVE_INFINITY;
    }
    BigDecimal b = base.decimal();
    BigDecimal x = number.decimal();
    int weight = lnWeight(x) - lnWeight(b);
    int scale = clampScale(MIN_SIGNIFICANT - weight, Math.max(b.scale(), x.scale()));
    int inner = scale + Math.abs(lnWeight(b)) + 12;
    BigDecimal lnBase = NumericSeries.ln(b, inner + Math.max(0, -lnWeight(b)));
    if (lnBase.signum() == 0) {
      throw IntegerFunctions.divisionByZero();
    }
    BigDecimal lnNumber = NumericSeries.ln(x, inner);
    return Numeric.of(lnNumber.divide(lnBase, scale, RoundingMode.HALF_UP));
  }

  /// About the decimal exponent of a logarithm, estimated as PostgreSQL does.
  static int lnWeight(BigDecimal x) {
    if (x.signum() <= 0) {
      return 0;
    }
    if (x.compareTo(new BigDecimal("0.9")) >= 0 && x.compareTo(new BigDecimal("1.1")) <= 0) {
      BigDecimal off = x.subtract(BigDecimal.ONE);
      return off.signum() == 0 ? 0 : weight(off) * 4 + (int) Math.log10(firstDigit(off));
    }
    double mantissa =
        x.unscaledValue().bitLength() < 1000
            ? Math.log(x.unscaledValue().doubleValue())
            : Math.log(x.round(new MathContext(20)).unscaledValue().doubleValue())
                + (x.precision() - x.round(new MathContext(20)).precision()) * 2.302585092994046;
    double ln = mantissa - x.scale() * 2.302585092994046;
    return (int) Math.log10(Math.abs(ln));
  }

  static Numeric power(Numeric base, Numeric exponent) {
    if (!base.isFinite() || !exponent.isFinite()) {
      return specialPower(base, exponent);
    }
    BigDecimal b = base.decimal();
    BigDecimal e = exponent.decimal();
    boolean whole = e.stripTrailingZeros().scale() <= 0;
    if (b.signum() == 0 && e.signum() < 0) {
      throw new SqlException(
          SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "zero raised to a negative power is undefined");
    }
    if (b.signum() < 0 && !whole) {
      throw new SqlException(
          SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "a negative number raised to a non-integer power yields a complex result");
    }
    if (whole && e.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0) {
      return Numeric.of(wholePower(b, e.intValueExact()));
    }
    if (b.signum() == 0) {
      return Numeric.of(BigDecimal.ZERO.setScale(MIN_SIGNIFICANT));
    }
    boolean negative = b.signum() < 0 && e.toBigInteger().testBit(0);
    BigDecimal magnitude = b.abs();
    int estimateScale = Math.max(0, 8 - lnWeight(magnitude));
    double ln = NumericSeries.ln(magnitude, estimateScale).multiply(e).doubleValue();
    if (Math.abs(ln) > 2000 * 3.01) {
      if (ln > 0) {
        throw overflow();
      }
      return Numeric.of(BigDecimal.ZERO.setScale(MAX_DISPLAY_SCALE));
    }
    double weight = ln * 0.434294481903252;
    int scale = clampScale(MIN_SIGNIFICANT - (int) weight, Math.max(b.scale(), e.scale()));
    int digits = scale + Math.max(0, (int) weight) + 10 + Math.max(0, e.precision() - e.scale());
    BigDecimal product = NumericSeries.ln(magnitude, digits).multiply(e);
    BigDecimal result = NumericSeries.exp(product, scale);
    return Numeric.of(negative ? result.negate() : result);
  }

  private static SqlException overflow() {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
  }

  private static BigDecimal wholePower(BigDecimal base, int exponent) {
    double weight = 0;
    if (base.signum() != 0) {
      BigDecimal rounded = base.abs().round(new MathContext(17));
      weight = exponent * (Math.log10(rounded.unscaledValue().doubleValue()) - rounded.scale());
    }
    if (weight > 32_768 * 4) {
      throw overflow();
    }
    int scale = clampScale(MIN_SIGNIFICANT, base.scale());
    if (weight + 1 < -scale) {
      return BigDecimal.ZERO.setScale(scale);
    }
    if (exponent == 0) {
      return BigDecimal.ONE.setScale(scale);
    }
    if (base.signum() == 0) {
      return BigDecimal.ZERO.setScale(scale);
    }
    int digits = scale + (int) Math.max(0, weight) + 20 + 10;
    MathContext context = new MathContext(Math.max(digits, 40), RoundingMode.HALF_EVEN);
    long magnitude = Math.abs((long) exponent);
    BigDecimal result = BigDecimal.ONE;
    BigDecimal square = base;
    while (magnitude > 0) {
      if ((magnitude & 1) != 0) {
        result = result.multiply(square, context);
      }
      magnitude >>= 1;
      if (magnitude > 0) {
        square = square.multiply(square, context);
      }
    }
    if (exponent < 0) {
      result = BigDecimal.ONE.divide(result, context);
    }
    return result.setScale(scale, RoundingMode.HALF_UP);
  }

  private static Numeric specialPower(Numeric base, Numeric exponent) {
    if (base.isNaN()) {
      return exponent.isFinite() && exponent.signum() == 0 ? Numeric.ONE : base;
    }
    if (exponent.isNaN()) {
      return base.equals(Numeric.ONE) ? Numeric.ONE : exponent;
    }
    if (base.isFinite() && base.signum() == 0 && exponent.signum() < 0) {
      throw new SqlException(
          SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "zero raised to a negative power is undefined");
    }
    if (base.equals(Numeric.ONE) || (exponent.isFinite() && exponent.signum() == 0)) {
      return Numeric.ONE;
    }
    if (exponent.isInfinite()) {
      int size = base.abs().compareTo(Numeric.ONE);
      if (size == 0) {
        return Numeric.ONE;
      }
      return (size > 0) == (exponent.signum() > 0) ? Numeric.POSITIVE_INFINITY : Numeric.ZERO;
    }
    boolean odd =
        exponent.decimal().stripTrailingZeros().scale() <= 0
            && exponent.decimal().toBigInteger().testBit(0);
    if (base.signum() < 0 && exponent.decimal().stripTrailingZeros().scale() > 0) {
      throw new SqlException(
          SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "a negative number raised to a non-integer power yields a complex result");
    }
    if (exponent.signum() < 0) {
      return Numeric.ZERO;
    }
    return base.signum() < 0 && odd ? Numeric.NEGATIVE_INFINITY : Numeric.POSITIVE_INFINITY;
  }
}
