package io.trencadis.cli.bench;

import io.trencadis.base.Clock;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// A terminal: one transaction after the other without a pause, each on a connection from the pool.
/// What fails as PostgreSQL says is worth another try is tried again with the same input.
final class TpccTerminal implements Runnable {
  private final DataSource pool;
  private final TpccScale scale;
  private final TpccRandom random;
  private final int warehouse;
  private final int district;
  private final Clock clock;
  private final long begin;
  private final long end;
  private final TpccTally tally = new TpccTally();

  /// @param begin transactions begun before are not counted; nanoseconds of the clock
  /// @param end none begins after; nanoseconds of the clock
  TpccTerminal(
      DataSource pool,
      TpccScale scale,
      TpccRandom random,
      int warehouse,
      int district,
      Clock clock,
      long begin,
      long end) {
    this.pool = pool;
    this.scale = scale;
    this.random = random;
    this.warehouse = warehouse;
    this.district = district;
    this.clock = clock;
    this.begin = begin;
    this.end = end;
  }

  /// What it counted; to be read when [#run] has returned.
  TpccTally tally() {
    return tally;
  }

  @Override
  public void run() {
    while (clock.nanoTime() - end < 0) {
      once(TpccInput.draw(random, scale, warehouse, district));
    }
  }

  private void once(TpccInput input) {
    long started = clock.nanoTime();
    boolean counts = started - begin >= 0;
    boolean again = true;
    while (again) {
      again = false;
      try (Connection connection = pool.getConnection()) {
        try {
          boolean committed = TpccTransactions.run(connection, input);
          if (committed) {
            connection.commit();
          } else {
            connection.rollback();
          }
          if (counts) {
            tally.completed(input.type(), clock.nanoTime() - started, committed);
          }
        } catch (SQLException e) {
          connection.rollback();
          throw e;
        }
      } catch (SQLException e) {
        String state = e.getSQLState() == null ? "no SQLSTATE" : e.getSQLState();
        again = worthAnotherTry(state) && clock.nanoTime() - end < 0;
        if (counts) {
          tally.aborted(input.type(), state, e.getMessage(), again);
        }
      }
    }
  }

  /// Whether it failed for others' sake: a serialization failure or a deadlock.
  static boolean worthAnotherTry(String state) {
    return state.equals("40001") || state.equals("40P01");
  }
}
