package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/// The views of statistics count what was done; a PostgreSQL 15 gave the same numbers.
class StatisticsTest {
  private static String row(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      StringBuilder all = new StringBuilder();
      while (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          all.append(i == 1 ? "" : " ").append(rows.getString(i));
        }
        all.append(";");
      }
      return all.toString();
    }
  }

  @Test
  void tablesAndIndexesCountScansAndRows() throws SQLException {
    try (RunningServer server = RunningServer.start();
        Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE st (id int PRIMARY KEY, a int, t text)");
      statement.execute("CREATE INDEX st_a ON st (a)");
      statement.execute("INSERT INTO st SELECT g, g % 10, 'x' FROM generate_series(1, 100) g");
      connection.setAutoCommit(false);
      statement.execute("UPDATE st SET a = a + 1 WHERE id = 5");
      statement.execute("DELETE FROM st WHERE id > 90");
      connection.rollback();
      connection.setAutoCommit(true);
      statement.execute("UPDATE st SET a = 3 WHERE id = 6");
      row(statement, "SELECT t FROM st WHERE id = 7");
      row(statement, "SELECT t FROM st WHERE a = 3 AND id > 0");
      statement.execute("DELETE FROM st WHERE id = 1");
      assertEquals(
          "6 25 100 2 11;",
          row(
              statement,
              "SELECT idx_scan, idx_tup_fetch, n_tup_ins, n_tup_upd, n_tup_del"
                  + " FROM pg_stat_user_tables WHERE relname = 'st'"));
      assertEquals(
          "st_a 1 11;st_pkey 5 14;",
          row(
              statement,
              "SELECT indexrelname, idx_scan, idx_tup_read FROM pg_stat_user_indexes"
                  + " WHERE relname = 'st' ORDER BY 1"));
      String scans = "SELECT seq_scan, seq_tup_read FROM pg_stat_user_tables WHERE relname = 'st'";
      long before = Long.parseLong(row(statement, scans).split(" ")[0]);
      row(statement, "SELECT count(*) FROM st");
      assertEquals(before + 1, Long.parseLong(row(statement, scans).split(" ")[0]));
      assertEquals(
          "t t t;",
          row(
              statement,
              "SELECT xact_commit >= 8, xact_rollback >= 1, tup_inserted >= 100"
                  + " FROM pg_stat_database WHERE datname = 'postgres'"));
      statement.execute("SELECT pg_stat_reset()");
      assertEquals(
          "0 0;",
          row(
              statement,
              "SELECT n_tup_ins, idx_scan FROM pg_stat_user_tables WHERE relname = 'st'"));
    }
  }

  @Test
  void statementsAreCountedWithoutTheirConstants() throws SQLException {
    try (RunningServer server = RunningServer.start();
        Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE st (id int PRIMARY KEY, t text)");
      statement.execute("INSERT INTO st VALUES (1, 'it''s'), (2, 'b')");
      for (int i = 1; i <= 4; i++) {
        row(statement, "SELECT t FROM st WHERE id >= " + i + " AND t <> 'it''s'");
      }
      String counted =
          "SELECT calls, rows, query, mean_exec_time > 0,"
              + " abs(mean_exec_time * calls - total_exec_time) < 0.001,"
              + " min_exec_time <= max_exec_time, userid = 10"
              + " FROM pg_stat_statements WHERE query LIKE 'SELECT t FROM st WHERE id%'";
      assertEquals(
          "4 2 SELECT t FROM st WHERE id >= $1 AND t <> $2 t t t t;", row(statement, counted));
      try (PreparedStatement prepared =
          connection.prepareStatement("SELECT id FROM st WHERE id = ? OR id = 2")) {
        for (int i = 0; i < 7; i++) {
          prepared.setInt(1, 1);
          prepared.executeQuery().close();
        }
      }
      assertEquals(
          "7 14 SELECT id FROM st WHERE id = $1 OR id = $2;",
          row(
              statement,
              "SELECT calls, rows, query FROM pg_stat_statements"
                  + " WHERE query LIKE 'SELECT id FROM st%'"));
      statement.execute(
          "SELECT pg_stat_statements_reset(0, 0, (SELECT queryid FROM pg_stat_statements"
              + " WHERE query LIKE 'SELECT id FROM st%'))");
      assertEquals(
          "0;",
          row(
              statement,
              "SELECT count(*) FROM pg_stat_statements WHERE query LIKE 'SELECT id FROM st%'"));
      statement.execute("CREATE ROLE reader LOGIN");
      statement.execute("SET ROLE reader");
      assertTrue(
          row(statement, "SELECT DISTINCT query FROM pg_stat_statements ORDER BY 1")
              .startsWith("<insufficient privilege>;"));
      statement.execute("RESET ROLE");
      statement.execute("SELECT pg_stat_statements_reset()");
      assertEquals("1;", row(statement, "SELECT count(*) FROM pg_stat_statements WHERE calls > 0"));
    }
  }
}
