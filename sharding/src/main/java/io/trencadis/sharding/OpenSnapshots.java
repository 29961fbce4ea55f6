package io.trencadis.sharding;

import io.trencadis.base.Timestamp;
import io.trencadis.storage.history.Kept;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/// Which snapshots are open, so that the horizon stays below them, and how far back the past is
/// kept for those who ask for it later. Thread-safe, lock-free.
///
/// A slot is taken with a lower bound before the snapshot's timestamp is asked for, and [#horizon]
/// reads what snapshots are taken at before it looks at the slots: a snapshot that it does not see
/// gets a timestamp no lower than what it returns.
///
/// A slot has two numbers: a bound, at or above which its owner reads, and the one time at which it
/// does. Only where they are equal does the owner read nowhere else; they differ from before a new
/// timestamp is asked for until it is known.
final class OpenSnapshots {
  private static final int SLOTS = 512;

  /// Longs a cache line apart, so that neighbours do not share one.
  private static final int STRIDE = 8;

  private static final int REFRESH_EVERY = 16;

  private final LongSupplier newest;
  private final AtomicLongArray slots = new AtomicLongArray(SLOTS * STRIDE);

  /// Snapshots for which there was no slot; while there are any, the horizon stands still.
  private final java.util.concurrent.atomic.AtomicInteger overflow =
      new java.util.concurrent.atomic.AtomicInteger();

  private final long retention;

  /// At or above every timestamp of earlier lives, whose history went with them.
  private final long started;

  /// The highest that was ever told to anybody: what lies below may be gone.
  private final AtomicLong keepHorizon;

  /// No horizon lies above this.
  private final AtomicLong looked = new AtomicLong();

  private volatile long horizon;
  private int calls;

  /// @param newest a timestamp below which no snapshot will be that is taken from now on
  /// @param retentionMillis how long the past can be read
  OpenSnapshots(LongSupplier newest, long retentionMillis) {
    this.newest = newest;
    this.retention = Timestamp.ofMillis(retentionMillis);
    this.started = newest.getAsLong();
    this.keepHorizon = new AtomicLong(started);
  }

  /// @return the slot, to be given back to [#close]
  int open() {
    int slot = claim(Math.max(1, newest.getAsLong()));
    if (slot < 0) {
      overflow.incrementAndGet();
    }
    return slot;
  }

  /// Takes a free slot, which holds the horizon back at `bound` from now on.
  ///
  /// @return -1 if there is none
  private int claim(long bound) {
    int start = (int) (Thread.currentThread().threadId() * 31) & (SLOTS - 1);
    for (int i = 0; i < SLOTS; i++) {
      int slot = ((start + i) & (SLOTS - 1)) * STRIDE;
      if (slots.get(slot) == 0 && slots.compareAndSet(slot, 0, bound)) {
        slots.setRelease(slot + 1, 0);
        return slot;
      }
    }
    return -1;
  }

  /// As [#open], for a snapshot at a timestamp that is known already: only while the horizon may
  /// not have passed it.
  ///
  /// @return as there; [Integer#MIN_VALUE] if it is too late
  int openAt(long ts) {
    int slot = claim(ts);
    // Whoever computes the horizon says from where before it looks at the slots: either it sees
    // this one, or it is seen here.
    if (slot >= 0 && looked.get() > ts) {
      close(slot);
      slot = -1;
    }
    return slot < 0 ? Integer.MIN_VALUE : slot;
  }

  /// The snapshot is about to move forward, or its owner to read at later times too.
  void unsettle(int slot) {
    if (slot >= 0) {
      slots.set(slot + 1, 0);
    }
  }

  /// The snapshot has moved forward; its owner reads at later times too.
  void raise(int slot, long ts) {
    if (slot >= 0) {
      slots.setRelease(slot, ts);
    }
  }

  /// The snapshot has moved forward, and its owner reads nowhere else.
  void settle(int slot, long ts) {
    if (slot >= 0) {
      slots.setRelease(slot + 1, ts);
      slots.setRelease(slot, ts);
    }
  }

  void close(int slot) {
    if (slot >= 0) {
      slots.setRelease(slot + 1, 0);
      slots.setRelease(slot, 0);
    } else {
      overflow.decrementAndGet();
    }
  }

  /// No snapshot lies below this, nor ever will. Recomputed now and then.
  long horizon() {
    // A lost update of the counter only shifts when it is recomputed.
    return ++calls % REFRESH_EVERY == 0 ? freshHorizon() : horizon;
  }

  /// Rows are kept as they were at this timestamp and later. At or below a [#horizon], and only
  /// grows. Recomputed when that is.
  long keepHorizon() {
    return keepHorizon.get();
  }

  /// As [#keepHorizon], recomputed now.
  long freshKeepHorizon() {
    freshHorizon();
    return keepHorizon.get();
  }

  /// Which times can still be read, as of now.
  Kept kept() {
    long last = newest.getAsLong();
    long lowest = freshKeepHorizon();
    if (overflow.get() > 0) {
      return Kept.from(lowest);
    }
    long pastFrom = Math.max(started, last - retention);
    LongStream.Builder open = LongStream.builder();
    for (int slot = 0; slot < SLOTS * STRIDE; slot += STRIDE) {
      long bound = slots.getAcquire(slot);
      if (bound != 0) {
        if (slots.getAcquire(slot + 1) == bound) {
          open.add(bound);
        } else {
          pastFrom = Math.min(pastFrom, bound);
        }
      }
    }
    long from = Math.max(lowest, pastFrom);
    return new Kept(lowest, from, open.build().sorted().distinct().toArray());
  }

  /// As [#horizon], recomputed now.
  long freshHorizon() {
    long last = newest.getAsLong();
    looked.accumulateAndGet(last, Math::max);
    long oldest = last;
    if (overflow.get() > 0) {
      return horizon;
    }
    for (int slot = 0; slot < SLOTS * STRIDE; slot += STRIDE) {
      long open = slots.getAcquire(slot);
      if (open != 0 && open < oldest) {
        oldest = open;
      }
    }
    // Another thread's older result may overwrite a newer one: lower is always safe.
    horizon = oldest;
    long kept = Math.min(oldest, Math.max(started, last - retention));
    if (kept > keepHorizon.get()) {
      keepHorizon.accumulateAndGet(kept, Math::max);
    }
    return oldest;
  }
}
