package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;

/// Integer arithmetic, bit operations and casts between integer types.
final class IntegerFunctions {
  private IntegerFunctions() {}

  static SqlException outOfRange(String type) {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, type + " out of range");
  }

  static SqlException divisionByZero() {
    return new SqlException(SqlState.DIVISION_BY_ZERO, "division by zero");
  }

  static void register(Builtins.Registry to) {
    int2(to);
    int4(to);
    int8(to);
    mixed(to);
    bits(to);
    casts(to);
    more(to);
  }

  private static long num(Object value) {
    return ((Number) value).longValue();
  }

  static Short toInt2(long value) {
    if (value != (short) value) {
      throw outOfRange("smallint");
    }
    return (short) value;
  }

  static Integer toInt4(long value) {
    if (value != (int) value) {
      throw outOfRange("integer");
    }
    return (int) value;
  }

  private static void int2(Builtins.Registry to) {
    to.fn2("int2pl", (a, b, cx) -> toInt2(num(a) + num(b)));
    to.fn2("int2mi", (a, b, cx) -> toInt2(num(a) - num(b)));
    to.fn2("int2mul", (a, b, cx) -> toInt2(num(a) * num(b)));
    to.fn2("int2div", (a, b, cx) -> toInt2(divide(num(a), num(b))));
    to.fn2("int2mod", (a, b, cx) -> (short) modulo(num(a), num(b)));
    to.fn1("int2um", (a, cx) -> toInt2(-num(a)));
    to.fn1("int2up", (a, cx) -> a);
    to.fn1("int2abs", (a, cx) -> toInt2(Math.abs(num(a))));
  }

  private static void int4(Builtins.Registry to) {
    to.fn2("int4pl", (a, b, cx) -> toInt4((long) (Integer) a + (Integer) b));
    to.fn2("int4mi", (a, b, cx) -> toInt4((long) (Integer) a - (Integer) b));
    to.fn2("int4mul", (a, b, cx) -> toInt4((long) (Integer) a * (Integer) b));
    to.fn2("int4div", (a, b, cx) -> toInt4(divide((Integer) a, (Integer) b)));
    to.fn2("int4mod", (a, b, cx) -> (int) modulo((Integer) a, (Integer) b));
    to.fn1("int4um", (a, cx) -> toInt4(-num(a)));
    to.fn1("int4up", (a, cx) -> a);
    to.fn1("int4abs", (a, cx) -> toInt4(Math.abs(num(a))));
    to.fn1("int4inc", (a, cx) -> toInt4(num(a) + 1));
    for (String pair : new String[] {"24", "42"}) {
      to.fn2("int" + pair + "pl", (a, b, cx) -> toInt4(num(a) + num(b)));
      to.fn2("int" + pair + "mi", (a, b, cx) -> toInt4(num(a) - num(b)));
      to.fn2("int" + pair + "mul", (a, b, cx) -> toInt4(num(a) * num(b)));
      to.fn2("int" + pair + "div", (a, b, cx) -> toInt4(divide(num(a), num(b))));
    }
  }

  private static void int8(Builtins.Registry to) {
    to.fn2("int8mod", (a, b, cx) -> modulo(num(a), num(b)));
    to.fn1("int8um", (a, cx) -> subtract(0, num(a)));
    to.fn1("int8up", (a, cx) -> a);
    to.fn1("int8abs", (a, cx) -> num(a) < 0 ? subtract(0, num(a)) : a);
    to.fn1("int8inc", (a, cx) -> add(num(a), 1));
    to.fn1("int8dec", (a, cx) -> subtract(num(a), 1));
  }

  private static void mixed(Builtins.Registry to) {
    for (String pair : new String[] {"8", "28", "82", "48", "84"}) {
      to.fn2("int" + pair + "pl", (a, b, cx) -> add(num(a), num(b)));
      to.fn2("int" + pair + "mi", (a, b, cx) -> subtract(num(a), num(b)));
      to.fn2("int" + pair + "mul", (a, b, cx) -> multiply(num(a), num(b)));
      to.fn2("int" + pair + "div", (a, b, cx) -> divide8(num(a), num(b)));
    }
  }

  static Long add(long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      throw outOfRange("bigint");
    }
    return sum;
  }

  static Long subtract(long a, long b) {
    long difference = a - b;
    if (((a ^ b) & (a ^ difference)) < 0) {
      throw outOfRange("bigint");
    }
    return difference;
  }

  static Long multiply(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    if (high != low >> 63) {
      throw outOfRange("bigint");
    }
    return low;
  }

  private static Long divide8(long a, long b) {
    if (b == -1) {
      return subtract(0, a);
    }
    return divide(a, b);
  }

  private static long divide(long a, long b) {
    if (b == 0) {
      throw divisionByZero();
    }
    return a / b;
  }

  private static long modulo(long a, long b) {
    if (b == 0) {
      throw divisionByZero();
    }
    return a % b;
  }

  private static void bits(Builtins.Registry to) {
    to.fn2("int2and", (a, b, cx) -> (short) (num(a) & num(b)));
    to.fn2("int2or", (a, b, cx) -> (short) (num(a) | num(b)));
    to.fn2("int2xor", (a, b, cx) -> (short) (num(a) ^ num(b)));
    to.fn1("int2not", (a, cx) -> (short) ~num(a));
    // C shifts an int and then cuts it to 16 bits.
    to.fn2("int2shl", (a, b, cx) -> (short) ((int) num(a) << (int) num(b)));
    to.fn2("int2shr", (a, b, cx) -> (short) ((int) num(a) >> (int) num(b)));
    to.fn2("int4and", (a, b, cx) -> (int) (num(a) & num(b)));
    to.fn2("int4or", (a, b, cx) -> (int) (num(a) | num(b)));
    to.fn2("int4xor", (a, b, cx) -> (int) (num(a) ^ num(b)));
    to.fn1("int4not", (a, cx) -> (int) ~num(a));
    to.fn2("int4shl", (a, b, cx) -> (int) num(a) << (int) num(b));
    to.fn2("int4shr", (a, b, cx) -> (int) num(a) >> (int) num(b));
    to.fn2("int8and", (a, b, cx) -> num(a) & num(b));
    to.fn2("int8or", (a, b, cx) -> num(a) | num(b));
    to.fn2("int8xor", (a, b, cx) -> num(a) ^ num(b));
    to.fn1("int8not", (a, cx) -> ~num(a));
    to.fn2("int8shl", (a, b, cx) -> num(a) << num(b));
    to.fn2("int8shr", (a, b, cx) -> num(a) >> num(b));
  }

  private static void casts(Builtins.Registry to) {
    to.fn1("i2toi4", (a, cx) -> (int) num(a));
    to.fn1("i4toi2", (a, cx) -> toInt2(num(a)));
    to.fn1("int28", (a, cx) -> num(a));
    to.fn1("int82", (a, cx) -> toInt2(num(a)));
    to.fn1("int48", (a, cx) -> num(a));
    to.fn1("int84", (a, cx) -> toInt4(num(a)));
    to.fn1(
        "i8tooid",
        (a, cx) -> {
          if (num(a) < 0 || num(a) > 0xffff_ffffL) {
            throw outOfRange("OID");
          }
          return a;
        });
    to.fn1("oidtoi8", (a, cx) -> a);
    to.fn1("int4_bool", (a, cx) -> num(a) != 0);
    to.fn1("bool_int4", (a, cx) -> (Boolean) a ? 1 : 0);
    to.fn1("chartoi4", (a, cx) -> ((String) a).isEmpty() ? 0 : (int) (byte) ((String) a).charAt(0));
    to.fn1(
        "i4tochar",
        (a, cx) -> {
          if (num(a) < Byte.MIN_VALUE || num(a) > Byte.MAX_VALUE) {
            throw outOfRange("\"char\"");
          }
          return num(a) == 0 ? "" : String.valueOf((char) (num(a) & 0xff));
        });
  }

  private static long gcd(long a, long b) {
    while (b != 0) {
      // The one remainder that Java's % cannot overflow on is taken care of by b == -1 having
      // remainder 0.
      long rest = b == -1 ? 0 : a % b;
      a = b;
      b = rest;
    }
    return a;
  }

  private static void more(Builtins.Registry to) {
    to.fn2("int4gcd", (a, b, cx) -> toInt4(Math.abs(gcd(num(a), num(b)))));
    to.fn2(
        "int4lcm",
        (a, b, cx) -> {
          long g = gcd(num(a), num(b));
          return g == 0 ? 0 : toInt4(Math.abs(num(a) / g * num(b)));
        });
    to.fn2(
        "int8gcd",
        (a, b, cx) -> {
          long g = gcd(num(a), num(b));
          return g < 0 ? subtract(0, g) : (Long) g;
        });
    to.fn2(
        "int8lcm",
        (a, b, cx) -> {
          long g = gcd(num(a), num(b));
          if (num(a) == 0 || num(b) == 0) {
            return 0L;
          }
          long product = multiply(num(a) / g, num(b));
          return product < 0 ? subtract(0, product) : (Long) product;
        });
    to.fn1("to_hex32", (a, cx) -> Integer.toHexString((int) num(a)));
    to.fn1("to_hex64", (a, cx) -> Long.toHexString(num(a)));
  }
}
