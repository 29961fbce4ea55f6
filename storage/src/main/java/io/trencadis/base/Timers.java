package io.trencadis.base;

/// Runs things later. Thread-safe.
public interface Timers {
  /// Runs `task` once, `delayMillis` from now or somewhat later, on a thread that it must not keep:
  /// a task that may block hands itself over.
  Timer after(long delayMillis, Runnable task);

  /// One pending task.
  interface Timer {
    /// Keeps the task from running, unless it has begun.
    void cancel();
  }
}
