package io.trencadis.wire.connection;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The connections that have a session or are getting one, by process id: for the limit on their
/// number, for cancel requests and for shutting down. Thread-safe.
public final class Connections {
  private final int limit;
  private final SecureRandom random;
  private final ConcurrentHashMap<Integer, Connection> byProcessId = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();
  private int count;
  private int lastProcessId;
  private boolean closing;
  private boolean hurried;
  private final WireCounters counters = new WireCounters();

  public Connections(int limit, SecureRandom random) {
    this(limit, 1, random);
  }

  /// @param firstProcessId where process ids begin
  public Connections(int limit, int firstProcessId, SecureRandom random) {
    this.limit = limit;
    this.lastProcessId = firstProcessId - 1;
    this.random = random;
  }

  /// What they have done.
  public WireCounters counters() {
    return counters;
  }

  /// Lets a connection in and gives it a process id and a secret key.
  ///
  /// @throws SqlException 53300 if there are too many, 57P03 if the server is shutting down
  void admit(Connection connection) {
    lock.lock();
    try {
      if (closing) {
        counters.refused.increment();
        throw new SqlException(SqlState.CANNOT_CONNECT_NOW, "the database system is shutting down");
      }
      if (count >= limit) {
        counters.refused.increment();
        throw new SqlException(SqlState.TOO_MANY_CONNECTIONS, "sorry, too many clients already");
      }
      count++;
      counters.admitted.increment();
      do {
        lastProcessId = lastProcessId == Integer.MAX_VALUE ? 1 : lastProcessId + 1;
      } while (byProcessId.containsKey(lastProcessId));
      connection.identify(lastProcessId, random.nextInt());
      byProcessId.put(lastProcessId, connection);
    } finally {
      lock.unlock();
    }
  }

  /// The counterpart of [#admit].
  void leave(Connection connection) {
    if (byProcessId.remove(connection.processId(), connection)) {
      lock.lock();
      try {
        count--;
        left.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /// Cancels the statement of the connection with this process id, if the key is its key.
  void cancel(int processId, int secretKey) {
    Connection connection = byProcessId.get(processId);
    if (connection != null
        && MessageDigest.isEqual(bytes(connection.secretKey()), bytes(secretKey))) {
      connection.cancel(
          new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to user request"));
    }
  }

  private static byte[] bytes(int key) {
    return new byte[] {(byte) (key >>> 24), (byte) (key >>> 16), (byte) (key >>> 8), (byte) key};
  }

  /// How many there are.
  public int count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /// Lets nobody in any more, ends sessions as soon as they have neither a statement nor a
  /// transaction, and waits until all have ended, at most so long; less once [#hurry] is called.
  ///
  /// @return whether they have
  public boolean drain(long waitMillis) throws InterruptedException {
    close().forEach(connection -> connection.stopWhenIdle(endOfServer()));
    return awaitNone(waitMillis, true);
  }

  /// Has [#drain] wait no longer.
  public void hurry() {
    lock.lock();
    try {
      hurried = true;
      left.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Lets nobody in any more, tells all sessions to end, and waits until they have.
  ///
  /// @return whether they have
  public boolean shutDown(long waitMillis) throws InterruptedException {
    close().forEach(connection -> connection.stop(endOfServer()));
    return awaitNone(waitMillis, false);
  }

  private static SqlException endOfServer() {
    return new SqlException(
            SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command")
        .asFatal();
  }

  /// From now on nobody is let in.
  ///
  /// @return those who are in
  private List<Connection> close() {
    lock.lock();
    try {
      closing = true;
      return List.copyOf(byProcessId.values());
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitNone(long waitMillis, boolean unlessHurried) throws InterruptedException {
    long remaining = TimeUnit.MILLISECONDS.toNanos(waitMillis);
    lock.lock();
    try {
      while (count > 0 && remaining > 0 && !(unlessHurried && hurried)) {
        remaining = left.awaitNanos(remaining);
      }
      return count == 0;
    } finally {
      lock.unlock();
    }
  }
}
