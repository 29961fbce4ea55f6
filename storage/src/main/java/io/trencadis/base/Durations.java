package io.trencadis.base;

import java.util.concurrent.atomic.LongAdder;

/// How often something took how long: counts by fixed bounds, and a sum. To note one costs two
/// additions and takes no lock. Thread-safe; the counts read at one moment may differ by what is
/// being noted then.
public final class Durations {
  /// Upper bounds, from 50 µs to 10 s; what takes longer is counted behind the last.
  private static final long[] BOUNDS_MICROS = {
    50,
    100,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000
  };

  private final LongAdder[] counts = new LongAdder[BOUNDS_MICROS.length + 1];
  private final LongAdder nanos = new LongAdder();

  public Durations() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /// Notes one. A clock that was set back makes no negative ones.
  ///
  /// @param elapsedNanos how long it took
  public void add(long elapsedNanos) {
    long taken = Math.max(0, elapsedNanos);
    int bucket = 0;
    while (bucket < BOUNDS_MICROS.length && taken > BOUNDS_MICROS[bucket] * 1_000) {
      bucket++;
    }
    counts[bucket].increment();
    nanos.add(taken);
  }

  /// The upper bounds in seconds, ascending; infinity is last.
  public static double[] boundsSeconds() {
    double[] bounds = new double[BOUNDS_MICROS.length + 1];
    for (int i = 0; i < BOUNDS_MICROS.length; i++) {
      bounds[i] = BOUNDS_MICROS[i] / 1e6;
    }
    bounds[BOUNDS_MICROS.length] = Double.POSITIVE_INFINITY;
    return bounds;
  }

  /// How many fell between each bound, which belongs to it, and the one before.
  public long[] counts() {
    long[] sums = new long[counts.length];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = counts[i].sum();
    }
    return sums;
  }

  /// How many there were.
  public long count() {
    long all = 0;
    for (LongAdder each : counts) {
      all += each.sum();
    }
    return all;
  }

  /// What they took together.
  public double totalSeconds() {
    return nanos.sum() / 1e9;
  }
}
