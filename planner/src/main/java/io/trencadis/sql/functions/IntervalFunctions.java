package io.trencadis.sql.functions;

import io.trencadis.sql.types.Calendar;
import io.trencadis.sql.types.Interval;
import io.trencadis.sql.types.Types;

/// Functions of intervals.
final class IntervalFunctions {
  private IntervalFunctions() {}

  private static Interval iv(Object value) {
    return (Interval) value;
  }

  static void register(Builtins.Registry to) {
    to.fn2("interval_pl", (a, b, cx) -> IntervalMath.add(iv(a), iv(b)));
    to.fn2("interval_mi", (a, b, cx) -> IntervalMath.subtract(iv(a), iv(b)));
    to.fn1("interval_um", (a, cx) -> IntervalMath.negate(iv(a)));
    to.fn2("interval_mul", (a, b, cx) -> IntervalMath.multiply(iv(a), (Double) b));
    to.fn2("mul_d_interval", (a, b, cx) -> IntervalMath.multiply(iv(b), (Double) a));
    to.fn2("interval_div", (a, b, cx) -> IntervalMath.divide(iv(a), (Double) b));
    to.fn1("interval_justify_hours", (a, cx) -> IntervalMath.justifyHours(iv(a)));
    to.fn1("interval_justify_days", (a, cx) -> IntervalMath.justifyDays(iv(a)));
    to.fn1("interval_justify_interval", (a, cx) -> IntervalMath.justify(iv(a)));
    to.fn2(
        "interval_scale", (a, b, cx) -> Types.INTERVAL.codec().coerceTypmod(a, (Integer) b, false));
    to.fnN("make_interval", (args, cx) -> make(args));
    to.fn1("time_interval", (a, cx) -> new Interval(0, 0, (Long) a));
    to.fn1("interval_time", (a, cx) -> Math.floorMod(iv(a).micros(), Calendar.MICROS_PER_DAY));
  }

  private static Interval make(Object[] args) {
    double seconds = (Double) args[6];
    if (Double.isNaN(seconds) || Double.isInfinite(seconds)) {
      throw IntervalMath.outOfRange();
    }
    double micros = Math.rint(seconds * Calendar.MICROS_PER_SECOND);
    if (Math.abs(micros) >= 0x1p63) {
      throw IntervalMath.outOfRange();
    }
    try {
      int months = Math.addExact(Math.multiplyExact((Integer) args[0], 12), (Integer) args[1]);
      int days = Math.addExact(Math.multiplyExact((Integer) args[2], 7), (Integer) args[3]);
      long time =
          (Integer) args[4] * Calendar.MICROS_PER_HOUR
              + (Integer) args[5] * Calendar.MICROS_PER_MINUTE;
      return new Interval(months, days, Math.addExact(time, (long) micros));
    } catch (ArithmeticException e) {
      throw IntervalMath.outOfRange();
    }
  }
}
