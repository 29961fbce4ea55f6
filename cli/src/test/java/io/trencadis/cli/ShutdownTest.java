package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.wire.RawClient;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Servers in processes of their own that are asked to stop while clients are busy, idle, and in
/// the middle of transactions.
@Timeout(180)
class ShutdownTest {
  private static final String FATAL =
      "E:FATAL 57P01 terminating connection due to administrator command";

  private static ServerProcess server(String... options) throws Exception {
    return ServerProcess.start(Files.createTempDirectory("trencadis-stop"), List.of(options));
  }

  private static RawClient client(ServerProcess server) throws Exception {
    RawClient client = RawClient.connect(server.port());
    client.patience(60_000);
    return client;
  }

  private static List<String> answer(RawClient client, String sql) throws Exception {
    client.query(sql);
    return client.untilReady();
  }

  private static int rows(ServerProcess server) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM tile")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void transactionsMayFinishAndIdleSessionsEndAtOnce() throws Exception {
    try (ServerProcess server = server("--drain-seconds", "600")) {
      RawClient open = client(server);
      assertEquals(
          List.of("C:CREATE TABLE", "ZI"), answer(open, "CREATE TABLE tile (id int PRIMARY KEY)"));
      RawClient idle = client(server);
      assertEquals(List.of("C:SET", "ZI"), answer(idle, "SET work_mem = '5MB'"));
      RawClient failed = client(server);
      answer(failed, "BEGIN");
      answer(failed, "SELECT 1/0");
      answer(open, "BEGIN");
      assertEquals(List.of("C:INSERT 0 1", "ZT"), answer(open, "INSERT INTO tile VALUES (1)"));

      server.signal("TERM");
      assertEquals(List.of(FATAL, "EOF"), idle.untilReady());
      var ready = server.http("/health/ready");
      assertEquals(503, ready.statusCode());
      assertEquals(
          "{\"status\":\"draining\",\"reason\":\"the node is shutting down\"}\n", ready.body());
      assertEquals(200, server.http("/health/live").statusCode());
      SQLException refused = assertThrows(SQLException.class, () -> server.connect().close());
      assertEquals("57P03", refused.getSQLState());
      assertEquals("FATAL: the database system is shutting down", refused.getMessage());
      // Both go on, and end with their transactions.
      assertEquals(List.of("C:INSERT 0 1", "ZT"), answer(open, "INSERT INTO tile VALUES (2)"));
      assertEquals(List.of("C:ROLLBACK", "ZI", FATAL, "EOF"), twice(failed, "ROLLBACK"));
      assertTrue(server.isAlive());
      assertEquals(List.of("C:COMMIT", "ZI", FATAL, "EOF"), twice(open, "COMMIT"));
      assertEquals(0, server.awaitEnd());
      assertEquals(0, CommandRun.of("verify", server.data()).exitCode());
      server.restart();
      assertEquals(2, rows(server));
    }
  }

  /// The answer, and what comes after it.
  private static List<String> twice(RawClient client, String sql) throws Exception {
    List<String> all = new ArrayList<>(answer(client, sql));
    all.addAll(client.untilReady());
    return all;
  }

  @Test
  void aStatementThatRunsIsWaitedFor() throws Exception {
    try (ServerProcess server = server("--drain-seconds", "600")) {
      try (Connection holder = server.connect();
          Connection waiter = server.connect();
          Statement hold = holder.createStatement();
          Statement wait = waiter.createStatement()) {
        hold.execute("CREATE TABLE tile (id int PRIMARY KEY, v int)");
        hold.execute("INSERT INTO tile VALUES (1, 0)");
        holder.setAutoCommit(false);
        hold.execute("UPDATE tile SET v = 1");
        CompletableFuture<Integer> waited =
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return wait.executeUpdate("UPDATE tile SET v = v + 10");
                  } catch (SQLException e) {
                    throw new AssertionError(e);
                  }
                });
        while (!server.http("/metrics").body().contains("trencadis_lock_waiting 1.0")) {
          Thread.onSpinWait();
        }
        server.signal("TERM");
        while (server.http("/health/ready").statusCode() == 200) {
          Thread.onSpinWait();
        }
        holder.commit();
        assertEquals(1, waited.join());
      }
      assertEquals(0, server.awaitEnd());
      server.restart();
      assertEquals(1, rows(server));
    }
  }

  @Test
  void theTimeIsLimited() throws Exception {
    try (ServerProcess server = server("--drain-seconds", "1")) {
      RawClient open = client(server);
      answer(open, "CREATE TABLE tile (id int PRIMARY KEY)");
      answer(open, "BEGIN");
      answer(open, "INSERT INTO tile VALUES (1)");
      server.signal("TERM");
      assertEquals(List.of(FATAL, "EOF"), open.untilReady());
      assertEquals(0, server.awaitEnd());
      server.restart();
      assertEquals(0, rows(server));
    }
  }

  @Test
  void busyClientsLoseNothing() throws Exception {
    int clients = 8;
    try (ServerProcess server = server("--drain-seconds", "600")) {
      answer(client(server), "CREATE TABLE tile (id int PRIMARY KEY)");
      AtomicInteger acknowledged = new AtomicInteger();
      CountDownLatch warm = new CountDownLatch(400);
      List<CompletableFuture<String>> ends = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        int first = i;
        ends.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try (Connection connection = server.connect();
                      Statement statement = connection.createStatement()) {
                    for (int id = first; ; id += clients) {
                      statement.executeUpdate("INSERT INTO tile VALUES (" + id + ")");
                      acknowledged.incrementAndGet();
                      warm.countDown();
                    }
                  } catch (SQLException e) {
                    return e.getSQLState();
                  }
                },
                task -> Thread.ofPlatform().daemon().start(task)));
      }
      assertTrue(warm.await(60, TimeUnit.SECONDS));
      server.signal("TERM");
      for (CompletableFuture<String> end : ends) {
        // The server's word, or a socket that was closed behind it before it was read.
        String state = end.get(60, TimeUnit.SECONDS);
        assertTrue(state.equals("57P01") || state.startsWith("08"), state);
      }
      assertEquals(0, server.awaitEnd());
      server.restart();
      // A session ends between two statements: none is carried out that was not answered.
      assertEquals(acknowledged.get(), rows(server));
    }
  }

  private static void hurried(String first, String second) throws Exception {
    try (ServerProcess server = server("--drain-seconds", "600")) {
      RawClient open = client(server);
      answer(open, "CREATE TABLE tile (id int PRIMARY KEY)");
      answer(open, "BEGIN");
      answer(open, "INSERT INTO tile VALUES (1)");
      if (first != null) {
        server.signal(first);
        while (server.http("/health/ready").statusCode() == 200) {
          Thread.onSpinWait();
        }
      }
      server.signal(second);
      assertEquals(List.of(FATAL, "EOF"), open.untilReady());
      assertEquals(0, server.awaitEnd());
      server.restart();
      assertEquals(0, rows(server));
    }
  }

  @Test
  void aSecondSignalHurries() throws Exception {
    hurried("TERM", "TERM");
  }

  @Test
  void anInterruptHurriesToo() throws Exception {
    hurried("TERM", "INT");
  }

  @Test
  void anInterruptIsFastFromTheFirst() throws Exception {
    hurried(null, "INT");
  }

  @Test
  void settingsComeFromTheFileTooAndAreReadAgain() throws Exception {
    var directory = Files.createTempDirectory("trencadis-stop");
    var file = Files.writeString(directory.resolve("t.conf"), "trencadis.drain_seconds = 10min\n");
    try (ServerProcess server =
        ServerProcess.start(directory.resolve("data"), List.of("--config", file.toString()))) {
      RawClient open = client(server);
      assertEquals(
          List.of("T", "D:[10min]", "C:SHOW", "ZI"),
          answer(open, "SHOW trencadis.drain_seconds").stream()
              .map(each -> each.startsWith("T") ? "T" : each)
              .toList());
      Files.writeString(file, "trencadis.drain_seconds = 0\n");
      answer(open, "SELECT pg_reload_conf()");
      answer(open, "BEGIN");
      server.signal("TERM");
      assertEquals(List.of(FATAL, "EOF"), open.untilReady());
      assertEquals(0, server.awaitEnd());
    } finally {
      Directories.delete(directory);
    }
  }
}
