package io.trencadis.txn.oracle;

import io.trencadis.base.Clock;
import io.trencadis.base.Timestamp;
import java.util.concurrent.atomic.AtomicLong;

/// Hands out timestamps, each greater than all before. Thread-safe: the one machine of the protocol
/// that may be called from any thread, because it is one atomic number.
///
/// Invariants: `last` only grows; a timestamp is computed inside the call that asks for it. The
/// clock only keeps timestamps near the time of day, for people and for retention; a clock that
/// jumps harms nothing.
///
/// @see "Peng and Dabek, Large-scale Incremental Processing, OSDI 2010, section 2.3"
public final class TimestampOracle {
  private final Clock clock;
  private final AtomicLong last;

  /// @param after every timestamp handed out will be greater than this one: the bound an earlier
  ///   life persisted
  public TimestampOracle(Clock clock, long after) {
    this.clock = clock;
    this.last = new AtomicLong(after);
  }

  /// The next timestamp; see [Timestamp] for its layout.
  public long next() {
    long wall = Timestamp.ofMillis(clock.currentMillis());
    while (true) {
      long seen = last.get();
      long next = Math.max(wall, seen + 1);
      if (last.compareAndSet(seen, next)) {
        return next;
      }
    }
  }

  /// The last one handed out: a lower bound for whatever is asked for from now on. Not itself
  /// issued to the caller, so no snapshot may be read at it.
  public long last() {
    return last.get();
  }
}
