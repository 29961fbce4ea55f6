package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// `AS OF SYSTEM TIME` through a driver, on a server with a disk. Times are those of the server's
/// clock, read between the changes.
class PastTest {
  private static List<String> rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  /// A time after everything before the call and before everything after it: not in the millisecond
  /// of either.
  private static String now(Connection connection) throws SQLException {
    awaitNextMillisecond(connection);
    String now = rows(connection, "SELECT clock_timestamp()").getFirst();
    awaitNextMillisecond(connection);
    return now;
  }

  private static void awaitNextMillisecond(Connection connection) throws SQLException {
    String millis = "SELECT date_trunc('milliseconds', clock_timestamp())";
    String begin = rows(connection, millis).getFirst();
    while (rows(connection, millis).getFirst().equals(begin)) {
      // The clock goes on by itself.
    }
  }

  private static String past(String sql, String time) {
    return sql + " AS OF SYSTEM TIME '" + time + "'";
  }

  private static void assertTooOld(Connection connection, String sql) {
    SQLException old = assertThrows(SQLException.class, () -> rows(connection, sql));
    assertEquals("72000", old.getSQLState());
    assertTrue(old.getMessage().contains("snapshot too old"), old.getMessage());
  }

  @Test
  void readsWhatFlushesHaveMovedToTheVersionStore() throws SQLException {
    try (RunningServer server = RunningServer.start();
        Connection connection = server.connect()) {
      execute(connection, "CREATE TABLE t (id int PRIMARY KEY, v int)");
      execute(connection, "INSERT INTO t SELECT g, 0 FROM generate_series(1, 100) g");
      List<String> times = new ArrayList<>();
      for (int i = 1; i <= 6; i++) {
        times.add(now(connection));
        execute(connection, "UPDATE t SET v = " + i);
        if (i % 2 == 0) {
          execute(connection, "CHECKPOINT");
        }
      }
      execute(connection, "DELETE FROM t WHERE id > 50", "CHECKPOINT");
      for (int i = 0; i < times.size(); i++) {
        assertEquals(
            List.of(Integer.toString(100 * i)),
            rows(connection, past("SELECT sum(v) FROM t", times.get(i))));
        assertEquals(
            List.of(Integer.toString(i)),
            rows(connection, past("SELECT v FROM t WHERE id = 77", times.get(i))));
      }
      assertEquals(List.of("300"), rows(connection, "SELECT sum(v) FROM t"));
      execute(connection, "TRUNCATE t", "CHECKPOINT", "DROP TABLE t", "CHECKPOINT");
      assertEquals(List.of("500"), rows(connection, past("SELECT sum(v) FROM t", times.getLast())));
    }
  }

  @Test
  void preparedStatementsReadAnewEachTime() throws SQLException {
    try (RunningServer server = RunningServer.start();
        Connection connection = server.connect("prepareThreshold", "2")) {
      execute(
          connection, "CREATE TABLE t (id int PRIMARY KEY, v int)", "INSERT INTO t VALUES (1, 0)");
      String time = now(connection);
      try (PreparedStatement past =
          connection.prepareStatement(past("SELECT v FROM t WHERE id = ?", time))) {
        for (int i = 1; i <= 6; i++) {
          past.setInt(1, 1);
          try (ResultSet row = past.executeQuery()) {
            assertTrue(row.next());
            assertEquals(0, row.getInt(1));
          }
          execute(connection, "UPDATE t SET v = " + i + " WHERE id = 1");
        }
        execute(connection, "DROP TABLE t");
        past.setInt(1, 1);
        try (ResultSet row = past.executeQuery()) {
          assertTrue(row.next());
          assertEquals(0, row.getInt(1));
        }
      }
      connection.setAutoCommit(false);
      SQLException block =
          assertThrows(SQLException.class, () -> rows(connection, past("SELECT v FROM t", time)));
      assertEquals("25001", block.getSQLState());
      connection.rollback();
    }
  }

  @Test
  void withoutRetentionThereIsNoPast() throws SQLException {
    try (RunningServer server = RunningServer.start(Map.of("trencadis.history_retention", "0"));
        Connection connection = server.connect()) {
      assertEquals(List.of("0"), rows(connection, "SHOW trencadis.history_retention"));
      execute(
          connection, "CREATE TABLE t (id int PRIMARY KEY, v int)", "INSERT INTO t VALUES (1, 0)");
      String time = now(connection);
      execute(connection, "UPDATE t SET v = 1");
      assertTooOld(connection, past("SELECT v FROM t", time));
    }
  }

  @Test
  void theRetentionIsASettingOfTheServer() throws SQLException {
    try (RunningServer server = RunningServer.start();
        Connection connection = server.connect()) {
      assertEquals(List.of("10min"), rows(connection, "SHOW trencadis.history_retention"));
      SQLException fixed =
          assertThrows(
              SQLException.class,
              () -> execute(connection, "SET trencadis.history_retention = '1h'"));
      assertEquals("55P02", fixed.getSQLState());
      assertTooOld(connection, past("SELECT 1", "-11min"));
    }
  }

  @Test
  void historyBeginsAnewWithEachStart() throws Exception {
    try (ServerProcess server = ServerProcess.start()) {
      String time;
      try (Connection connection = server.connect()) {
        execute(
            connection,
            "CREATE TABLE t (id int PRIMARY KEY, v int)",
            "INSERT INTO t VALUES (1, 0)");
        time = now(connection);
        execute(connection, "UPDATE t SET v = 1");
        assertEquals(List.of("0"), rows(connection, past("SELECT v FROM t", time)));
      }
      server.kill();
      server.restart();
      try (Connection connection = server.connect()) {
        assertTooOld(connection, past("SELECT v FROM t", time));
        execute(connection, "UPDATE t SET v = 2");
        assertTooOld(connection, past("SELECT v FROM t", time));
        assertEquals(List.of("2"), rows(connection, "SELECT v FROM t"));
      }
    }
  }
}
