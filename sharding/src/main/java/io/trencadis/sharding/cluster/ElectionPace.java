package io.trencadis.sharding.cluster;

import io.trencadis.base.Clock;
import java.util.ArrayDeque;
import java.util.Arrays;

/// For how long leaders may be silent before others are elected: as long as was asked for where
/// nodes hear of each other in time, longer where they often do not. A machine that is busy makes
/// all nodes late, and elections, which change nothing, would make it busier; with every leader
/// that changes the transactions fail that had something with it.
///
/// What counts is how late this node finds itself, and others, with what is due ten times a second.
/// One that was late once may have been stopped, or have died: several have to be late.
/// Thread-safe.
final class ElectionPace {
  /// For how long a delay is remembered, and a node that has just begun counts as slow.
  private static final long MEMORY_NANOS = 30_000_000_000L;

  /// Delays that are shorter are usual.
  private static final long USUAL_NANOS = 150_000_000;

  /// So many have to be at least as long.
  private static final int SEVERAL = 3;

  /// By how much a leader's silence has to exceed them.
  private static final int FACTOR = 4;

  /// How much longer than asked for it can get, and how much it is at the beginning.
  private static final int MOST = 5;

  private static final int AT_FIRST = 2;

  private record Delay(long at, long nanos) {}

  private final Clock clock;
  private final int askedMillis;

  /// In the order in which they were found.
  private final ArrayDeque<Delay> delays = new ArrayDeque<>();

  private long readySince;
  private boolean ready;

  /// @param askedMillis what it is where all are in time
  ElectionPace(Clock clock, int askedMillis) {
    this.clock = clock;
    this.askedMillis = askedMillis;
  }

  /// All groups have had leaders once: until then nobody waits for long for the first.
  synchronized void isReady() {
    if (!ready) {
      ready = true;
      readySince = clock.nanoTime();
    }
  }

  /// Something that is due ten times a second has come so long after the last time.
  synchronized void came(long nanos) {
    if (nanos > USUAL_NANOS) {
      delays.add(new Delay(clock.nanoTime(), nanos));
    }
  }

  /// In milliseconds: a multiple of what was asked for.
  synchronized int millis() {
    long now = clock.nanoTime();
    while (!delays.isEmpty() && now - delays.peek().at > MEMORY_NANOS) {
      delays.poll();
    }
    if (!ready) {
      return askedMillis;
    }
    long times = now - readySince < MEMORY_NANOS ? AT_FIRST : 1;
    if (delays.size() >= SEVERAL) {
      long[] sorted = delays.stream().mapToLong(Delay::nanos).sorted().toArray();
      long usual = Arrays.stream(sorted).skip(sorted.length - SEVERAL).findFirst().orElseThrow();
      long needed = FACTOR * usual / 1_000_000;
      times = Math.max(times, Math.min(MOST, (needed + askedMillis - 1) / askedMillis));
    }
    return (int) times * askedMillis;
  }
}
