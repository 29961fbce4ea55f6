package io.trencadis.cli.bench;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/// pgbench's four tables, as `pgbench -i` makes them: whoever has it can go on with it.
final class PgbenchTables {
  /// Of a branch.
  static final int TELLERS = 10;

  private static final List<String> TABLES =
      List.of(
          "DROP TABLE IF EXISTS pgbench_accounts, pgbench_branches, pgbench_history, pgbench_tellers",
          "CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))",
          "CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84))",
          "CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84))",
          "CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88))");

  /// Each changes by the same amounts.
  private static final List<String> SUMS =
      List.of(
          "SELECT coalesce(sum(abalance), 0) FROM pgbench_accounts",
          "SELECT coalesce(sum(tbalance), 0) FROM pgbench_tellers",
          "SELECT coalesce(sum(bbalance), 0) FROM pgbench_branches",
          "SELECT coalesce(sum(delta), 0) FROM pgbench_history");

  private final DataSource pool;
  private final int scale;
  private final int accounts;

  /// @param accounts of a branch
  PgbenchTables(DataSource pool, int scale, int accounts) {
    this.pool = pool;
    this.scale = scale;
    this.accounts = accounts;
  }

  /// Makes them anew and fills them.
  void load() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : TABLES) {
        statement.execute(sql);
      }
      fill(connection, "pgbench_branches (bid, bbalance)", 1);
      fill(connection, "pgbench_tellers (tid, bid, tbalance)", TELLERS);
      fill(connection, "pgbench_accounts (aid, bid, abalance, filler)", accounts);
      connection.commit();
      // VACUUM runs outside of transactions only.
      connection.setAutoCommit(true);
      statement.execute("VACUUM ANALYZE");
      connection.setAutoCommit(false);
    }
  }

  /// @param each how many rows a branch has
  private void fill(Connection connection, String table, int each) throws SQLException {
    try (CopyRows rows = new CopyRows(connection, table, _ -> {})) {
      for (int i = 0; i < scale * each; i++) {
        if (each == 1) {
          rows.add(i + 1, 0);
        } else if (each == TELLERS) {
          rows.add(i + 1, i / each + 1, 0);
        } else {
          rows.add(i + 1, i / each + 1, 0, "");
        }
      }
      rows.finish();
    }
  }

  /// Whether the balances of accounts, tellers and branches agree with each other and the history.
  boolean check(PrintWriter out) throws SQLException {
    long[] sums = new long[SUMS.size()];
    boolean agree = true;
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < sums.length; i++) {
        try (ResultSet sum = statement.executeQuery(SUMS.get(i))) {
          sum.next();
          sums[i] = sum.getLong(1);
        }
        agree &= sums[i] == sums[0];
      }
      connection.commit();
    }
    out.printf(
        "%s: accounts %d, tellers %d, branches %d, history %d%n",
        agree ? "the sums agree" : "the sums DIFFER", sums[0], sums[1], sums[2], sums[3]);
    out.flush();
    return agree;
  }
}
