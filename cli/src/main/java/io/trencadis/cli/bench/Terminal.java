package io.trencadis.cli.bench;

import io.trencadis.base.Clock;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import javax.sql.DataSource;

/// A terminal: one transaction after the other, each on a connection from the pool. What fails as
/// PostgreSQL says is worth another try is tried again with the same input.
final class Terminal implements Runnable {
  /// What a terminal's user has typed in: run as often as it has to be.
  interface Transaction {
    /// Where it is counted.
    Tally tally();

    /// Runs the statements, but neither commits nor rolls back.
    ///
    /// @return false if it is to be rolled back, as intended
    boolean run(Connection connection) throws SQLException;

    /// How long the user types before it begins; 0 for not at all.
    default long keyingNanos() {
      return 0;
    }

    /// How long the user thinks when it is over; 0 for not at all.
    default long thinkNanos() {
      return 0;
    }
  }

  private final DataSource pool;
  private final Supplier<Transaction> user;
  private final Clock clock;
  private final long begin;
  private final long end;
  private final LongAdder done;

  /// @param begin transactions begun before are not counted; nanoseconds of the clock
  /// @param end none begins after; nanoseconds of the clock
  /// @param done counts all transactions that are over, also those before `begin`
  Terminal(
      DataSource pool,
      Supplier<Transaction> user,
      Clock clock,
      long begin,
      long end,
      LongAdder done) {
    this.pool = pool;
    this.user = user;
    this.clock = clock;
    this.begin = begin;
    this.end = end;
    this.done = done;
  }

  @Override
  public void run() {
    try {
      while (clock.nanoTime() - end < 0) {
        Transaction next = user.get();
        rest(next.keyingNanos());
        if (clock.nanoTime() - end < 0) {
          once(next);
        }
        rest(next.thinkNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void rest(long nanos) throws InterruptedException {
    if (nanos > 0) {
      TimeUnit.NANOSECONDS.sleep(Math.max(0, Math.min(nanos, end - clock.nanoTime())));
    }
  }

  private void once(Transaction transaction) {
    long started = clock.nanoTime();
    boolean counts = started - begin >= 0;
    boolean again = true;
    while (again) {
      again = false;
      try (Connection connection = pool.getConnection()) {
        try {
          boolean committed = transaction.run(connection);
          if (committed) {
            connection.commit();
          } else {
            connection.rollback();
          }
          done.increment();
          if (counts) {
            transaction.tally().completed(clock.nanoTime() - started, committed);
          }
        } catch (SQLException e) {
          connection.rollback();
          throw e;
        }
      } catch (SQLException e) {
        String state = e.getSQLState() == null ? "no SQLSTATE" : e.getSQLState();
        again = worthAnotherTry(state) && clock.nanoTime() - end < 0;
        if (counts) {
          transaction.tally().aborted(state, e.getMessage(), again);
        }
      }
    }
  }

  /// Whether it failed for others' sake: a serialization failure or a deadlock.
  static boolean worthAnotherTry(String state) {
    return state.equals("40001") || state.equals("40P01");
  }
}
