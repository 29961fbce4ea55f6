package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// PgBouncer in transaction mode between clients and the server: many clients share few sessions.
class PgBouncerTest {
  private static final int SESSIONS = 3;

  @TempDir Path folder;

  private static Path program() {
    Path found = ClientProgram.find("pgbouncer");
    return found != null ? found : Path.of("/usr/sbin/pgbouncer");
  }

  private Process start(int listen, int server) throws IOException {
    Path settings = folder.resolve("pgbouncer.ini");
    Files.writeString(
        settings,
        """
        [databases]
        * = host=127.0.0.1 port=%d user=postgres
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        auth_type = any
        pool_mode = transaction
        default_pool_size = %d
        unix_socket_dir =
        """
            .formatted(server, listen, SESSIONS));
    // It refuses to be root, and whoever it is instead must be able to read.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> command = new ArrayList<>(List.of(program().toString()));
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("-u", "nobody"));
    }
    command.add(settings.toString());
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static void awaitReady(BufferedReader output) throws IOException {
    StringBuilder seen = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      seen.append(line).append('\n');
      if (line.contains("process up")) {
        Thread.ofVirtual().start(() -> output.lines().forEach(_ -> {}));
        return;
      }
    }
    throw new AssertionError("PgBouncer has ended:\n" + seen);
  }

  @Test
  void manyClientsShareFewSessions() throws Exception {
    boolean there = Files.isExecutable(program());
    assertTrue(there || !Boolean.getBoolean("clients.required"), "pgbouncer is not installed");
    assumeTrue(there, "pgbouncer is not installed");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (RunningServer server = RunningServer.start()) {
      Process pooler = start(port, server.port());
      try {
        awaitReady(pooler.inputReader(StandardCharsets.UTF_8));
        exercise(port, server);
      } finally {
        pooler.destroy();
        pooler.waitFor();
      }
    }
  }

  private static void exercise(int port, RunningServer server) throws Exception {
    pgbench(port, "-i", "-s", "1");
    for (String mode : List.of("simple", "extended")) {
      pgbench(port, "-n", "-c", "12", "-t", "10", "-M", mode);
    }
    try (Connection direct = server.connect();
        Statement statement = direct.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT (SELECT sum(abalance) FROM pgbench_accounts) ="
                    + " (SELECT sum(delta) FROM pgbench_history),"
                    + " (SELECT count(*) FROM pgbench_history),"
                    + " (SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                    + " AND client_port IS NOT NULL)")) {
      rows.next();
      assertTrue(rows.getBoolean(1));
      assertEquals(240, rows.getInt(2));
      assertTrue(rows.getInt(3) <= SESSIONS, "sessions: " + rows.getInt(3));
    }
    String url =
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&prepareThreshold=0";
    try (Connection one = DriverManager.getConnection(url);
        Connection two = DriverManager.getConnection(url)) {
      one.setAutoCommit(false);
      one.createStatement().execute("SET LOCAL work_mem = '1MB'");
      one.createStatement().execute("UPDATE pgbench_branches SET bbalance = 7");
      one.commit();
      try (ResultSet rows =
          two.createStatement()
              .executeQuery("SELECT bbalance, current_setting('work_mem') FROM pgbench_branches")) {
        rows.next();
        assertEquals(7, rows.getInt(1));
        assertEquals("4MB", rows.getString(2));
      }
    }
  }

  private static void pgbench(int port, String... arguments) throws Exception {
    var run = ClientProgram.run(port, 120, null, "pgbench", arguments);
    assertEquals(0, run.exitCode(), run.output());
  }
}
