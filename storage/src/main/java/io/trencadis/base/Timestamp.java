package io.trencadis.base;

/// Timestamps of the one oracle: 46 bits of milliseconds since 1970 UTC, then an 18-bit counter.
/// They are passed as bare longs on hot paths; this class names their layout and special values.
public final class Timestamp {
  /// Before every timestamp that was ever issued; never issued itself.
  public static final long NONE = 0;

  /// After every timestamp that will ever be issued; never issued itself.
  public static final long MAX = Long.MAX_VALUE;

  private static final int COUNTER_BITS = 18;

  private Timestamp() {}

  /// The first timestamp of a millisecond.
  public static long ofMillis(long millis) {
    return millis << COUNTER_BITS;
  }

  /// The millisecond part.
  public static long millis(long timestamp) {
    return timestamp >>> COUNTER_BITS;
  }

  /// Milliseconds and counter, for logs and messages.
  public static String toString(long timestamp) {
    return millis(timestamp) + "." + (timestamp & ((1L << COUNTER_BITS) - 1));
  }
}
