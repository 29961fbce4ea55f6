package io.trencadis.txn.oracle;

import io.trencadis.base.Clock;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.base.Timestamp;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Hands out timestamps, each greater than all before. Thread-safe: the one machine of the protocol
/// that may be called from any thread, because it is one atomic number.
///
/// Invariants: `last` only grows; a timestamp is computed inside the call that asks for it; none is
/// handed out above the bound that would survive a crash, so that the next life starts above all of
/// them (rule 2). The clock only keeps timestamps near the time of day, for people and for
/// retention; a clock that jumps harms nothing.
///
/// @see "Peng and Dabek, Large-scale Incremental Processing, OSDI 2010, section 2.3"
public final class TimestampOracle {
  /// Where the bound is kept.
  public interface BoundKeeper {
    /// Makes a higher bound durable.
    ///
    /// @param outcome is given null then, or why that is impossible: within the call or later, on
    ///   any thread. After a failure the node stops
    void raise(long bound, Consumer<Exception> outcome);
  }

  /// How far ahead of what it hands out the bound is raised, and from how close to it: in
  /// milliseconds.
  private static final long AHEAD_MILLIS = 10_000;

  private static final long CLOSE_MILLIS = 5_000;

  private final Clock clock;
  private final BoundKeeper keeper;
  private final AtomicLong last;
  private volatile long bound;

  /// Why the bound will never be raised again; null while it can be.
  private Exception broken;

  private final AtomicLong asked = new AtomicLong();

  /// An oracle whose data does not outlive it either.
  public TimestampOracle(Clock clock, long after) {
    this(clock, after, null);
  }

  /// @param after every timestamp handed out will be greater than this one: the bound that an
  ///   earlier life kept
  /// @param keeper null if there is no later life to keep anything for
  public TimestampOracle(Clock clock, long after, BoundKeeper keeper) {
    this.clock = clock;
    this.keeper = keeper;
    this.last = new AtomicLong(after);
    this.bound = keeper == null ? Long.MAX_VALUE : after;
  }

  /// The next timestamp; see [Timestamp] for its layout. Waits for the disk if it comes to the
  /// bound, which it does after hours of silence.
  public long next() {
    long wall = Timestamp.ofMillis(clock.currentMillis());
    while (true) {
      long seen = last.get();
      long next = Math.max(wall, seen + 1);
      if (next + Timestamp.ofMillis(CLOSE_MILLIS) > bound) {
        raise(next);
      }
      if (last.compareAndSet(seen, next)) {
        return next;
      }
    }
  }

  private void raise(long next) {
    if (keeper == null) {
      return;
    }
    long higher = next + Timestamp.ofMillis(AHEAD_MILLIS);
    long before = asked.get();
    if (next + Timestamp.ofMillis(CLOSE_MILLIS) > before && asked.compareAndSet(before, higher)) {
      keeper.raise(higher, failure -> raised(higher, failure));
    }
    if (next > bound) {
      awaitBound(next);
    }
  }

  private synchronized void raised(long durable, Exception failure) {
    if (failure == null) {
      bound = Math.max(bound, durable);
    } else {
      broken = failure;
    }
    notifyAll();
  }

  private synchronized void awaitBound(long needed) {
    boolean interrupted = false;
    while (bound < needed) {
      if (broken != null) {
        throw new SqlException(
            SqlState.IO_ERROR, "the timestamp bound cannot be written: " + broken.getMessage());
      }
      try {
        wait();
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// The bound that is durable: what a later life has to start above, unless this one says better.
  public long bound() {
    return bound;
  }

  /// The last one handed out: a lower bound for whatever is asked for from now on. Not itself
  /// issued to the caller, so no snapshot may be read at it.
  public long last() {
    return last.get();
  }
}
