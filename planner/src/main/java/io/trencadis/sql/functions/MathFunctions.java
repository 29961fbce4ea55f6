package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.function.DoubleUnaryOperator;

/// Roots, powers, logarithms, angles and rounding of double precision numbers.
final class MathFunctions {
  private static final double RADIANS_PER_DEGREE = 0.0174532925199432957692;

  private MathFunctions() {}

  static void register(Builtins.Registry to) {
    plain(to, "dround", Math::rint);
    plain(to, "dceil", Math::ceil);
    plain(to, "dfloor", Math::floor);
    plain(to, "dtrunc", x -> x >= 0 ? Math.floor(x) : -Math.floor(-x));
    plain(to, "dsign", Math::signum);
    plain(
        to,
        "dsqrt",
        x -> {
          if (x < 0) {
            throw error(
                SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                "cannot take square root of a negative number");
          }
          return Math.sqrt(x);
        });
    plain(to, "dcbrt", Math::cbrt);
    to.fn2("dpow", (a, b, cx) -> power((Double) a, (Double) b));
    plain(
        to,
        "dexp",
        x -> {
          double result = Math.exp(x);
          if (Double.isInfinite(result) && !Double.isInfinite(x)) {
            throw FloatFunctions.overflow();
          }
          if (result == 0 && !Double.isInfinite(x)) {
            throw FloatFunctions.underflow();
          }
          return result;
        });
    plain(to, "dlog1", x -> Math.log(positive(x)));
    plain(to, "dlog10", x -> Math.log10(positive(x)));
    to.fn0("dpi", cx -> Math.PI);
    plain(to, "degrees", x -> FloatFunctions.divide(x, RADIANS_PER_DEGREE));
    plain(to, "radians", x -> x * RADIANS_PER_DEGREE);
    angles(to);
    to.fn0("drandom", cx -> cx.random().nextDouble());
    to.fn1(
        "setseed",
        (a, cx) -> {
          double seed = (Double) a;
          if (!(seed >= -1 && seed <= 1)) {
            String shown = io.trencadis.sql.types.Floats.format(seed, 1);
            throw error(
                SqlState.INVALID_PARAMETER_VALUE,
                "setseed parameter " + shown + " is out of allowed range [-1,1]");
          }
          cx.seedRandom(seed);
          return io.trencadis.sql.types.VoidValue.VOID;
        });
    to.fnN(
        "width_bucket_float8",
        (args, cx) ->
            widthBucket((Double) args[0], (Double) args[1], (Double) args[2], (Integer) args[3]));
  }

  private static SqlException error(SqlState state, String message) {
    return new SqlException(state, message);
  }

  private static void plain(Builtins.Registry to, String name, DoubleUnaryOperator code) {
    to.fn1(name, (a, cx) -> code.applyAsDouble((Double) a));
  }

  private static double positive(double x) {
    if (x == 0) {
      throw error(SqlState.INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of zero");
    }
    if (x < 0) {
      throw error(SqlState.INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of a negative number");
    }
    return x;
  }

  private static double power(double x, double y) {
    if (x != x) {
      return y == 0 ? 1 : x;
    }
    if (y != y) {
      return x == 1 ? 1 : y;
    }
    if (x == 0 && y < 0) {
      throw error(
          SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "zero raised to a negative power is undefined");
    }
    if (x < 0 && !Double.isInfinite(y) && Math.floor(y) != y) {
      throw error(
          SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "a negative number raised to a non-integer power yields a complex result");
    }
    if (x == -1 && Double.isInfinite(y)) {
      // Java says NaN here.
      return 1;
    }
    if (x == 1) {
      return 1;
    }
    double result = Math.pow(x, y);
    boolean finite = !Double.isInfinite(x) && !Double.isInfinite(y);
    if (finite && Double.isInfinite(result)) {
      throw FloatFunctions.overflow();
    }
    if (finite && result == 0 && x != 0) {
      throw FloatFunctions.underflow();
    }
    return result;
  }

  private static double finite(double x) {
    if (Double.isInfinite(x)) {
      throw error(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "input is out of range");
    }
    return x;
  }

  private static double unit(double x) {
    if (x < -1 || x > 1) {
      throw error(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "input is out of range");
    }
    return x;
  }

  private static void angles(Builtins.Registry to) {
    plain(to, "dsin", x -> Math.sin(finite(x)));
    plain(to, "dcos", x -> Math.cos(finite(x)));
    plain(to, "dtan", x -> Math.tan(finite(x)));
    plain(to, "dcot", x -> 1 / Math.tan(finite(x)));
    plain(to, "dasin", x -> Math.asin(unit(x)));
    plain(to, "dacos", x -> Math.acos(unit(x)));
    plain(to, "datan", Math::atan);
    to.fn2("datan2", (a, b, cx) -> Math.atan2((Double) a, (Double) b));
    plain(to, "dsinh", Math::sinh);
    plain(to, "dcosh", Math::cosh);
    plain(to, "dtanh", Math::tanh);
    plain(
        to,
        "dasinh",
        x -> {
          double magnitude = Math.abs(x);
          if (magnitude > 1e8) {
            return Double.isInfinite(x) ? x : Math.copySign(Math.log(magnitude) + Math.log(2), x);
          }
          // Without cancellation for small numbers.
          double square = magnitude * magnitude;
          return Math.copySign(Math.log1p(magnitude + square / (1 + Math.sqrt(1 + square))), x);
        });
    plain(
        to,
        "dacosh",
        x -> {
          if (x < 1) {
            throw error(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "input is out of range");
          }
          return Math.log(x + Math.sqrt(x * x - 1));
        });
    plain(
        to,
        "datanh",
        x -> {
          unit(x);
          return x == 1 || x == -1
              ? Math.copySign(Double.POSITIVE_INFINITY, x)
              : (Math.log1p(x) - Math.log1p(-x)) / 2;
        });
    plain(to, "dsind", x -> sine(finite(x)));
    plain(to, "dcosd", x -> exactDegrees(finite(x) + 90, 0) + 0.0);
    plain(to, "dtand", x -> tangent(finite(x), false));
    plain(to, "dcotd", x -> tangent(finite(x), true));
    plain(to, "dasind", x -> nice(Math.toDegrees(Math.asin(unit(x)))));
    plain(to, "dacosd", x -> nice(Math.toDegrees(Math.acos(unit(x)))));
    plain(to, "datand", x -> nice(Math.toDegrees(Math.atan(x))));
    to.fn2("datan2d", (a, b, cx) -> nice(Math.toDegrees(Math.atan2((Double) a, (Double) b))));
  }

  /// The tangent or cotangent, whose infinities have the sign of the quadrant.
  private static double tangent(double degrees, boolean cotangent) {
    double reduced = Math.abs(degrees % 360);
    boolean negative = degrees < 0;
    if (reduced > 180) {
      reduced = 360 - reduced;
      negative = !negative;
    }
    if (reduced > 90) {
      reduced = 180 - reduced;
      negative = !negative;
    }
    double sine = exactDegrees(reduced, 0);
    double cosine = Math.abs(exactDegrees(reduced + 90, 0));
    double ratio = cotangent ? cosine / sine : sine / cosine;
    return ratio == 0 ? 0 : negative ? -ratio : ratio;
  }

  /// Zero has the sign of the angle.
  private static double sine(double degrees) {
    double sine = exactDegrees(degrees, 0);
    return sine == 0 ? Math.copySign(0.0, degrees) : sine;
  }

  /// The sine of an angle in degrees, exact at multiples of 30 degrees.
  private static double exactDegrees(double degrees, double zero) {
    double reduced = degrees % 360;
    if (reduced < 0) {
      reduced += 360;
    }
    boolean negative = reduced >= 180;
    if (negative) {
      reduced -= 180;
    }
    if (reduced > 90) {
      reduced = 180 - reduced;
    }
    double sine =
        reduced == 0
            ? zero
            : reduced == 30 ? 0.5 : reduced == 90 ? 1 : Math.sin(Math.toRadians(reduced));
    return negative ? -sine : sine;
  }

  /// Whole degrees where rounding errors are all that is missing.
  private static double nice(double degrees) {
    double whole = Math.rint(degrees);
    return Math.abs(degrees - whole) < 1e-13 * Math.max(1, Math.abs(whole)) ? whole : degrees;
  }

  private static Integer widthBucket(double operand, double low, double high, int count) {
    SqlState state = SqlState.INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION;
    if (count <= 0) {
      throw error(state, "count must be greater than zero");
    }
    if (operand != operand || low != low || high != high) {
      throw error(state, "operand, lower bound, and upper bound cannot be NaN");
    }
    if (Double.isInfinite(low) || Double.isInfinite(high)) {
      throw error(state, "lower and upper bounds must be finite");
    }
    if (low == high) {
      throw error(state, "lower bound cannot equal upper bound");
    }
    boolean rising = low < high;
    if (rising ? operand < low : operand > low) {
      return 0;
    }
    if (rising ? operand >= high : operand <= high) {
      return IntegerFunctions.toInt4(count + 1L);
    }
    int bucket = (int) (count * ((operand - low) / (high - low)));
    return Math.min(bucket, count - 1) + 1;
  }
}
