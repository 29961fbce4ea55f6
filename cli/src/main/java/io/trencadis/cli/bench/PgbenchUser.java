package io.trencadis.cli.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// Who asks for pgbench's transactions, with the values that its scripts draw. Confined to one
/// thread; the tally may be read when that has ended.
final class PgbenchUser implements Supplier<Terminal.Transaction> {
  private final SplittableRandom random;
  private final int scale;
  private final int accounts;
  private final boolean selectOnly;
  private final Tally tally = new Tally();

  /// @param accounts of a branch
  PgbenchUser(SplittableRandom random, int scale, int accounts, boolean selectOnly) {
    this.random = random;
    this.scale = scale;
    this.accounts = accounts;
    this.selectOnly = selectOnly;
  }

  /// What came of the transactions.
  Tally tally() {
    return tally;
  }

  @Override
  public Terminal.Transaction get() {
    int account = 1 + random.nextInt(accounts * scale);
    int branch = 1 + random.nextInt(scale);
    int teller = 1 + random.nextInt(PgbenchTables.TELLERS * scale);
    int delta = random.nextInt(-5_000, 5_001);
    return new Terminal.Transaction() {
      @Override
      public Tally tally() {
        return tally;
      }

      @Override
      public boolean run(Connection connection) throws SQLException {
        if (!selectOnly) {
          change(
              connection,
              "UPDATE pgbench_accounts SET abalance = abalance + ? WHERE aid = ?",
              delta,
              account);
        }
        select(connection, account);
        if (!selectOnly) {
          change(
              connection,
              "UPDATE pgbench_tellers SET tbalance = tbalance + ? WHERE tid = ?",
              delta,
              teller);
          change(
              connection,
              "UPDATE pgbench_branches SET bbalance = bbalance + ? WHERE bid = ?",
              delta,
              branch);
          change(
              connection,
              "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime)"
                  + " VALUES (?, ?, ?, ?, CURRENT_TIMESTAMP)",
              teller,
              branch,
              account,
              delta);
        }
        return true;
      }
    };
  }

  private static void change(Connection connection, String sql, int... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setInt(i + 1, values[i]);
      }
      int rows = statement.executeUpdate();
      if (rows != 1) {
        throw new SQLException("changed " + rows + " rows instead of one: " + sql, "02000");
      }
    }
  }

  private static void select(Connection connection, int account) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT abalance FROM pgbench_accounts WHERE aid = ?")) {
      statement.setInt(1, account);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("account " + account + " is not there", "02000");
        }
      }
    }
  }
}
