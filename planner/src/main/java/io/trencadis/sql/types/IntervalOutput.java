package io.trencadis.sql.types;

/// Intervals as text, in every IntervalStyle.
final class IntervalOutput {
  private final StringBuilder out = new StringBuilder(40);
  private final int years;
  private final int months;
  private final int days;
  private final long hours;
  private final int minutes;
  private final int seconds;
  private final int micros;

  private IntervalOutput(Interval value) {
    years = value.months() / 12;
    months = value.months() % 12;
    days = value.days();
    hours = value.micros() / Calendar.MICROS_PER_HOUR;
    minutes = (int) (value.micros() / Calendar.MICROS_PER_MINUTE % 60);
    seconds = (int) (value.micros() / Calendar.MICROS_PER_SECOND % 60);
    micros = (int) (value.micros() % Calendar.MICROS_PER_SECOND);
  }

  static String format(Interval value, TypeContext.IntervalStyle style) {
    IntervalOutput output = new IntervalOutput(value);
    switch (style) {
      case POSTGRES -> output.postgres();
      case POSTGRES_VERBOSE -> output.verbose();
      case SQL_STANDARD -> output.sqlStandard();
      case ISO_8601 -> output.iso();
    }
    return output.out.toString();
  }

  private boolean hasTime() {
    return hours != 0 || minutes != 0 || seconds != 0 || micros != 0;
  }

  private boolean timeIsNegative() {
    return hours < 0 || minutes < 0 || seconds < 0 || micros < 0;
  }

  private void clock() {
    long h = Math.abs(hours);
    if (h < 10) {
      out.append('0');
    }
    out.append(h).append(':');
    DateTimeOutput.two(out, Math.abs(minutes)).append(':');
    DateTimeOutput.two(out, Math.abs(seconds));
    DateTimeOutput.fraction(out, Math.abs(micros));
  }

  private boolean previousNegative;

  private void postgres() {
    postgresPart(years, "year");
    postgresPart(months, "mon");
    postgresPart(days, "day");
    if (out.isEmpty() || hasTime()) {
      boolean negative = timeIsNegative();
      if (!out.isEmpty()) {
        out.append(' ');
      }
      out.append(negative ? "-" : previousNegative ? "+" : "");
      clock();
    }
  }

  private void postgresPart(int value, String unit) {
    if (value == 0) {
      return;
    }
    if (!out.isEmpty()) {
      out.append(' ');
    }
    out.append(previousNegative && value > 0 ? "+" : "").append(value).append(' ').append(unit);
    out.append(value == 1 ? "" : "s");
    previousNegative = value < 0;
  }

  private boolean ago;

  private void verbose() {
    out.append('@');
    boolean zero = verbosePart(years, "year", true);
    zero = verbosePart(months, "mon", zero);
    zero = verbosePart(days, "day", zero);
    zero = verbosePart(hours, "hour", zero);
    zero = verbosePart(minutes, "min", zero);
    if (seconds != 0 || micros != 0) {
      boolean negative = seconds < 0 || micros < 0;
      if (zero) {
        ago = negative;
      }
      out.append(' ').append(negative != ago ? "-" : "").append(Math.abs(seconds));
      DateTimeOutput.fraction(out, Math.abs(micros));
      out.append(Math.abs(seconds) == 1 && micros == 0 ? " sec" : " secs");
      zero = false;
    }
    if (zero) {
      out.append(" 0");
    }
    if (ago) {
      out.append(" ago");
    }
  }

  private boolean verbosePart(long value, String unit, boolean zeroSoFar) {
    if (value == 0) {
      return zeroSoFar;
    }
    if (zeroSoFar) {
      ago = value < 0;
    }
    long shown = ago ? -value : value;
    out.append(' ').append(shown).append(' ').append(unit).append(shown == 1 ? "" : "s");
    return false;
  }

  private void sqlStandard() {
    boolean negative = years < 0 || months < 0 || days < 0 || timeIsNegative();
    boolean positive =
        years > 0
            || months > 0
            || days > 0
            || hours > 0
            || minutes > 0
            || seconds > 0
            || micros > 0;
    boolean hasYearMonth = years != 0 || months != 0;
    boolean hasDayTime = days != 0 || hasTime();
    boolean sqlValue = !(negative && positive) && !(hasYearMonth && hasDayTime);
    if (!negative && !positive) {
      out.append('0');
    } else if (!sqlValue) {
      out.append(years < 0 || months < 0 ? '-' : '+')
          .append(Math.abs(years))
          .append('-')
          .append(Math.abs(months));
      out.append(' ').append(days < 0 ? '-' : '+').append(Math.abs(days));
      out.append(' ').append(timeIsNegative() ? '-' : '+');
      sqlClock();
    } else {
      out.append(negative ? "-" : "");
      if (hasYearMonth) {
        out.append(Math.abs(years)).append('-').append(Math.abs(months));
      } else {
        if (days != 0) {
          out.append(Math.abs(days)).append(' ');
        }
        sqlClock();
      }
    }
  }

  private void sqlClock() {
    out.append(Math.abs(hours)).append(':');
    DateTimeOutput.two(out, Math.abs(minutes)).append(':');
    DateTimeOutput.two(out, Math.abs(seconds));
    DateTimeOutput.fraction(out, Math.abs(micros));
  }

  private void iso() {
    if (years == 0 && months == 0 && days == 0 && !hasTime()) {
      out.append("PT0S");
      return;
    }
    out.append('P');
    isoPart(years, 'Y');
    isoPart(months, 'M');
    isoPart(days, 'D');
    if (hasTime()) {
      out.append('T');
      isoPart(hours, 'H');
      isoPart(minutes, 'M');
      if (seconds != 0 || micros != 0) {
        out.append(seconds < 0 || micros < 0 ? "-" : "").append(Math.abs(seconds));
        DateTimeOutput.fraction(out, Math.abs(micros)).append('S');
      }
    }
  }

  private void isoPart(long value, char unit) {
    if (value != 0) {
      out.append(value).append(unit);
    }
  }
}
