package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// Clients of a cluster of containers that write one row after the other, each until it is told
/// that the row is there: what fails is tried again through another node, and has to succeed then.
final class WritingClients implements AutoCloseable {
  /// For whatever the machine may be busy with.
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(180);

  /// Before a client tries again.
  private static final long PAUSE_MILLIS = 20;

  /// Opens a connection.
  interface Source {
    /// @param attempt another one each time a client needs another node
    Connection connect(int attempt) throws SQLException;
  }

  interface Condition {
    boolean holds() throws SQLException;
  }

  private final Source source;
  private final Consumer<String> say;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger written = new AtomicInteger();
  private final AtomicInteger retried = new AtomicInteger();
  private final AtomicReference<String> fault = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stop;

  /// Begins at once, with the tables of [#createTables].
  ///
  /// @param say takes a line about what was reached
  WritingClients(int clients, Source source, Consumer<String> say) {
    this.source = source;
    this.say = say;
    for (int client = 0; client < clients; client++) {
      int first = client;
      threads.add(Thread.ofPlatform().daemon().start(() -> work(first)));
    }
  }

  /// As many rows in one as are counted in the other.
  static void createTables(Statement statement) throws SQLException {
    statement.execute("CREATE TABLE tile (id int PRIMARY KEY, colour text)");
    statement.execute("CREATE TABLE painted (part int PRIMARY KEY, n int)");
    statement.execute("INSERT INTO painted SELECT g, 0 FROM generate_series(0, 15) g");
  }

  /// Returns when a condition holds that may not be asked for at times; fails after minutes.
  static void await(String what, Condition condition) throws InterruptedException {
    long end = System.nanoTime() + WAIT_NANOS;
    SQLException last = null;
    while (System.nanoTime() < end) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (SQLException notYet) {
        last = notYet;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("not in time: " + what, last);
  }

  private void work(int first) {
    try {
      writeRows(first);
    } catch (InterruptedException ended) {
      fault.compareAndSet(null, "interrupted");
    }
  }

  private void writeRows(int first) throws InterruptedException {
    for (int attempt = first; !stop; ) {
      int id = next.incrementAndGet();
      long end = System.nanoTime() + WAIT_NANOS;
      while (!write(attempt, id)) {
        // To any other node, with another connection.
        attempt++;
        retried.incrementAndGet();
        Thread.sleep(PAUSE_MILLIS);
        if (System.nanoTime() > end) {
          fault.compareAndSet(null, "row " + id + " is not written, however often it is tried");
          return;
        }
      }
      written.incrementAndGet();
    }
  }

  private boolean write(int attempt, int id) {
    try (Connection connection = source.connect(attempt);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO tile VALUES (" + id + ", 'colour " + id + "')");
      statement.execute("UPDATE painted SET n = n + 1 WHERE part = " + id % 16);
      connection.commit();
      return true;
    } catch (SQLException failed) {
      String state = failed.getSQLState();
      if ("23505".equals(state)) {
        // The try before had committed, and nobody could say so.
        return true;
      }
      if (!state.startsWith("08") && !state.startsWith("57P") && !state.equals("40001")) {
        fault.compareAndSet(null, "row " + id + ": " + failed + " (" + state + ")");
      }
      return false;
    }
  }

  /// Returns when twenty more rows are written; fails if something else went wrong than what a
  /// retry heals.
  void awaitProgress(String what) throws InterruptedException {
    int before = written.get();
    await(what, () -> fault.get() != null || written.get() >= before + 20);
    assertEquals(null, fault.get());
    say.accept(what + ": " + written + " rows written, " + retried + " tries again");
  }

  /// What a retry did not heal; null if there was nothing like that.
  String fault() {
    return fault.get();
  }

  int written() {
    return written.get();
  }

  int retried() {
    return retried.get();
  }

  /// Nobody goes on when the test has failed.
  @Override
  public void close() {
    stop = true;
  }

  /// Returns when each client has written its last row.
  void end() throws InterruptedException {
    stop = true;
    for (Thread thread : threads) {
      thread.join(TimeUnit.NANOSECONDS.toMillis(WAIT_NANOS));
    }
  }
}
