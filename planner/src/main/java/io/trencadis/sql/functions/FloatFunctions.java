package io.trencadis.sql.functions;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;

/// Floating-point arithmetic and casts, with PostgreSQL's checks: a result that overflows or
/// underflows is an error unless an argument was infinite or zero already.
final class FloatFunctions {
  private FloatFunctions() {}

  static SqlException overflow() {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
  }

  static SqlException underflow() {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
  }

  static void register(Builtins.Registry to) {
    to.fn2("float4pl", (a, b, cx) -> checked((Float) a + (Float) b, (Float) a, (Float) b));
    to.fn2("float4mi", (a, b, cx) -> checked((Float) a - (Float) b, (Float) a, (Float) b));
    to.fn2("float4mul", (a, b, cx) -> multiplied((Float) a, (Float) b));
    to.fn2("float4div", (a, b, cx) -> divided((Float) a, (Float) b));
    to.fn1("float4um", (a, cx) -> -(Float) a);
    to.fn1("float4up", (a, cx) -> a);
    to.fn1("float4abs", (a, cx) -> Math.abs((Float) a));
    for (String pair : new String[] {"8", "48", "84"}) {
      to.fn2("float" + pair + "pl", (a, b, cx) -> add(num(a), num(b)));
      to.fn2("float" + pair + "mi", (a, b, cx) -> add(num(a), -num(b)));
      to.fn2("float" + pair + "mul", (a, b, cx) -> multiply(num(a), num(b)));
      to.fn2("float" + pair + "div", (a, b, cx) -> divide(num(a), num(b)));
    }
    to.fn1("float8um", (a, cx) -> -num(a));
    to.fn1("float8up", (a, cx) -> a);
    to.fn1("float4send", (a, cx) -> sent(Types.FLOAT4, a));
    to.fn1("float8send", (a, cx) -> sent(Types.FLOAT8, a));
    to.fn1("float8abs", (a, cx) -> Math.abs(num(a)));
    casts(to);
  }

  /// A value in the form that binary protocol and COPY have it.
  private static byte[] sent(PgType type, Object value) {
    ByteWriter out = new ByteWriter(8);
    type.codec().writeBinary(value, out);
    return out.toByteArray();
  }

  static double num(Object value) {
    return ((Number) value).doubleValue();
  }

  private static Float checked(float result, float a, float b) {
    if (Float.isInfinite(result) && !Float.isInfinite(a) && !Float.isInfinite(b)) {
      throw overflow();
    }
    return result;
  }

  private static Float multiplied(float a, float b) {
    float result = a * b;
    if (result == 0 && a != 0 && b != 0) {
      throw underflow();
    }
    return checked(result, a, b);
  }

  private static Float divided(float a, float b) {
    if (b == 0 && a == a) {
      throw IntegerFunctions.divisionByZero();
    }
    float result = a / b;
    if (result == 0 && a != 0 && !Float.isInfinite(b)) {
      throw underflow();
    }
    if (Float.isInfinite(result) && !Float.isInfinite(a)) {
      throw overflow();
    }
    return result;
  }

  static Double add(double a, double b) {
    double result = a + b;
    if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
      throw overflow();
    }
    return result;
  }

  static Double multiply(double a, double b) {
    double result = a * b;
    if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
      throw overflow();
    }
    if (result == 0 && a != 0 && b != 0) {
      throw underflow();
    }
    return result;
  }

  static Double divide(double a, double b) {
    if (b == 0 && a == a) {
      throw IntegerFunctions.divisionByZero();
    }
    double result = a / b;
    if (Double.isInfinite(result) && !Double.isInfinite(a)) {
      throw overflow();
    }
    if (result == 0 && a != 0 && !Double.isInfinite(b)) {
      throw underflow();
    }
    return result;
  }

  private static void casts(Builtins.Registry to) {
    to.fn1("ftod", (a, cx) -> num(a));
    to.fn1(
        "dtof",
        (a, cx) -> {
          double value = num(a);
          float result = (float) value;
          if (Float.isInfinite(result) && !Double.isInfinite(value)) {
            throw overflow();
          }
          if (result == 0 && value != 0) {
            throw underflow();
          }
          return result;
        });
    to.fn1("i2tod", (a, cx) -> num(a));
    to.fn1("i4tod", (a, cx) -> num(a));
    to.fn1("i8tod", (a, cx) -> num(a));
    to.fn1("i2tof", (a, cx) -> ((Number) a).floatValue());
    to.fn1("i4tof", (a, cx) -> ((Number) a).floatValue());
    to.fn1("i8tof", (a, cx) -> ((Number) a).floatValue());
    for (String from : new String[] {"f", "d"}) {
      to.fn1(
          from + "toi2",
          (a, cx) ->
              (short) rounded(num(a), Short.MIN_VALUE, -(double) Short.MIN_VALUE, "smallint"));
      to.fn1(
          from + "toi4",
          (a, cx) ->
              (int) rounded(num(a), Integer.MIN_VALUE, -(double) Integer.MIN_VALUE, "integer"));
      to.fn1(
          from + "toi8",
          (a, cx) -> (long) rounded(num(a), Long.MIN_VALUE, -(double) Long.MIN_VALUE, "bigint"));
    }
  }

  /// The nearest integer, halves to even, in `[min, end)`.
  private static double rounded(double value, double min, double end, String type) {
    double integer = Math.rint(value);
    if (!(integer >= min && integer < end)) {
      throw IntegerFunctions.outOfRange(type);
    }
    return integer;
  }
}
