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

  public static final Numeric ZERO = new Numeric(BigDecimal.ZERO);
  public static final Numeric ONE = new Numeric(BigDecimal.ONE);
  public static final Numeric NAN = new Numeric('N');
  public static final Numeric POSITIVE_INFINITY = new Numeric('+');
  public static final Numeric NEGATIVE_INFINITY = new Numeric('-');

  private final BigDecimal value;
  // 'f' finite, 'N' not a number, '+' and '-' infinities
  private final char kind;

  private Numeric(BigDecimal value) {
    this.value = value;
    this.kind = 'f';
  }

  private Numeric(char kind) {
    this.value = null;
    this.kind = kind;
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
    if (plain.unscaledValue().bitLength() > 400_000
        && (long) plain.precision() - plain.scale() > MAX_INTEGER_DIGITS) {
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
    return new Numeric(BigDecimal.valueOf(value));
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
    return kind == 'f';
  }

  /// The number; must be finite.
  public BigDecimal decimal() {
    if (value == null) {
      throw new IllegalStateException("no finite number: " + this);
    }
    return value;
  }

  /// Display scale; 0 if not finite.
  public int scale() {
    return value == null ? 0 : value.scale();
  }

  /// -1, 0 or 1; 0 for NaN.
  public int signum() {
    return switch (kind) {
      case 'N' -> 0;
      case '+' -> 1;
      case '-' -> -1;
      default -> value.signum();
    };
  }

  public Numeric negate() {
    return switch (kind) {
      case 'N' -> this;
      case '+' -> NEGATIVE_INFINITY;
      case '-' -> POSITIVE_INFINITY;
      default -> new Numeric(value.negate());
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
      default -> value.doubleValue();
    };
  }

  /// PostgreSQL's order: -Infinity, finite numbers, Infinity, NaN.
  @Override
  public int compareTo(Numeric other) {
    if (kind == 'f' && other.kind == 'f') {
      return value.compareTo(other.value);
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
    return kind == 'f' ? value.stripTrailingZeros().hashCode() : kind;
  }

  /// SQL's text form.
  @Override
  public String toString() {
    return switch (kind) {
      case 'N' -> "NaN";
      case '+' -> "Infinity";
      case '-' -> "-Infinity";
      default -> value.toPlainString();
    };
  }
}
