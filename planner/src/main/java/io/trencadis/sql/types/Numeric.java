package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// SQL's `numeric`: a decimal number with a display scale (digits after the point that are printed,
/// never negative), or NaN or an infinity. Immutable.
///
/// [#equals] is SQL's `=`: the scale makes no difference, and NaN equals NaN.
public final class Numeric implements Comparable<Numeric> {
  /// Most digits before the decimal point.
  public static final int MAX_INTEGER_DIGITS = 131_072;

  /// Most digits after the decimal point.
  public static final int MAX_SCALE = 16_383;

  public static final Numeric ZERO = new Numeric(0, 0);
  public static final Numeric ONE = new Numeric(1, 0);
  public static final Numeric NAN = new Numeric('N');
  public static final Numeric POSITIVE_INFINITY = new Numeric('+');
  public static final Numeric NEGATIVE_INFINITY = new Numeric('-');

  private static final long[] POWERS = new long[19];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  // Of a small number made when it is asked for first. Any thread may make it: all make the same.
  private BigDecimal value;
  // 'f' finite, 's' small: finite, without its last digits' point in a long, 'N' not a number,
  // '+' and '-' infinities
  private final char kind;
  private final long unscaled;
  private final int scale;

  private Numeric(BigDecimal value) {
    this.value = value;
    this.kind = 'f';
    this.unscaled = 0;
    this.scale = value.scale();
  }

  private Numeric(char kind) {
    this.value = null;
    this.kind = kind;
    this.unscaled = 0;
    this.scale = 0;
  }

  private Numeric(long unscaled, int scale) {
    this.kind = 's';
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /// 10^exponent.
  ///
  /// @param exponent 0 to 18
  public static long powerOfTen(int exponent) {
    return POWERS[exponent];
  }

  /// A finite number of so many units in its last place.
  ///
  /// @param scale digits after the point, 0 to [#MAX_SCALE]
  public static Numeric of(long unscaled, int scale) {
    return new Numeric(unscaled, scale);
  }

  /// Whether it is finite and [#unscaled] has all its digits.
  public boolean isSmall() {
    return kind == 's';
  }

  /// Units in the last place of a small number.
  public long unscaled() {
    return unscaled;
  }

  /// A finite number; its scale is the display scale, a negative one counts as 0.
  ///
  /// @throws SqlException 22003 if it has more digits than SQL's type can hold
  public static Numeric of(BigDecimal value) {
    BigDecimal plain = value.scale() < 0 ? widen(value) : value;
    if (plain.scale() > MAX_SCALE) {
      plain = plain.setScale(MAX_SCALE, RoundingMode.HALF_UP);
    }
    // Cheap test first: counting digits exactly costs a multiplication of the whole number.
    BigInteger digits = plain.unscaledValue();
    int bits = digits.bitLength();
    if (bits < Long.SIZE) {
      return new Numeric(digits.longValue(), plain.scale());
    }
    if (bits > 400_000 && (long) plain.precision() - plain.scale() > MAX_INTEGER_DIGITS) {
      throw overflow();
    }
    return new Numeric(plain);
  }

  private static BigDecimal widen(BigDecimal value) {
    if (value.signum() != 0 && (long) value.precision() - value.scale() > MAX_INTEGER_DIGITS) {
      throw overflow();
    }
    return value.signum() == 0 ? BigDecimal.ZERO : value.setScale(0);
  }

  public static Numeric of(long value) {
    return new Numeric(value, 0);
  }

  public static Numeric of(BigInteger value) {
    return of(new BigDecimal(value));
  }

  static SqlException overflow() {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
  }

  public boolean isNaN() {
    return kind == 'N';
  }

  public boolean isInfinite() {
    return kind == '+' || kind == '-';
  }

  public boolean isFinite() {
    return kind == 's' || kind == 'f';
  }

  /// The number; must be finite.
  public BigDecimal decimal() {
    BigDecimal known = value;
    if (known == null) {
      if (kind != 's') {
        throw new IllegalStateException("no finite number: " + this);
      }
      known = BigDecimal.valueOf(unscaled, scale);
      value = known;
    }
    return known;
  }

  /// Display scale; 0 if not finite.
  public int scale() {
    return scale;
  }

  /// -1, 0 or 1; 0 for NaN.
  public int signum() {
    return switch (kind) {
      case 'N' -> 0;
      case '+' -> 1;
      case '-' -> -1;
      case 's' -> Long.signum(unscaled);
      default -> value.signum();
    };
  }

  public Numeric negate() {
    return switch (kind) {
      case 'N' -> this;
      case '+' -> NEGATIVE_INFINITY;
      case '-' -> POSITIVE_INFINITY;
      case 's' ->
          unscaled == Long.MIN_VALUE
              ? new Numeric(decimal().negate())
              : new Numeric(-unscaled, scale);
      default -> new Numeric(decimal().negate());
    };
  }

  public Numeric abs() {
    return signum() < 0 ? negate() : this;
  }

  public double doubleValue() {
    return switch (kind) {
      case 'N' -> Double.NaN;
      case '+' -> Double.POSITIVE_INFINITY;
      case '-' -> Double.NEGATIVE_INFINITY;
      default -> decimal().doubleValue();
    };
  }

  /// PostgreSQL's order: -Infinity, finite numbers, Infinity, NaN.
  @Override
  public int compareTo(Numeric other) {
    if (kind == 's' && other.kind == 's') {
      if (scale == other.scale) {
        return Long.compare(unscaled, other.unscaled);
      }
      int apart = Math.abs(scale - other.scale);
      if (apart < POWERS.length) {
        long factor = POWERS[apart];
        long a = scale < other.scale ? unscaled * factor : unscaled;
        long b = scale < other.scale ? other.unscaled : other.unscaled * factor;
        long multiplied = scale < other.scale ? unscaled : other.unscaled;
        // Only where the product is whole does comparing it mean anything.
        if (Math.multiplyHigh(multiplied, factor) == (multiplied * factor) >> 63) {
          return Long.compare(a, b);
        }
      }
    }
    if (isFinite() && other.isFinite()) {
      return decimal().compareTo(other.decimal());
    }
    return Integer.compare(rank(), other.rank());
  }

  private int rank() {
    return switch (kind) {
      case 'N' -> 2;
      case '+' -> 1;
      case '-' -> -1;
      default -> 0;
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Numeric numeric && compareTo(numeric) == 0;
  }

  @Override
  public int hashCode() {
    return isFinite() ? decimal().stripTrailingZeros().hashCode() : kind;
  }

  /// SQL's text form.
  @Override
  public String toString() {
    return switch (kind) {
      case 'N' -> "NaN";
      case '+' -> "Infinity";
      case '-' -> "-Infinity";
      default -> decimal().toPlainString();
    };
  }
}
