package io.trencadis.sql.types;

/// A span of time in three parts that do not convert into one another exactly.
public record Interval(int months, int days, long micros) implements Comparable<Interval> {
  public static final Interval ZERO = new Interval(0, 0, 0);
  public static final long MICROS_PER_DAY = 86_400_000_000L;

  /// Whole days of the span that comparisons use, in which a month has 30 days and a day 24 hours.
  /// It may exceed 64 bits of microseconds, hence two parts.
  public long spanDays() {
    return months * 30L + days + Math.floorDiv(micros, MICROS_PER_DAY);
  }

  /// What [#spanDays] leaves, 0 to one day.
  public long spanMicros() {
    return Math.floorMod(micros, MICROS_PER_DAY);
  }

  /// PostgreSQL's order: `1 mon` equals `30 days` although [#equals] tells them apart.
  @Override
  public int compareTo(Interval other) {
    int byDays = Long.compare(spanDays(), other.spanDays());
    return byDays != 0 ? byDays : Long.compare(spanMicros(), other.spanMicros());
  }
}
