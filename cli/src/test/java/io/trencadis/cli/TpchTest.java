package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `bench tpch` at a hundredth of scale factor 1. What its queries have to give was recorded from
/// PostgreSQL 15 by `trencadis bench tpch --url … --scale 0.01 --load --run --answers
/// answers-0.01.txt`.
class TpchTest {
  private static CommandRun tpch(RunningServer server, Object... more) {
    Object[] all = new Object[more.length + 6];
    Object[] first = {"bench", "tpch", "--url", url(server), "--scale", "0.01"};
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return CommandRun.of(all);
  }

  private static String url(RunningServer server) {
    return "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres";
  }

  private static List<String> recorded() throws IOException {
    try (var in = TpchTest.class.getResourceAsStream("/tpch/answers-0.01.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void theQueriesGiveWhatPostgresGivesAndWrongRowsAreSeen(@TempDir Path directory)
      throws IOException, SQLException {
    try (RunningServer server = RunningServer.start()) {
      Path answers = directory.resolve("answers");
      CommandRun run = tpch(server, "--load", "--check", "--run", "--answers", answers);
      assertEquals(0, run.exitCode(), run.out() + run.err());
      assertEquals(recorded(), Files.readAllLines(answers));
      assertTrue(run.out().contains("geometric mean"), run.out());

      // Against itself, in which nothing may differ; then with a row changed between.
      CommandRun same = tpch(server, "--run", "--queries", "6,22", "--compare", url(server));
      assertEquals(0, same.exitCode(), same.out());
      assertEquals(2, same.out().lines().filter(line -> line.endsWith("  equal")).count());
      try (Connection connection = server.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("UPDATE tpch.orders SET o_custkey = 3 WHERE o_orderkey = 1");
        statement.execute("DELETE FROM tpch.lineitem WHERE l_orderkey = 2");
      }
      CommandRun broken = tpch(server, "--check");
      assertEquals(1, broken.exitCode());
      assertTrue(
          broken.out().contains("WRONG     orders of customers who have none: 1, not 0"),
          broken.out());
    }
  }

  @Test
  void wrongOptionsAreSaidInALine() {
    assertEquals(2, CommandRun.of("bench", "tpch", "--scale", "0.001").exitCode());
    assertEquals(2, CommandRun.of("bench", "tpch", "--queries", "3-23").exitCode());
    assertEquals(2, CommandRun.of("bench", "tpch", "--compare", "http://x").exitCode());
    CommandRun run = CommandRun.of("bench", "tpch", "--url", "jdbc:postgresql://127.0.0.1:1/x");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().startsWith("trencadis: 08001 "), run.err());
  }
}
