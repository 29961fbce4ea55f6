package io.trencadis.sharding.replica;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Runs tasks one at a time, in the order they come, on the threads of those who bring them:
/// whoever finds nobody inside runs what is there. Thread-safe; a task that brings another has it
/// run after itself.
final class Actor {
  private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean inside = new AtomicBoolean();
  private final AtomicInteger waiting = new AtomicInteger();

  void submit(Runnable task) {
    waiting.incrementAndGet();
    mailbox.add(task);
    // Looks again after leaving: a task may have come while this thread still stood inside.
    while (!mailbox.isEmpty() && inside.compareAndSet(false, true)) {
      try {
        for (Runnable next = mailbox.poll(); next != null; next = mailbox.poll()) {
          waiting.decrementAndGet();
          next.run();
        }
      } finally {
        inside.set(false);
      }
    }
  }

  /// How many tasks wait, roughly.
  int waiting() {
    return waiting.get();
  }
}
