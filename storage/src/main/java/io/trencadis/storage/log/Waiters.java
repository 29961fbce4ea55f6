package io.trencadis.storage.log;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// Who waits for a position to become durable: one node each, pushed without a lock, taken over by
/// the log's thread.
final class Waiters {
  private static final class Waiter {
    final long position;
    final Thread thread;
    final DurableAction action;
    Waiter next;

    Waiter(long position, Thread thread, DurableAction action) {
      this.position = position;
      this.thread = thread;
      this.action = action;
    }
  }

  private final AtomicReference<Waiter> arrived = new AtomicReference<>();

  /// Those taken over whose time has not come, oldest first.
  private Waiter first;

  private Waiter last;

  /// Any thread: the current one is going to park.
  void add(long position, Thread thread) {
    push(new Waiter(position, thread, null));
  }

  /// Any thread.
  void add(long position, DurableAction action) {
    push(new Waiter(position, null, action));
  }

  private void push(Waiter waiter) {
    Waiter top;
    do {
      top = arrived.get();
      waiter.next = top;
    } while (!arrived.compareAndSet(top, waiter));
  }

  /// Any thread: whether somebody came since the last call of [#release].
  boolean arrivals() {
    return arrived.get() != null;
  }

  /// The log's thread: lets everybody go whose position is durable, or all if the log failed, in
  /// the order they came.
  ///
  /// @return what an action threw, or null
  Throwable release(long durable, LogFailedException failure) {
    takeOver();
    Throwable thrown = null;
    Waiter keptLast = null;
    Waiter waiter = first;
    first = null;
    while (waiter != null) {
      Waiter next = waiter.next;
      if (waiter.position > durable && failure == null) {
        waiter.next = null;
        if (keptLast == null) {
          first = waiter;
        } else {
          keptLast.next = waiter;
        }
        keptLast = waiter;
      } else if (waiter.thread != null) {
        LockSupport.unpark(waiter.thread);
      } else {
        try {
          waiter.action.done(waiter.position <= durable ? null : failure);
        } catch (RuntimeException | Error fault) {
          thrown = fault;
        }
      }
      waiter = next;
    }
    last = keptLast;
    return thrown;
  }

  private void takeOver() {
    Waiter newest = arrived.getAndSet(null);
    Waiter oldest = null;
    Waiter end = newest;
    while (newest != null) {
      Waiter next = newest.next;
      newest.next = oldest;
      oldest = newest;
      newest = next;
    }
    if (oldest == null) {
      return;
    }
    if (first == null) {
      first = oldest;
    } else {
      last.next = oldest;
    }
    last = end;
  }
}
