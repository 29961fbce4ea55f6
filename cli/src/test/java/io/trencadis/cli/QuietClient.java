package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Semaphore;

/// A client that minds its own business, in a schema of its own, and checks every answer.
final class QuietClient implements AutoCloseable {
  private static final int ACCOUNTS = 10;
  private static final int EACH = 100;

  private final RunningServer server;
  private final Connection connection;
  private final Semaphore turns = new Semaphore(0);

  QuietClient(RunningServer server) throws SQLException {
    this.server = server;
    this.connection = server.connect("currentSchema", "quiet", "prepareThreshold", "3");
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA quiet");
      statement.execute("CREATE TABLE quiet.account (id int PRIMARY KEY, balance int NOT NULL)");
      statement.execute(
          "INSERT INTO quiet.account SELECT g, " + EACH + " FROM generate_series(1, 10) g");
    }
  }

  /// Does `rounds` rounds of work, each once [#oneMore] has been called for it, so that they last
  /// as long as whatever happens beside them.
  int work(int rounds) throws SQLException {
    for (int round = 0; round < rounds; round++) {
      turns.acquireUninterruptibly();
      transfer(1 + round % ACCOUNTS, 1 + (round + 1) % ACCOUNTS);
      total();
      if (round % 8 == 0) {
        try (Connection fresh = server.connect("currentSchema", "quiet");
            Statement statement = fresh.createStatement();
            ResultSet rows = statement.executeQuery("SELECT 6 * 7, current_schema()")) {
          assertTrue(rows.next());
          assertEquals(42, rows.getInt(1));
          assertEquals("quiet", rows.getString(2));
        }
      }
    }
    return rounds;
  }

  private void transfer(int from, int to) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement take =
            connection.prepareStatement(
                "UPDATE account SET balance = balance - 1 WHERE id = ? RETURNING balance");
        PreparedStatement give =
            connection.prepareStatement("UPDATE account SET balance = balance + 1 WHERE id = ?");
        PreparedStatement read =
            connection.prepareStatement("SELECT balance FROM account WHERE id = ?")) {
      take.setInt(1, from);
      int left;
      try (ResultSet rows = take.executeQuery()) {
        assertTrue(rows.next());
        left = rows.getInt(1);
      }
      give.setInt(1, to);
      assertEquals(1, give.executeUpdate());
      read.setInt(1, from);
      try (ResultSet rows = read.executeQuery()) {
        assertTrue(rows.next());
        assertEquals(left, rows.getInt(1));
        assertFalse(rows.next());
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void total() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*), sum(balance) FROM account")) {
      assertTrue(rows.next());
      assertEquals(ACCOUNTS, rows.getInt(1));
      assertEquals(ACCOUNTS * EACH, rows.getInt(2));
    }
  }

  void oneMore() {
    turns.release();
  }

  /// Returns when no other session is left; a session that never ends is a test that never does,
  /// which its own timeout tells.
  void awaitBeingAlone() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean alone = false;
      while (!alone) {
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")) {
          assertTrue(rows.next());
          alone = rows.getInt(1) == 0;
        }
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
