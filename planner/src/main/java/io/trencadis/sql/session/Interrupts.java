package io.trencadis.sql.session;

import io.trencadis.base.Clock;
import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.base.Timers;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.session.settings.SessionSettings;
import io.trencadis.txn.lock.Wanted;
import java.util.List;
import java.util.function.Function;

/// How a session's running statement is stopped: by a cancel request, by `statement_timeout`, by
/// the server's end. Requests come from any thread; the statement's own thread finds them when it
/// looks, and a thread that waits is woken by an interrupt.
final class Interrupts implements WaitPolicy, Execution.Interrupts {
  private final SessionSettings settings;
  private final Timers timers;
  private final Clock clock;
  private final EngineCounters counters;
  private final Function<List<Wanted.Wait>, String> deadlocks;
  private final Object lock = new Object();
  private SqlException request;
  private Thread runner;
  private long statement;
  private Timers.Timer timeout;
  private volatile boolean pending;
  private boolean mayBlock = true;

  /// From the first message of the extended protocol to Sync: between two messages no statement
  /// runs, but for the client one does.
  private boolean exchange;

  private long idleGeneration = -1;
  private long idleMillis;
  private long idleInTransactionMillis;
  private boolean changesSchema;
  private volatile boolean waits;
  private long waitBegan;

  /// @param deadlocks describes a deadlock
  /// @param counters get how long waits last
  Interrupts(
      SessionSettings settings,
      Outside outside,
      Function<List<Wanted.Wait>, String> deadlocks,
      EngineCounters counters) {
    this.deadlocks = deadlocks;
    this.settings = settings;
    this.timers = outside.timers();
    this.clock = outside.clock();
    this.counters = counters;
  }

  void mayBlock(boolean allowed) {
    mayBlock = allowed;
  }

  /// A statement begins on this thread.
  void begin() {
    long millis = settings.getLong("statement_timeout");
    synchronized (lock) {
      runner = Thread.currentThread();
      exchange = false;
      if (pending) {
        runner.interrupt();
      }
      statement++;
      if (millis > 0) {
        long number = statement;
        timeout =
            timers.after(
                millis,
                () ->
                    request(
                        new SqlException(
                            SqlState.QUERY_CANCELED,
                            "canceling statement due to statement timeout"),
                        number));
      }
    }
  }

  /// A message of the extended protocol was carried out. What asks for a stop before Sync stops the
  /// next message.
  void pause() {
    synchronized (lock) {
      stopRunning();
      exchange = true;
    }
    Thread.interrupted();
  }

  private void stopRunning() {
    runner = null;
    if (timeout != null) {
      timeout.cancel();
      timeout = null;
    }
  }

  /// The statement is over: a request that comes now is too late for it.
  void end() {
    synchronized (lock) {
      stopRunning();
      exchange = false;
      if (request != null && !request.fatal()) {
        request = null;
        pending = false;
      }
    }
    Thread.interrupted();
  }

  /// Asks the running statement, if any, to stop; a fatal reason waits for the next one.
  void request(SqlException reason) {
    request(reason, -1);
  }

  private void request(SqlException reason, long onlyStatement) {
    synchronized (lock) {
      if (onlyStatement >= 0 && onlyStatement != statement) {
        return;
      }
      if (runner == null && !exchange && !reason.fatal()) {
        return;
      }
      request = reason;
      pending = true;
      if (runner != null) {
        runner.interrupt();
      }
    }
  }

  @Override
  public void check() {
    if (pending) {
      SqlException reason;
      synchronized (lock) {
        reason = request;
        if (reason != null && !reason.fatal()) {
          request = null;
          pending = false;
        }
      }
      Thread.interrupted();
      if (reason != null) {
        throw reason;
      }
    }
  }

  @Override
  public boolean mayBlock() {
    return mayBlock;
  }

  @Override
  public void checkInterrupts() {
    check();
  }

  @Override
  public String deadlockDetail(List<Wanted.Wait> circle) {
    return deadlocks.apply(circle);
  }

  @Override
  public long lockTimeoutMillis() {
    return settings.getLong("lock_timeout");
  }

  /// `idle_in_transaction_session_timeout` or `idle_session_timeout`, in milliseconds; 0 for none.
  long idleTimeoutMillis(boolean inTransaction) {
    if (idleGeneration != settings.generation()) {
      idleGeneration = settings.generation();
      idleMillis = settings.getLong("idle_session_timeout");
      idleInTransactionMillis = settings.getLong("idle_in_transaction_session_timeout");
    }
    return inTransaction ? idleInTransactionMillis : idleMillis;
  }

  @Override
  public boolean waitsForDurability() {
    return changesSchema || !settings.get("synchronous_commit").equals("off");
  }

  @Override
  public void waits(boolean begins) {
    if (begins) {
      waitBegan = clock.nanoTime();
    } else if (waits) {
      counters.waits.add(clock.nanoTime() - waitBegan);
    }
    waits = begins;
  }

  /// Whether the statement waits for another transaction. Any thread may ask.
  boolean waits() {
    return waits;
  }

  /// Whether the transaction about to commit changes the catalog: others see that at once, so it
  /// waits for the disk whatever the session says.
  void changesSchema(boolean changes) {
    changesSchema = changes;
  }
}
