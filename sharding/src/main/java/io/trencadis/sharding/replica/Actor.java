package io.trencadis.sharding.replica;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Runs tasks one at a time, in the order they come, on the threads of those who bring them:
/// whoever finds nobody inside runs what is there. Thread-safe; a task that brings another has it
/// run after itself. A task that throws ends neither those behind it nor this: what it has thrown
/// comes to whoever ran it, when all that is there has run.
final class Actor {
  private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean inside = new AtomicBoolean();
  private final AtomicInteger waiting = new AtomicInteger();

  void submit(Runnable task) {
    waiting.incrementAndGet();
    mailbox.add(task);
    // Looks again after leaving: a task may have come while this thread still stood inside.
    Thrown thrown = new Thrown();
    while (!mailbox.isEmpty() && inside.compareAndSet(false, true)) {
      try {
        for (Runnable next = mailbox.poll(); next != null; next = mailbox.poll()) {
          waiting.decrementAndGet();
          thrown.by(next);
        }
      } finally {
        inside.set(false);
      }
    }
    thrown.again();
  }

  /// How many tasks wait, roughly.
  int waiting() {
    return waiting.get();
  }
}
