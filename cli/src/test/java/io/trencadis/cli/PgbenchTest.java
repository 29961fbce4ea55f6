package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// pgbench, unmodified, at the default isolation level SERIALIZABLE.
class PgbenchTest {
  private static RunningServer server;

  @BeforeAll
  static void start() throws Exception {
    server = RunningServer.start();
    var init = ClientProgram.run(server.port(), 120, null, "pgbench", "-i", "-s", "1");
    assertEquals(0, init.exitCode(), init.output());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void noTransactionFailsInAnyModeAndTheBalancesAgree() throws Exception {
    for (String mode : new String[] {"simple", "extended", "prepared"}) {
      for (String script : new String[] {"tpcb-like", "simple-update", "select-only"}) {
        var run =
            ClientProgram.run(
                server.port(),
                120,
                null,
                "pgbench",
                "-n",
                "-M",
                mode,
                "-b",
                script,
                "-c",
                "8",
                "-j",
                "2",
                "-t",
                "40");
        assertEquals(0, run.exitCode(), run.output());
        assertTrue(
            run.output().contains("number of failed transactions: 0 (0.000%)"), run.output());
      }
    }
    long accounts = number("SELECT sum(abalance) FROM pgbench_accounts");
    long history = number("SELECT sum(delta) FROM pgbench_history");
    assertEquals(history, accounts);
    assertEquals(
        number("SELECT sum(tbalance) FROM pgbench_tellers"),
        number("SELECT sum(bbalance) FROM pgbench_branches"));
    assertEquals(2 * 3 * 8 * 40, number("SELECT count(*) FROM pgbench_history"));
  }

  @Test
  void afterInitialisationAnAccountIsFoundOnOneShard() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet plan =
            statement.executeQuery(
                "EXPLAIN SELECT abalance FROM pgbench_accounts WHERE aid = 77")) {
      StringBuilder text = new StringBuilder();
      while (plan.next()) {
        text.append(plan.getString(1)).append('\n');
      }
      assertTrue(
          text.toString().contains("Index Scan using pgbench_accounts_pkey"), text.toString());
      assertTrue(text.toString().contains("Shards: 1 of 4"), text.toString());
    }
  }

  private static long number(String sql) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
