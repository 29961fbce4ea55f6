package io.trencadis.sql.types;

/// Rounding of times to the precision of a typmod, and of intervals to its fields.
final class TimeRounding {
  private static final long[] UNIT = {1_000_000, 100_000, 10_000, 1_000, 100, 10, 1};

  private TimeRounding() {}

  /// To the nearest multiple, halves away from zero.
  private static long round(long micros, int precision) {
    long unit = UNIT[precision];
    return micros >= 0 ? (micros + unit / 2) / unit * unit : -((-micros + unit / 2) / unit * unit);
  }

  private static boolean exact(int typmod) {
    return typmod < 0 || typmod >= Typmods.MAX_TIME_PRECISION;
  }

  static long time(long micros, int typmod) {
    return exact(typmod) ? micros : round(micros, typmod);
  }

  static long timestamp(long micros, int typmod) {
    return exact(typmod) || Calendar.isInfinite(micros) ? micros : round(micros, typmod);
  }

  static Interval interval(Interval value, int typmod) {
    int fields = (typmod >> 16) & Typmods.INTERVAL_FULL_RANGE;
    int precision = typmod & 0xffff;
    int months = value.months();
    int days = value.days();
    long micros = value.micros();
    if (fields != Typmods.INTERVAL_FULL_RANGE) {
      int smallest = 0;
      for (int field :
          new int[] {
            Typmods.SECOND, Typmods.MINUTE, Typmods.HOUR, Typmods.DAY, Typmods.MONTH, Typmods.YEAR
          }) {
        if ((fields & field) != 0) {
          smallest = field;
          break;
        }
      }
      switch (smallest) {
        case Typmods.YEAR -> {
          months = months / 12 * 12;
          days = 0;
          micros = 0;
        }
        case Typmods.MONTH -> {
          days = 0;
          micros = 0;
        }
        case Typmods.DAY -> micros = 0;
        case Typmods.HOUR -> micros = micros / Calendar.MICROS_PER_HOUR * Calendar.MICROS_PER_HOUR;
        case Typmods.MINUTE ->
            micros = micros / Calendar.MICROS_PER_MINUTE * Calendar.MICROS_PER_MINUTE;
        default -> {
          // seconds, to the precision below
        }
      }
    }
    if (precision < Typmods.MAX_TIME_PRECISION) {
      micros = round(micros, precision);
    }
    return new Interval(months, days, micros);
  }
}
