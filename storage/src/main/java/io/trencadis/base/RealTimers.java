package io.trencadis.base;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// One daemon thread that runs whatever is due.
final class RealTimers implements Timers {
  private static final System.Logger LOG = System.getLogger(RealTimers.class.getName());

  private final ScheduledThreadPoolExecutor executor;

  RealTimers() {
    executor =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("timers").unstarted(task));
    executor.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Timer after(long delayMillis, Runnable task) {
    ScheduledFuture<?> pending =
        executor.schedule(() -> run(task), delayMillis, TimeUnit.MILLISECONDS);
    return () -> pending.cancel(false);
  }

  /// The executor would keep a failure to itself.
  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error failure) {
      LOG.log(System.Logger.Level.ERROR, "something that was due has failed", failure);
      throw failure;
    }
  }
}
