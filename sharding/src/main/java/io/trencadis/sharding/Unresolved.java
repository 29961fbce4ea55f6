package io.trencadis.sharding;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/// Which decisions may be in the log but not yet in every shard's store, so that a flush knows what
/// it covers. Thread-safe, lock-free.
///
/// Whoever is about to append a decision enters with the log's end, and leaves once all shards have
/// been sent the outcome. [#coveredBelow] reads the log's end before it looks at the places: a
/// record that it does not see begins at or after that end.
final class Unresolved {
  private static final int PLACES = 512;

  /// Longs a cache line apart, so that neighbours do not share one.
  private static final int STRIDE = 8;

  private static final long FREE = -1;

  private final LongSupplier logEnd;
  private final AtomicLongArray places = new AtomicLongArray(PLACES * STRIDE);

  /// Decisions for which there was no place; while there are any, nothing new is covered.
  private final AtomicInteger overflow = new AtomicInteger();

  private volatile long covered;

  /// @param logEnd where the next record begins at the earliest
  Unresolved(LongSupplier logEnd) {
    this.logEnd = logEnd;
    for (int i = 0; i < PLACES; i++) {
      places.set(i * STRIDE, FREE);
    }
  }

  /// @return the place, to be given back to [#leave]
  int enter() {
    long end = logEnd.getAsLong();
    int start = (int) (Thread.currentThread().threadId() * 31) & (PLACES - 1);
    for (int i = 0; i < PLACES; i++) {
      int place = ((start + i) & (PLACES - 1)) * STRIDE;
      if (places.get(place) == FREE && places.compareAndSet(place, FREE, end)) {
        return place;
      }
    }
    overflow.incrementAndGet();
    return -1;
  }

  void leave(int place) {
    if (place >= 0) {
      places.setRelease(place, FREE);
    } else {
      overflow.decrementAndGet();
    }
  }

  /// A position below which every record's outcome has been sent to all its shards; what is sent to
  /// them from now on comes after that.
  synchronized long coveredBelow() {
    long end = logEnd.getAsLong();
    if (overflow.get() > 0) {
      return covered;
    }
    for (int place = 0; place < PLACES * STRIDE; place += STRIDE) {
      long entered = places.get(place);
      if (entered != FREE && entered < end) {
        end = entered;
      }
    }
    covered = Math.max(covered, end);
    return covered;
  }
}
