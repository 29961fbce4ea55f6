package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `bench tpcc`, scaled down, against a running server.
class TpccTest {
  private static CommandRun tpcc(RunningServer server, Object... more) {
    Object[] all = new Object[more.length + 12];
    Object[] first = {
      "bench",
      "tpcc",
      "--url",
      "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres",
      "--warehouses",
      2,
      "--items",
      200,
      "--customers",
      30,
      "--seed",
      7
    };
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return CommandRun.of(all);
  }

  private static void holdsTwelve(CommandRun run) {
    assertEquals(0, run.exitCode(), run.out() + run.err());
    assertEquals(12, Pattern.compile("condition .. holds: ").matcher(run.out()).results().count());
  }

  @Test
  void allConditionsHoldAfterConcurrentTransactionsAndABrokenOneIsSeen() throws SQLException {
    try (RunningServer server = RunningServer.start()) {
      CommandRun run = tpcc(server, "--terminals", 4, "--duration", 4);
      holdsTwelve(run);
      var orders = Pattern.compile("New-Order +([0-9]+)").matcher(run.out());
      assertTrue(orders.find() && Integer.parseInt(orders.group(1)) > 0, run.out());

      try (Connection connection = server.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "UPDATE tpcc.district SET d_ytd = d_ytd + 1 WHERE d_w_id = 2 AND d_id = 3");
        statement.execute(
            "DELETE FROM tpcc.order_line WHERE ol_w_id = 1 AND ol_d_id = 1 AND ol_o_id = 1 AND ol_number = 1");
      }
      CommandRun broken = tpcc(server, "--check");
      assertEquals(1, broken.exitCode());
      for (String line :
          new String[] {
            "condition  1 BROKEN in 1 warehouses",
            "condition  9 BROKEN in 1 districts",
            "condition  4 BROKEN in 1 districts",
            "condition  6 BROKEN in 1 orders",
            "condition  2 holds"
          }) {
        assertTrue(broken.out().contains(line), broken.out());
      }
    }
  }

  @Test
  void allConditionsHoldAtReadCommittedToo() {
    try (RunningServer server = RunningServer.start()) {
      holdsTwelve(tpcc(server, "--terminals", 3, "--duration", 2, "--isolation", "read-committed"));
    }
  }

  @Test
  void pgbenchsSumsAgreeAndItsCostIsTold() throws SQLException {
    try (RunningServer server = RunningServer.start()) {
      String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres";
      CommandRun run =
          CommandRun.of(
              "bench", "pgbench", "--url", url, "--accounts", 100, "--scale", 2, "--duration", 2);
      assertEquals(0, run.exitCode(), run.out() + run.err());
      assertTrue(run.out().contains("the sums agree: "), run.out());
      var transactions = Pattern.compile("TPC-B-like +([0-9]+)").matcher(run.out());
      assertTrue(transactions.find() && Integer.parseInt(transactions.group(1)) > 0, run.out());
      var fsyncs = Pattern.compile("a transaction: ([0-9.]+) fsyncs of logs").matcher(run.out());
      assertTrue(fsyncs.find() && Double.parseDouble(fsyncs.group(1)) > 0, run.out());
      try (Connection connection = server.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("UPDATE pgbench_tellers SET tbalance = tbalance + 1 WHERE tid = 3");
      }
      CommandRun broken = CommandRun.of("bench", "pgbench", "--url", url, "--check");
      assertEquals(1, broken.exitCode());
      assertTrue(broken.out().contains("the sums DIFFER"), broken.out());
    }
  }

  @Test
  void aServerThatIsNotThereIsSaidInALine() {
    CommandRun run = CommandRun.of("bench", "tpcc", "--url", "jdbc:postgresql://127.0.0.1:1/x");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().startsWith("trencadis: 08001 "), run.err());
    assertEquals(2, CommandRun.of("bench", "tpcc", "--isolation", "none").exitCode());
    assertEquals(2, CommandRun.of("bench", "tpcc", "--url", "http://x").exitCode());
  }
}
