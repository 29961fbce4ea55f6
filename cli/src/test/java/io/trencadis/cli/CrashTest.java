package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// A server that is killed at random moments, in the middle of many transactions, and started
/// again: what was acknowledged is there, and nothing by half. `-Dcrash.rounds=` kills more often;
/// `-Dcrash.seed=` repeats the moments, as far as threads let them be repeated.
class CrashTest {
  private static final int ROUNDS = Integer.getInteger("crash.rounds", 2);
  private static final int PGBENCH_ROUNDS = Integer.getInteger("crash.pgbench.rounds", 1);
  private static final int CLIENTS = 6;

  @Test
  void whatWasAcknowledgedSurvivesAndNothingIsHalfDone() throws Exception {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    Random random = new Random(seed);
    try (ServerProcess server = ServerProcess.start()) {
      CrashWorkload workload = new CrashWorkload(server::connect, CLIENTS, seed);
      workload.create();
      for (int round = 1; round <= ROUNDS; round++) {
        workload.begin();
        workload.awaitAcknowledged(100 + random.nextInt(400));
        server.kill();
        workload.end();
        long millis = server.restart();
        String fault = workload.check();
        assertNull(fault, () -> fault + " (seed " + seed + ")");
        System.out.println(
            "kill " + round + ": " + workload.counts() + "; ready again after " + millis + " ms");
      }
    }
  }

  @Test
  void aLargeTransactionIsThereWholeOrNotAtAll() throws Exception {
    int rows = 400_000;
    Random random = new Random(Long.getLong("crash.seed", System.nanoTime()));
    try (ServerProcess server = ServerProcess.start()) {
      try (Connection connection = server.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE large (id int PRIMARY KEY, n int, pad text)");
      }
      for (int round = 1; round <= ROUNDS + 1; round++) {
        CompletableFuture<Boolean> acknowledged = new CompletableFuture<>();
        CompletableFuture<Void> halfway = new CompletableFuture<>();
        Thread.ofPlatform()
            .start(
                () -> {
                  try (Connection connection = server.connect()) {
                    copy(connection, rows, halfway);
                    acknowledged.complete(true);
                  } catch (SQLException e) {
                    acknowledged.complete(false);
                  } finally {
                    halfway.complete(null);
                  }
                });
        halfway.join();
        boolean last = round > ROUNDS;
        if (last) {
          assertTrue(acknowledged.join());
        } else {
          // Somewhere from the middle of it to a little after its end.
          acknowledged.completeOnTimeout(false, random.nextInt(4000), TimeUnit.MILLISECONDS).join();
        }
        server.kill();
        server.restart();
        long found = number(server, "SELECT count(*) FROM large");
        if (last || acknowledged.join()) {
          assertEquals(rows, found);
        } else {
          assertTrue(found == 0 || found == rows, found + " rows");
        }
        try (Connection connection = server.connect();
            Statement statement = connection.createStatement()) {
          statement.execute("TRUNCATE large");
        }
      }
    }
  }

  private static void copy(Connection connection, int rows, CompletableFuture<Void> halfway)
      throws SQLException {
    CopyIn copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY large FROM STDIN");
    StringBuilder lines = new StringBuilder();
    for (int id = 0; id < rows; id++) {
      lines.append(id).append("\t0\tabout as much text as a row has of it in the usual case\n");
      if (id % 1000 == 999) {
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        lines.setLength(0);
      }
      if (id == rows / 2) {
        halfway.complete(null);
      }
    }
    copy.endCopy();
  }

  @Test
  void anOrderlyEndKeepsAllAndSaysSo() throws Exception {
    try (ServerProcess server = ServerProcess.start()) {
      try (Connection connection = server.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
        statement.execute("INSERT INTO t SELECT i, 0 FROM generate_series(1, 100) i");
        // In the base tree; what follows supersedes it, and would be kept as history.
        statement.execute("CHECKPOINT");
        statement.execute("UPDATE t SET n = n + 1");
        statement.execute("UPDATE t SET n = n + 1");
      }
      assertEquals(0, server.terminate());
      server.restart();
      assertEquals(200, number(server, "SELECT sum(n) FROM t"));
    }
  }

  @Test
  void pgbenchFindsItsTransactions() throws Exception {
    Random random = new Random(Long.getLong("crash.seed", System.nanoTime()));
    Pattern processed = Pattern.compile("number of transactions actually processed: (\\d+)");
    try (ServerProcess server = ServerProcess.start()) {
      var init = ClientProgram.run(server.port(), 120, null, "pgbench", "-i", "-s", "1");
      assertEquals(0, init.exitCode(), init.output());
      long acknowledged = 0;
      for (int round = 1; round <= PGBENCH_ROUNDS; round++) {
        long before = number(server, "SELECT count(*) FROM pgbench_history");
        CompletableFuture<ClientProgram.Outcome> running = new CompletableFuture<>();
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    running.complete(
                        ClientProgram.run(
                            server.port(),
                            120,
                            null,
                            "pgbench",
                            "-n",
                            "-c",
                            "8",
                            "-j",
                            "2",
                            "-T",
                            "100"));
                  } catch (Throwable e) {
                    running.completeExceptionally(e);
                  }
                });
        long target = before + 100 + random.nextInt(500);
        while (number(server, "SELECT count(*) FROM pgbench_history") < target) {
          assertTrue(!running.isDone(), "pgbench ended by itself");
        }
        server.kill();
        String output = running.get(60, TimeUnit.SECONDS).output();
        Matcher matcher = processed.matcher(output);
        assertTrue(matcher.find(), output);
        acknowledged += Long.parseLong(matcher.group(1));
        long millis = server.restart();
        long history = number(server, "SELECT count(*) FROM pgbench_history");
        assertTrue(history >= acknowledged, history + " rows of " + acknowledged);
        // Each client had at most one transaction whose outcome it was not told.
        assertTrue(history <= acknowledged + 8L * round, history + " rows of " + acknowledged);
        long deltas = number(server, "SELECT sum(delta) FROM pgbench_history");
        for (String balance : new String[] {"abalance", "tbalance", "bbalance"}) {
          String table =
              switch (balance.charAt(0)) {
                case 'a' -> "pgbench_accounts";
                case 't' -> "pgbench_tellers";
                default -> "pgbench_branches";
              };
          assertEquals(deltas, number(server, "SELECT sum(" + balance + ") FROM " + table), table);
        }
        System.out.println(
            "pgbench, kill "
                + round
                + ": "
                + acknowledged
                + " acknowledged, "
                + history
                + " there; ready again after "
                + millis
                + " ms");
      }
    }
  }

  private static long number(ServerProcess server, String sql) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
