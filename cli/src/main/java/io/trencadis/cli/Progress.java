package io.trencadis.cli;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicLong;

/// Says on standard error what is going on, where it takes longer than a moment: every few seconds
/// a line.
final class Progress implements AutoCloseable {
  private static final int SECONDS = 3;

  private final PrintWriter to;
  private final AtomicLong count = new AtomicLong();
  private String step = "";
  private String unit = "";
  private long divisor = 1;
  private boolean closed;
  private int seconds;

  Progress(PrintWriter to) {
    this.to = to;
    Thread.ofPlatform().daemon().name("progress").start(this::run);
  }

  /// The next thing begins.
  ///
  /// @param counted what [#add] counts, in units of `size`; empty for nothing
  synchronized void step(String what, String counted, long size) {
    step = what;
    unit = counted;
    divisor = size;
    count.set(0);
    seconds = 0;
  }

  void add(long more) {
    count.addAndGet(more);
  }

  private synchronized void run() {
    try {
      while (!closed) {
        wait(1000L * SECONDS);
        seconds += SECONDS;
        if (!closed && !step.isEmpty()) {
          String done = unit.isEmpty() ? "" : ": " + count.get() / divisor + " " + unit;
          to.println("trencadis: " + step + done + " (" + seconds + " s)");
          to.flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
