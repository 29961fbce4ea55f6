package io.trencadis.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// Clients of all nodes of a cluster, which go to another node when theirs is gone, and note when
/// they got on last.
abstract class ClusterClients {
  private static final int WAIT_SECONDS = 180;
  private static final long LOOK_NANOS = 5_000_000;

  /// What a client may be told of a transaction that has not happened: to try again, or that
  /// somebody has held a lock for too long.
  private static final Set<String> REFUSED = Set.of("40001", "40P01", "55P03");

  /// What became of a transaction, as its client knows.
  enum Outcome {
    COMMITTED,
    FAILED,
    UNKNOWN
  }

  private final ClusterProcesses cluster;
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicReference<String> fault = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(true);
  private final AtomicLongArray progress;
  private final AtomicLong anyProgress = new AtomicLong();
  private final AtomicLong longestSilence = new AtomicLong();
  private volatile boolean stop;

  ClusterClients(ClusterProcesses cluster, int clients) {
    this.cluster = cluster;
    this.progress = new AtomicLongArray(clients);
  }

  /// Makes the tables.
  abstract void create() throws SQLException;

  /// One transaction, but for its commit.
  abstract void steps(Statement statement, long id, Random random) throws SQLException;

  /// What became of it.
  abstract void ended(long id, Outcome outcome);

  /// What is wrong by what has been noted and what a node shows; null for nothing.
  abstract String judge(int node) throws SQLException;

  final ClusterProcesses cluster() {
    return cluster;
  }

  final void wrong(String what) {
    fault.compareAndSet(null, what);
  }

  final String fault() {
    return fault.get();
  }

  final void begin(long seed) {
    anyProgress.set(System.nanoTime());
    for (int client = 0; client < progress.length(); client++) {
      int number = client;
      Random random = new Random(seed * 31 + client);
      threads.add(Thread.ofPlatform().name("client-" + client).start(() -> run(number, random)));
    }
  }

  final void end() throws InterruptedException {
    stop = true;
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
      if (thread.isAlive()) {
        AssertionError stuck = new AssertionError(thread.getName() + " does not end");
        stuck.setStackTrace(thread.getStackTrace());
        throw stuck;
      }
    }
  }

  private void run(int client, Random random) {
    for (int node = client % ClusterProcesses.NODES;
        !stop;
        node = (node + 1) % ClusterProcesses.NODES) {
      try (Connection connection = cluster.connect(node);
          Statement statement = connection.createStatement()) {
        statement.execute("SET lock_timeout = '10s'");
        while (!stop) {
          gate.readLock().lock();
          try {
            transaction(statement, client, random);
          } finally {
            gate.readLock().unlock();
          }
        }
      } catch (SQLException lost) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  private void transaction(Statement statement, int client, Random random) throws SQLException {
    long id = numbers.incrementAndGet();
    boolean committing = false;
    try {
      steps(statement, id, random);
      committing = true;
      statement.execute("COMMIT");
      ended(id, Outcome.COMMITTED);
      long now = System.nanoTime();
      progress.set(client, now);
      long before = anyProgress.getAndSet(now);
      longestSilence.accumulateAndGet(now - before, Math::max);
    } catch (SQLException e) {
      boolean lost = e.getSQLState().startsWith("08") || e.getSQLState().startsWith("57P");
      ended(id, lost && committing ? Outcome.UNKNOWN : Outcome.FAILED);
      if (lost) {
        throw e;
      }
      if (!REFUSED.contains(e.getSQLState())) {
        wrong("T" + id + ": " + e + " (" + e.getSQLState() + ")");
      }
      statement.execute("ROLLBACK");
    }
  }

  /// Forgets how long nobody has got on until now.
  final void forgetSilence() {
    longestSilence.set(0);
  }

  /// The longest time in which no client has got on, in milliseconds.
  final long silenceMillis() {
    return TimeUnit.NANOSECONDS.toMillis(
        Math.max(longestSilence.get(), System.nanoTime() - anyProgress.get()));
  }

  /// Waits until all clients, or those of the nodes that are up, have got on.
  ///
  /// @return how long the slowest of them took from `since` on, in milliseconds
  final long awaitProgress(long since) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    long slowest = 0;
    for (int client = 0; client < progress.length(); client++) {
      while (progress.get(client) - since < 0) {
        if (System.nanoTime() > end || fault.get() != null) {
          throw new AssertionError(
              "client " + client + " does not get on within " + WAIT_SECONDS + " s; " + fault);
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
      slowest = Math.max(slowest, progress.get(client) - since);
    }
    return TimeUnit.NANOSECONDS.toMillis(slowest);
  }

  /// Does something while no transaction is open.
  final String quiet(Judgement judgement) throws Exception {
    if (!gate.writeLock().tryLock(WAIT_SECONDS, TimeUnit.SECONDS)) {
      return "a transaction does not end within " + WAIT_SECONDS + " s";
    }
    try {
      return judgement.judge();
    } finally {
      gate.writeLock().unlock();
      anyProgress.set(System.nanoTime());
    }
  }

  /// Looks at what there is.
  interface Judgement {
    /// @return what is wrong; null for nothing
    String judge() throws Exception;
  }
}
