package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// What clients and operators see of a cluster's nodes, each a process of its own.
class ClusterNodesTest {
  private static final int NODES = ClusterProcesses.NODES;

  @Test
  void anyNodeAnswersAndTellsHowAllAre() throws Exception {
    try (ClusterProcesses cluster = ClusterProcesses.start(ClusterProcesses.PATIENT)) {
      schemaIsOneAtOnce(cluster);
      numbersNeverMeet(cluster);
      notificationsComeInTheOrderOfCommits(cluster);
      advisoryLocksHoldOnAllNodes(cluster);
      advisoryLocksOfSessionsHoldOnAllNodes(cluster);
      sessionsOfAllNodesAreSeenAndEnded(cluster);
      statusOfAll(cluster);
      leadersGoBeforeTheNodeDoes(cluster);
      aNodeOfAnotherClusterIsRefused(cluster);
    }
  }

  private static List<String> column(Statement statement, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  /// Sessions that were there before see it, too, and their prepared statements.
  private static void schemaIsOneAtOnce(ClusterProcesses cluster) throws SQLException {
    List<Connection> connections = new ArrayList<>();
    List<Statement> at = new ArrayList<>();
    try {
      for (int node = 0; node < NODES; node++) {
        connections.add(cluster.connect(node));
        at.add(connections.get(node).createStatement());
      }
      for (int i = 0; i < 12; i++) {
        String table = "ddl" + i;
        at.get(i % NODES).execute("CREATE TABLE " + table + " (id int PRIMARY KEY, a text)");
        at.get((i + 1) % NODES).execute("INSERT INTO " + table + " VALUES (1, 'x')");
        at.get((i + 2) % NODES).execute("PREPARE p" + i + " AS SELECT * FROM " + table);
        assertEquals(List.of("1"), column(at.get((i + 2) % NODES), "EXECUTE p" + i));
        at.get((i + 1) % NODES)
            .execute("ALTER TABLE " + table + " ADD COLUMN b int NOT NULL DEFAULT " + i);
        for (int node = 0; node < NODES; node++) {
          assertEquals(
              List.of(Integer.toString(i)), column(at.get(node), "SELECT b FROM " + table));
        }
        at.get((i + 2) % NODES).execute("DROP TABLE " + table);
        for (int node = 0; node < NODES; node++) {
          assertEquals(
              1, column(at.get(node), "SELECT to_regclass('" + table + "') IS NULL").size());
          assertEquals(
              List.of("t"), column(at.get(node), "SELECT to_regclass('" + table + "') IS NULL"));
        }
      }
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }

  private static void numbersNeverMeet(ClusterProcesses cluster) throws Exception {
    try (Connection connection = cluster.connect(0);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE numbered (id bigserial PRIMARY KEY, node int)");
      statement.execute("CREATE TABLE keyless (node int, i int)");
    }
    int each = 60;
    List<CompletableFuture<Set<String>>> running = new ArrayList<>();
    for (int node = 0; node < NODES; node++) {
      int number = node;
      CompletableFuture<Set<String>> done = new CompletableFuture<>();
      running.add(done);
      Thread.ofPlatform()
          .start(
              () -> {
                Set<String> ids = new HashSet<>();
                try (Connection connection = cluster.connect(number);
                    Statement statement = connection.createStatement()) {
                  for (int i = 0; i < each; i++) {
                    ids.addAll(
                        column(
                            statement,
                            "INSERT INTO numbered (node) VALUES (" + number + ") RETURNING id"));
                    statement.execute("INSERT INTO keyless VALUES (" + number + ", " + i + ")");
                  }
                  done.complete(ids);
                } catch (SQLException e) {
                  done.completeExceptionally(e);
                }
              });
    }
    Set<String> all = new HashSet<>();
    for (CompletableFuture<Set<String>> done : running) {
      all.addAll(done.get(180, TimeUnit.SECONDS));
    }
    assertEquals(NODES * each, all.size());
    for (int node = 0; node < NODES; node++) {
      assertEquals(NODES * each, cluster.number(node, "SELECT count(*) FROM keyless"));
      assertEquals(
          NODES * each, cluster.number(node, "SELECT count(DISTINCT (node, i)) FROM keyless"));
    }
  }

  /// Two listeners at different nodes hear the same from senders at all nodes, each sender's in its
  /// order, and nothing of what was rolled back.
  private static void notificationsComeInTheOrderOfCommits(ClusterProcesses cluster)
      throws Exception {
    int each = 15;
    List<List<String>> heard = new ArrayList<>();
    try (Connection first = cluster.connect(0);
        Connection second = cluster.connect(1)) {
      for (Connection listener : List.of(first, second)) {
        try (Statement statement = listener.createStatement()) {
          statement.execute("LISTEN news");
        }
      }
      List<CompletableFuture<Void>> senders = new ArrayList<>();
      for (int node = 0; node < NODES; node++) {
        int number = node;
        senders.add(
            CompletableFuture.runAsync(
                () -> notifyFrom(cluster, number, each), task -> Thread.ofPlatform().start(task)));
      }
      for (CompletableFuture<Void> sender : senders) {
        sender.get(180, TimeUnit.SECONDS);
      }
      for (Connection listener : List.of(first, second)) {
        List<String> news = new ArrayList<>();
        ClusterProcesses.await(
            "all notifications",
            () -> {
              for (PGNotification one : listener.unwrap(PGConnection.class).getNotifications(50)) {
                news.add(one.getName() + " " + one.getParameter());
              }
              return news.size() >= NODES * each;
            });
        heard.add(news);
      }
    }
    assertEquals(heard.get(0), heard.get(1));
    assertEquals(NODES * each, heard.get(0).size());
    for (int node = 0; node < NODES; node++) {
      String sender = "news " + node + ":";
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < each; i++) {
        expected.add(sender + i);
      }
      assertEquals(expected, heard.get(0).stream().filter(n -> n.startsWith(sender)).toList());
    }
  }

  private static void notifyFrom(ClusterProcesses cluster, int node, int count) {
    try (Connection connection = cluster.connect(node);
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < count; i++) {
        statement.execute("BEGIN; NOTIFY news, 'lost'; ROLLBACK");
        statement.execute("NOTIFY news, '" + node + ":" + i + "'");
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void advisoryLocksHoldOnAllNodes(ClusterProcesses cluster) throws SQLException {
    try (Connection holder = cluster.connect(0);
        Connection other = cluster.connect(1);
        Statement holds = holder.createStatement();
        Statement wants = other.createStatement()) {
      String attempt = "SELECT pg_try_advisory_xact_lock(42)";
      holds.execute("BEGIN");
      holds.execute("SELECT pg_advisory_xact_lock(42)");
      assertEquals(List.of("t"), column(holds, attempt));
      assertEquals(List.of("f"), column(wants, attempt));
      assertEquals(List.of("f"), column(wants, "SELECT pg_try_advisory_xact_lock_shared(42)"));
      assertEquals(List.of("t"), column(wants, "SELECT pg_try_advisory_xact_lock(43)"));
      holds.execute("SAVEPOINT s");
      holds.execute("SELECT pg_advisory_xact_lock(7, 8)");
      assertEquals(List.of("f"), column(wants, "SELECT pg_try_advisory_xact_lock(7, 8)"));
      holds.execute("ROLLBACK TO s");
      assertEquals(List.of("t"), column(wants, "SELECT pg_try_advisory_xact_lock(7, 8)"));
      holds.execute("COMMIT");
      assertEquals(List.of("t"), column(wants, attempt));
    }
  }

  private static void advisoryLocksOfSessionsHoldOnAllNodes(ClusterProcesses cluster)
      throws Exception {
    try (Connection other = cluster.connect(1);
        Statement wants = other.createStatement()) {
      try (Connection holder = cluster.connect(0);
          Statement holds = holder.createStatement()) {
        holds.execute("SELECT pg_advisory_lock(42), pg_advisory_lock(42), pg_advisory_lock(44)");
        holds.execute("SELECT pg_advisory_lock_shared(45)");
        // Of the session's own locks none is in its way.
        assertEquals(List.of("t"), column(holds, "SELECT pg_try_advisory_xact_lock(42)"));
        assertEquals(List.of("f"), column(wants, "SELECT pg_try_advisory_lock(42)"));
        assertEquals(List.of("f"), column(wants, "SELECT pg_try_advisory_lock_shared(42)"));
        assertEquals(List.of("f"), column(wants, "SELECT pg_try_advisory_xact_lock(42)"));
        assertEquals(List.of("t"), column(wants, "SELECT pg_try_advisory_lock_shared(45)"));
        assertEquals(List.of("f"), column(wants, "SELECT pg_try_advisory_xact_lock(45)"));
        assertEquals(List.of("t"), column(wants, "SELECT pg_try_advisory_lock(43)"));
        assertEquals(List.of("f"), column(holds, "SELECT pg_try_advisory_lock(43)"));
        assertEquals(List.of("t"), column(wants, "SELECT pg_advisory_unlock(43)"));
        assertEquals(List.of("f"), column(wants, "SELECT pg_advisory_unlock(43)"));
        assertEquals(List.of("t"), column(holds, "SELECT pg_try_advisory_lock(43)"));
        assertEquals(List.of("t"), column(holds, "SELECT pg_advisory_unlock(42)"));
        assertEquals(List.of("f"), column(wants, "SELECT pg_try_advisory_lock(42)"));
        wants.execute("SET lock_timeout = '50ms'");
        SQLException late =
            assertThrows(SQLException.class, () -> wants.execute("SELECT pg_advisory_lock(42)"));
        assertEquals("55P03", late.getSQLState());
        wants.execute("SET lock_timeout = 0");
        CompletableFuture<List<String>> waits =
            CompletableFuture.supplyAsync(() -> ofSession(wants, "SELECT pg_advisory_lock(42)"));
        assertEquals(List.of("t"), column(holds, "SELECT pg_advisory_unlock(42)"));
        waits.get(20, TimeUnit.SECONDS);
        assertEquals(List.of("f"), column(holds, "SELECT pg_try_advisory_xact_lock_shared(42)"));
      }
      // With the session its locks go.
      column(wants, "SELECT pg_advisory_lock(44)");
      column(wants, "SELECT pg_advisory_unlock_all()");
      column(wants, "SELECT pg_advisory_xact_lock(45)");
    }
  }

  private static List<String> ofSession(Statement statement, String sql) {
    try {
      return column(statement, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Who waits for whom at another node is seen at a third, which cancels and ends them.
  private static void sessionsOfAllNodesAreSeenAndEnded(ClusterProcesses cluster) throws Exception {
    try (Connection holder = cluster.connect(0);
        Connection waiter = cluster.connect(1);
        Connection third = cluster.connect(2);
        Statement holds = holder.createStatement();
        Statement waits = waiter.createStatement();
        Statement looks = third.createStatement()) {
      holds.execute("CREATE TABLE waited (id int PRIMARY KEY, a int)");
      holds.execute("INSERT INTO waited VALUES (1, 1)");
      String pid = "SELECT pg_backend_pid()";
      String holding = column(holds, pid).getFirst();
      String waiting = column(waits, pid).getFirst();
      holds.execute("BEGIN");
      holds.execute("UPDATE waited SET a = 2");
      CompletableFuture<List<String>> end =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  waits.execute("UPDATE waited SET a = 3 WHERE id = 1");
                  return List.of();
                } catch (SQLException e) {
                  return List.of(e.getSQLState());
                }
              });
      ClusterProcesses.await(
          "the wait is seen",
          () ->
              column(
                      looks,
                      "SELECT pid || ' ' || pg_blocking_pids(pid)::text FROM pg_locks WHERE NOT granted")
                  .equals(List.of(waiting + " {" + holding + "}")));
      assertEquals(
          List.of("0", "1", "2"),
          column(
              looks,
              "SELECT DISTINCT node FROM pg_stat_activity JOIN trencadis_session_nodes USING (pid)"
                  + " ORDER BY node"));
      assertEquals(
          List.of("Lock"),
          column(looks, "SELECT wait_event_type FROM pg_stat_activity WHERE pid = " + waiting));
      assertEquals(List.of("t"), column(looks, "SELECT pg_cancel_backend(" + waiting + ")"));
      assertEquals(List.of("57014"), end.get(60, TimeUnit.SECONDS));
      assertEquals(List.of("t"), column(looks, "SELECT pg_terminate_backend(" + holding + ")"));
      assertEquals(List.of("f"), column(looks, "SELECT pg_terminate_backend(2147483646)"));
      looks.execute("UPDATE waited SET a = 4");
      assertThrows(SQLException.class, () -> holds.execute("COMMIT"));
    }
  }

  private static void statusOfAll(ClusterProcesses cluster) throws Exception {
    CommandRun run = CommandRun.of("status", "--port", cluster.node(1).port(), "--format", "json");
    assertEquals(0, run.exitCode(), run.err());
    JsonNode status = new ObjectMapper().readTree(run.out());
    assertEquals(NODES, status.get("nodes").size());
    int leads = 0;
    for (int node = 0; node < NODES; node++) {
      JsonNode each = status.get("nodes").get(node);
      assertEquals(node, each.get("node").asInt());
      assertEquals(cluster.address(node), each.get("address").asText());
      assertEquals(node == 1, each.get("this_node").asBoolean());
      assertTrue(each.get("reachable").asBoolean());
      assertEquals("0.1.0", each.get("version").asText());
      leads += each.get("leads").asInt();
    }
    assertEquals(ClusterProcesses.SHARDS + 1, leads);
    assertEquals(ClusterProcesses.SHARDS + 1, status.get("shards").size());
    JsonNode oracle = status.get("shards").get(ClusterProcesses.SHARDS);
    assertEquals("oracle", oracle.get("kind").asText());
    assertEquals(NODES, oracle.get("replicas").asInt());
    assertTrue(oracle.get("applied").asLong() > 0);
    CommandRun table = CommandRun.of("status", "--port", cluster.node(2).port());
    assertEquals(0, table.exitCode(), table.err());
    assertEquals(
        1 + NODES + 1 + 1 + ClusterProcesses.SHARDS + 1, table.out().lines().count(), table.out());
    assertTrue(cluster.node(0).http("/health/ready").body().contains("\"ready\""));
  }

  private static void leadersGoBeforeTheNodeDoes(ClusterProcesses cluster) throws Exception {
    int node = cluster.leader(true);
    int other = (node + 1) % NODES;
    assertTrue(cluster.leads(node, other) > 0);
    try (Connection open = cluster.connect(node);
        Statement statement = open.createStatement()) {
      statement.execute("BEGIN");
      column(statement, "SELECT 1");
      cluster.node(node).signal("TERM");
      // It drains, since the transaction is open, and leads nothing any more.
      ClusterProcesses.await(
          "others lead",
          () ->
              cluster.leads(node, other) == 0
                  && cluster.number(
                          other, "SELECT count(*) FROM trencadis_shards WHERE leader IS NULL")
                      == 0);
      assertTrue(cluster.node(node).isAlive());
      statement.execute("COMMIT");
    } catch (SQLException e) {
      assertTrue(
          e.getSQLState().startsWith("57P") || e.getSQLState().startsWith("08"), e::toString);
    }
    assertEquals(0, cluster.node(node).awaitEnd());
    CommandRun lacking = CommandRun.of("status", "--port", cluster.node(other).port());
    assertEquals(1, lacking.exitCode());
    assertTrue(
        lacking
            .out()
            .lines()
            .anyMatch(line -> line.matches(node + " .* no +no +- +0 +- +member +[0-9]+ +[0-9]+")),
        lacking.out());
    cluster.start(node);
  }

  private static void aNodeOfAnotherClusterIsRefused(ClusterProcesses cluster) throws Exception {
    ServerProcess node = cluster.node(2);
    assertEquals(0, node.terminate());
    CommandRun alone =
        CommandRun.of("start", "--data", node.data(), "--port", "0", "--http-port", "off");
    assertEquals(1, alone.exitCode());
    assertEquals(1, alone.err().lines().count(), alone.err());
    assertTrue(alone.err().contains("start it with --advertise"), alone.err());
    Path file = node.data().resolve("trencadis.node");
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("cluster = [0-9a-f]+", "cluster = abc123"));
    node.launch();
    String printed = node.awaitRefusal();
    assertEquals(1, node.awaitEnd(), printed);
    List<String> lines = printed.lines().filter(line -> line.startsWith("trencadis: ")).toList();
    assertEquals(1, lines.size(), printed);
    assertTrue(lines.getFirst().contains("belongs to cluster abc123"), printed);
    // The others have gone on.
    assertEquals(180, cluster.number(0, "SELECT count(*) FROM keyless"));
  }

  @Test
  void aWrongListIsALineAndCodeTwo() throws Exception {
    Path data = Files.createTempDirectory("trencadis-list");
    try {
      for (List<String> wrong :
          List.of(
              List.of("--join", "127.0.0.1:1,127.0.0.1:1", "--advertise", "127.0.0.1:1"),
              List.of("--join", "127.0.0.1:1,elsewhere", "--advertise", "127.0.0.1:1"),
              List.of("--join", "127.0.0.1:1,127.0.0.1:2"))) {
        List<Object> command =
            new ArrayList<>(List.of("start", "--data", data, "--port", "0", "--http-port", "off"));
        command.addAll(wrong);
        CommandRun run = CommandRun.of(command.toArray());
        assertEquals(2, run.exitCode(), wrong + ": " + run.err());
        assertEquals(1, run.err().lines().count(), run.err());
      }
    } finally {
      Directories.delete(data);
    }
  }

  /// A node that lost its disk would begin a second cluster, and nobody would notice.
  @Test
  void anEmptyDirectoryIsNoFirstNode() throws Exception {
    Path data = Files.createTempDirectory("trencadis-empty");
    try {
      CommandRun run =
          CommandRun.of(
              "start",
              "--data",
              data,
              "--port",
              "0",
              "--http-port",
              "off",
              "--advertise",
              "127.0.0.1:1");
      assertEquals(1, run.exitCode());
      assertEquals(1, run.err().lines().count(), run.err());
      assertTrue(run.err().contains("is empty"), run.err());
    } finally {
      Directories.delete(data);
    }
  }

  @Test
  void aNodeOnItsOwnIsAClusterOfOne() throws Exception {
    try (RunningServer server = RunningServer.start();
        Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      assertEquals(
          List.of("(0,,t,t,0.1.0,4,0,member,4,)"),
          column(statement, "SELECT n::text FROM trencadis_nodes n"));
      assertEquals(
          List.of(
              "(0,data,0,1,0,,0,)",
              "(1,data,0,1,0,,0,)",
              "(2,data,0,1,0,,0,)",
              "(3,data,0,1,0,,0,)"),
          column(statement, "SELECT s::text FROM trencadis_shards s ORDER BY shard"));
      assertFalse(
          column(statement, "SELECT relname FROM pg_class WHERE relname LIKE 'trencadis%'")
              .isEmpty());
    }
  }
}
