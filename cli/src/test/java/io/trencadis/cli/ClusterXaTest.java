package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// PREPARE TRANSACTION in a cluster of processes, which are killed: what a manager has prepared at
/// one node it ends at any other, whoever has died, and a backup takes it to a node on its own.
/// `-Dseed=` repeats what chance has chosen.
class ClusterXaTest {
  private static final int ROWS = 10;
  private static final int MOST = 30;

  private final long seed = Long.getLong("seed", System.nanoTime() & 0xffff_ffffL);
  private final Random random = new Random(seed);
  private ClusterProcesses cluster;

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private void execute(int node, String... statements) throws SQLException {
    try (Connection connection = cluster.connect(node)) {
      execute(connection, statements);
    }
  }

  private static Set<String> prepared(Connection connection) throws SQLException {
    Set<String> gids = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT gid FROM pg_prepared_xacts"
                    + " WHERE owner = 'postgres' AND database = 'postgres'")) {
      while (rows.next()) {
        gids.add(rows.getString(1));
      }
    }
    return gids;
  }

  private Set<String> prepared(int node) throws SQLException {
    try (Connection connection = cluster.connect(node)) {
      return prepared(connection);
    }
  }

  private static String transfer(int row) {
    return "UPDATE account SET amount = amount - 1 WHERE id = "
        + row
        + "; UPDATE account SET amount = amount + 1 WHERE id = "
        + (row + 1) % ROWS;
  }

  private void createAccounts(int node) throws SQLException {
    execute(
        node,
        "CREATE TABLE account (id int PRIMARY KEY, amount int)",
        "INSERT INTO account SELECT g, 0 FROM generate_series(0, " + (ROWS - 1) + ") g",
        "CREATE TABLE moved (gid text PRIMARY KEY)");
  }

  private void assertAmounts(TreeMap<Integer, Integer> expected, int node) throws SQLException {
    for (int row = 0; row < ROWS; row++) {
      assertEquals(
          expected.getOrDefault(row, 0),
          (int) cluster.number(node, "SELECT amount FROM account WHERE id = " + row),
          "account " + row + ", seed " + seed);
    }
  }

  private static void move(TreeMap<Integer, Integer> amounts, int row) {
    amounts.merge(row, -1, Integer::sum);
    amounts.merge((row + 1) % ROWS, 1, Integer::sum);
  }

  @Test
  void anyNodeEndsWhatOneThatWasKilledHasPrepared(@TempDir Path folder) throws Exception {
    TreeMap<Integer, Integer> expected = new TreeMap<>();
    try (ClusterProcesses started = ClusterProcesses.start(ClusterProcesses.USUAL)) {
      cluster = started;
      createAccounts(0);
      for (int round = 0; round < Integer.getInteger("xa.rounds", 3); round++) {
        int gateway = random.nextInt(ClusterProcesses.NODES);
        int row = random.nextInt(ROWS / 2 - 1) * 2;
        String one = "one" + round;
        String other = "other" + round;
        execute(
            gateway,
            "BEGIN; " + transfer(row) + "; PREPARE TRANSACTION '" + one + "'",
            "BEGIN; " + transfer(row + 2) + "; PREPARE TRANSACTION '" + other + "'");
        switch (round % 3) {
          case 0 -> cluster.node(gateway).kill();
          case 1 -> {
            for (int node = 0; node < ClusterProcesses.NODES; node++) {
              cluster.node(node).kill();
            }
            cluster.launchAll();
          }
          default -> {
            execute(gateway, "CHECKPOINT");
            cluster.node(cluster.leader(true)).kill();
          }
        }
        for (int node = 0; node < ClusterProcesses.NODES; node++) {
          if (!cluster.node(node).isAlive()) {
            // While one is missing.
            int left = (node + 1) % ClusterProcesses.NODES;
            assertEquals(Set.of(one, other), prepared(left), "seed " + seed);
            execute(left, "COMMIT PREPARED '" + one + "'");
            cluster.start(node);
          }
        }
        int end = random.nextInt(ClusterProcesses.NODES);
        if (prepared(end).contains(one)) {
          execute(end, "COMMIT PREPARED '" + one + "'");
        }
        execute(end, "ROLLBACK PREPARED '" + other + "'");
        move(expected, row);
        assertAmounts(expected, gateway);
        assertEquals(Set.of(), prepared(gateway));
        // No lock is left.
        execute(end, "SET lock_timeout = '20s'; UPDATE account SET amount = amount");
      }
      backUp(folder, expected);
    }
  }

  /// With something prepared, which the restored node has, and something that comes too late.
  private void backUp(Path folder, TreeMap<Integer, Integer> expected) throws Exception {
    execute(1, "BEGIN; " + transfer(4) + "; PREPARE TRANSACTION 'kept'");
    CommandRun made =
        CommandRun.of("backup", "--to", folder.resolve("b"), "--port", cluster.node(2).port());
    assertEquals(0, made.exitCode(), made.err());
    execute(0, "ROLLBACK PREPARED 'kept'", "UPDATE account SET amount = 1000");
    Path data = folder.resolve("data");
    CommandRun restored = CommandRun.of("restore", "--from", folder.resolve("b"), "--data", data);
    assertEquals(0, restored.exitCode(), restored.err());
    CommandRun verified = CommandRun.of("verify", data);
    assertEquals(0, verified.exitCode(), verified.out() + verified.err());
    assertTrue(verified.out().contains("1 transactions prepared by name"), verified.out());
    try (ServerProcess copy = ServerProcess.start(data);
        Connection connection = copy.connect();
        Statement statement = connection.createStatement()) {
      assertEquals(Set.of("kept"), prepared(connection));
      execute(connection, "COMMIT PREPARED 'kept'");
      move(expected, 4);
      try (ResultSet rows = statement.executeQuery("SELECT id, amount FROM account ORDER BY id")) {
        for (int row = 0; row < ROWS; row++) {
          assertTrue(rows.next());
          assertEquals(row, rows.getInt(1));
          assertEquals(expected.getOrDefault(row, 0), rows.getInt(2), "account " + row);
        }
      }
      // It is a server like any other.
      execute(connection, "CREATE TABLE later (id serial PRIMARY KEY)");
      execute(connection, "INSERT INTO later DEFAULT VALUES");
    }
  }

  /// Managers at all nodes, one of which is killed in the middle of whatever it does.
  @Test
  void aKillInTheMiddleOfManyBranches() throws Exception {
    try (ClusterProcesses started = ClusterProcesses.start(ClusterProcesses.USUAL)) {
      cluster = started;
      createAccounts(0);
      // What a manager writes down between the two steps, and whether it has heard of the second.
      Set<String> decided = ConcurrentHashMap.newKeySet();
      Set<String> begun = ConcurrentHashMap.newKeySet();
      List<Thread> managers = new ArrayList<>();
      long end = System.nanoTime() + 120_000_000_000L;
      for (int node = 0; node < ClusterProcesses.NODES; node++) {
        int number = node;
        Random own = new Random(seed + node);
        managers.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int i = 0; decided.size() < MOST && System.nanoTime() < end; i++) {
                        manage(number, "m" + number + "n" + i, own, begun, decided);
                      }
                    }));
      }
      ClusterProcesses.await("some are decided", () -> decided.size() > MOST / 3);
      int killed = random.nextInt(ClusterProcesses.NODES);
      cluster.node(killed).kill();
      for (Thread manager : managers) {
        manager.join();
      }
      cluster.start(killed);
      int left = 0;
      for (String gid : prepared(killed)) {
        execute(
            (killed + 1) % ClusterProcesses.NODES,
            (decided.contains(gid) ? "COMMIT" : "ROLLBACK") + " PREPARED '" + gid + "'");
        left++;
      }
      System.out.println(
          begun.size()
              + " begun, "
              + decided.size()
              + " decided, "
              + left
              + " found prepared, seed "
              + seed);
      assertTrue(decided.size() > MOST / 3, "seed " + seed);
      assertEquals(
          decided.size(), cluster.number(killed, "SELECT count(*) FROM moved"), "seed " + seed);
      assertEquals(0, cluster.number(killed, "SELECT sum(amount) FROM account"), "seed " + seed);
      assertEquals(Set.of(), prepared(killed));
      execute(killed, "SET lock_timeout = '20s'; UPDATE account SET amount = amount");
    }
  }

  private void manage(int node, String gid, Random random, Set<String> begun, Set<String> decided) {
    int row = random.nextInt(ROWS);
    try (Connection connection = cluster.connect(node)) {
      execute(connection, "SET lock_timeout = '2s'");
      begun.add(gid);
      execute(
          connection,
          "BEGIN; "
              + transfer(row)
              + "; INSERT INTO moved VALUES ('"
              + gid
              + "'); PREPARE TRANSACTION '"
              + gid
              + "'");
      decided.add(gid);
      execute(connection, "COMMIT PREPARED '" + gid + "'");
    } catch (SQLException gone) {
      // The node, or a lock that another holds; what was decided is ended later.
    }
  }
}
