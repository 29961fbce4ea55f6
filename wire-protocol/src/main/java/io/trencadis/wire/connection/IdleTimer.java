package io.trencadis.wire.connection;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Ends a session whose client is silent for too long. A client that goes on working costs no timer
/// for each of its requests: the one timer, when it runs out, looks whether the client has been
/// silent since, and is set again for the rest of the time if not for long enough.
///
/// [#begin] is called by whoever has the turn (see [Mailbox]), [#end] by them and by the event
/// loop; the timer runs on the event loop.
final class IdleTimer {
  /// @param due when it has lasted too long, by the event loop's clock
  private record Silence(long due, boolean inTransaction) {}

  private final EventExecutor loop;

  /// The event loop's own clock.
  private final Ticker ticker = Ticker.systemTicker();

  private final Consumer<SqlException> tooLong;
  private volatile Silence silence;
  private volatile Timeout timeout;
  private volatile boolean closed;

  /// A timer that is set.
  private record Timeout(long due, Future<?> future) {}

  /// @param tooLong told on the event loop why the session has to end
  IdleTimer(EventExecutor loop, Consumer<SqlException> tooLong) {
    this.loop = loop;
    this.tooLong = tooLong;
  }

  /// The client has its answers, and it is its turn now.
  ///
  /// @param millis how long it may take; 0 for as long as it likes
  void begin(long millis, boolean inTransaction) {
    if (millis > 0) {
      long due = ticker.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      silence = new Silence(due, inTransaction);
      Timeout set = timeout;
      if (set == null || due - set.due < 0) {
        set(due);
      }
    }
  }

  /// The client has sent something.
  void end() {
    if (silence != null) {
      silence = null;
    }
  }

  private void set(long due) {
    long nanos = Math.max(0, due - ticker.nanoTime());
    timeout = new Timeout(due, loop.schedule(this::ranOut, nanos, TimeUnit.NANOSECONDS));
    if (closed) {
      close();
    }
  }

  private void ranOut() {
    // First this, then a look: who begins another silence meanwhile either finds no timer and sets
    // one, or is seen here.
    timeout = null;
    Silence now = silence;
    if (now == null || closed) {
      return;
    }
    if (now.due - ticker.nanoTime() > 0) {
      set(now.due);
      return;
    }
    silence = null;
    tooLong.accept(
        (now.inTransaction
                ? new SqlException(
                    SqlState.IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
                    "terminating connection due to idle-in-transaction timeout")
                : new SqlException(
                    SqlState.IDLE_SESSION_TIMEOUT,
                    "terminating connection due to idle-session timeout"))
            .asFatal());
  }

  /// The session is over.
  void close() {
    closed = true;
    silence = null;
    Timeout set = timeout;
    if (set != null) {
      set.future.cancel(false);
    }
  }
}
