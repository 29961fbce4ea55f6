package io.trencadis.cli.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.trencadis.base.Clock;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// Runs terminals for a while, says how far they are, and reads the server's counters before and
/// after. Confined to one thread.
final class Terminals {
  private static final long IDLE_MILLIS = 1_000;

  private final HikariDataSource pool;
  private final BenchOptions options;
  private final Clock clock;
  private final PrintWriter out;

  Terminals(HikariDataSource pool, BenchOptions options, Clock clock, PrintWriter out) {
    this.pool = pool;
    this.options = options;
    this.clock = clock;
    this.out = out;
  }

  /// What was measured besides the transactions' times.
  ///
  /// @param done transactions that were over between the two looks at the counters
  /// @param spent what the server did meanwhile; null if it does not tell
  /// @param nanos between the two looks
  /// @param idle what it did in a time without clients, before
  /// @param idleNanos that time
  record Result(long done, ServerCounters spent, long nanos, ServerCounters idle, long idleNanos) {
    /// Prints what a transaction cost the server.
    void printCosts(PrintWriter out) {
      if (spent == null || done == 0) {
        out.println("The server does not count messages, nor fsyncs of its log.");
        return;
      }
      double transactions = done;
      if (spent.messages() > 0) {
        // Nodes talk to each other without clients, too: that is not the transactions'.
        double share = idle == null ? 0 : idle.messages() * (double) nanos / idleNanos;
        out.printf(
            Locale.ROOT,
            "a transaction: %.1f messages between nodes (of them %.1f that nodes send each other"
                + " anyway) of %.0f bytes together%n",
            spent.messages() / transactions,
            share / transactions,
            spent.messageBytes() / transactions);
      }
      out.printf(
          Locale.ROOT,
          "a transaction: %.2f fsyncs of logs, %.0f bytes written to logs%n",
          spent.walFsyncs() / transactions,
          spent.walBytes() / transactions);
    }
  }

  /// Runs as many terminals as the options say, and returns when all have ended.
  ///
  /// @param users who sits at each
  Result run(IntFunction<Supplier<Terminal.Transaction>> users)
      throws SQLException, InterruptedException {
    ServerCounters idle = null;
    long idleNanos = 0;
    ServerCounters first = counters();
    if (first != null && first.messages() > 0) {
      long since = clock.nanoTime();
      TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
      idle = counters().minus(first);
      idleNanos = clock.nanoTime() - since;
    }
    LongAdder done = new LongAdder();
    long begin = clock.nanoTime() + options.warmUp * 1_000_000_000L;
    long end = begin + options.duration * 1_000_000_000L;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < options.terminals; i++) {
      Terminal terminal = new Terminal(pool, users.apply(i), clock, begin, end, done);
      threads.add(Thread.ofPlatform().name("terminal-" + i).start(terminal));
    }
    sleepUntil(begin);
    ServerCounters before = counters();
    long doneBefore = done.sum();
    long looked = clock.nanoTime();
    watch(begin, end, done);
    for (Thread thread : threads) {
      thread.join();
    }
    ServerCounters after = counters();
    long nanos = clock.nanoTime() - looked;
    return new Result(
        done.sum() - doneBefore,
        after == null || before == null ? null : after.minus(before),
        nanos,
        idle,
        idleNanos);
  }

  private ServerCounters counters() throws SQLException, InterruptedException {
    return ServerCounters.read(pool);
  }

  private void sleepUntil(long when) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(Math.max(0, when - clock.nanoTime()));
  }

  private void watch(long begin, long end, LongAdder done) throws InterruptedException {
    long step = options.progress * 1_000_000_000L;
    long last = done.sum();
    for (long next = begin + step; step > 0 && next - end < 0; next += step) {
      sleepUntil(next);
      long now = done.sum();
      out.printf(
          Locale.ROOT,
          "%4d s: %d transactions, %.1f/s%n",
          (next - begin) / 1_000_000_000L,
          now,
          (now - last) * 1e9 / step);
      out.flush();
      last = now;
    }
    sleepUntil(end);
  }
}
