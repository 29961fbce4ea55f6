package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.cli.http.Health;
import io.trencadis.sql.session.settings.SettingsRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Probes and metrics of a server in a process of its own, while clients work.
@Timeout(180)
class OperatorPortTest {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{[^}]*\\})?) (-?[0-9.eE+-]+|NaN|\\+Inf)");

  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    server = ServerProcess.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /// All samples by name and labels; every line has to be one, or a comment.
  private static Map<String, Double> metrics() throws Exception {
    HttpResponse<String> answer = server.http("/metrics");
    assertEquals(200, answer.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        answer.headers().firstValue("content-type").orElseThrow());
    Map<String, Double> samples = new HashMap<>();
    for (String line : answer.body().split("\n")) {
      if (!line.startsWith("# ")) {
        Matcher sample = SAMPLE.matcher(line);
        assertTrue(sample.matches(), line);
        String number = sample.group(2);
        Double value = number.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.valueOf(number);
        assertEquals(null, samples.put(sample.group(1), value), line + " comes twice");
      }
    }
    return samples;
  }

  private static double grown(
      Map<String, Double> before, Map<String, Double> after, String sample) {
    assertTrue(after.containsKey(sample), () -> sample + " is missing: " + after.keySet());
    return after.get(sample) - before.getOrDefault(sample, 0.0);
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  @Test
  void probesAnswer() throws Exception {
    assertEquals("{\"status\":\"live\"}\n", server.http("/health/live").body());
    HttpResponse<String> ready = server.http("/health/ready");
    assertEquals("200 {\"status\":\"ready\"}\n", ready.statusCode() + " " + ready.body());
    assertEquals("application/json", ready.headers().firstValue("content-type").orElseThrow());
    assertEquals(404, server.http("/health").statusCode());
  }

  private static HttpResponse<String> get(String url) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void beforeTheServerIsThereThePortSaysSo() throws Exception {
    Health health = new Health();
    SettingsRegistry settings = new SettingsRegistry(Map.of(OperatorPort.PORT, "0"));
    try (OperatorPort port = OperatorPort.open(settings, health, null)) {
      String base = port.url().replace("/metrics", "");
      assertEquals(200, get(base + "/health/live").statusCode());
      HttpResponse<String> recovering = get(base + "/health/ready");
      assertEquals(503, recovering.statusCode());
      assertTrue(recovering.body().startsWith("{\"status\":\"recovering\","), recovering.body());
      String metrics = get(port.url()).body();
      assertTrue(metrics.contains("\ntrencadis_node_ready 0.0\n"), metrics);
      assertTrue(metrics.contains("\njvm_memory_used_bytes{"), metrics);
      health.ready();
      assertEquals(200, get(base + "/health/ready").statusCode());
      assertTrue(get(port.url()).body().contains("\ntrencadis_node_ready 1.0\n"));
      health.failed("the disk is gone");
      assertEquals(
          "{\"status\":\"failed\",\"reason\":\"the disk is gone\"}\n",
          get(base + "/health/ready").body());
    }
  }

  @Test
  void theUsualPortIsDoneWithoutIfItIsTaken() throws Exception {
    StringWriter said = new StringWriter();
    SettingsRegistry settings = new SettingsRegistry(Map.of());
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        OperatorPort port =
            OperatorPort.open(
                settings, new Health(), new PrintWriter(said, true), other.getLocalPort())) {
      assertEquals(null, port.url());
      assertEquals(
          "trencadis: cannot listen for HTTP at 127.0.0.1:"
              + other.getLocalPort()
              + ": address already in use, so there are no probes and no metrics."
              + " Give another port with --http-port, or none with --http-port off.\n",
          said.toString());
    }
    SettingsRegistry off = new SettingsRegistry(Map.of(OperatorPort.PORT, "off"));
    try (OperatorPort port = OperatorPort.open(off, new Health(), null)) {
      assertEquals(null, port.url());
    }
  }

  @Test
  void whatClientsDoIsCounted() throws Exception {
    try (Connection a = server.connect();
        Connection b = server.connect()) {
      run(a, "CREATE TABLE counted (id int PRIMARY KEY, v int)");
      Map<String, Double> before = metrics();
      run(
          a,
          "INSERT INTO counted SELECT i, 0 FROM generate_series(1, 100) i",
          "SELECT count(*) FROM counted",
          "SELECT count(*) FROM counted",
          "CREATE INDEX ON counted (v)",
          "CHECKPOINT");
      assertThrows(SQLException.class, () -> run(a, "SELECT 1/0"));
      // Each waits for the other once, and one is the victim.
      a.setAutoCommit(false);
      b.setAutoCommit(false);
      run(a, "UPDATE counted SET v = 1 WHERE id = 1");
      run(b, "UPDATE counted SET v = 2 WHERE id = 2");
      CompletableFuture<String> other =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  run(a, "UPDATE counted SET v = 1 WHERE id = 2");
                  return "00000";
                } catch (SQLException e) {
                  return e.getSQLState();
                }
              });
      while (metrics().get("trencadis_lock_waiting") < 1) {
        Thread.onSpinWait();
      }
      Map<String, Double> waiting = metrics();
      assertEquals(1, waiting.get("trencadis_sessions{state=\"idle in transaction\"}"));
      assertEquals(1, waiting.get("trencadis_sessions{state=\"active\"}"));
      String mine = "00000";
      try {
        run(b, "UPDATE counted SET v = 2 WHERE id = 1");
      } catch (SQLException e) {
        mine = e.getSQLState();
      }
      b.rollback();
      try (Statement statement = b.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'")) {
        assertTrue(rows.next());
        assertEquals(1, rows.getInt(1));
      }
      b.rollback();
      assertEquals(
          List.of("00000", "40P01"), List.of(mine, other.get()).stream().sorted().toList());
      a.rollback();

      Map<String, Double> after = metrics();
      String count = "trencadis_statement_duration_seconds_count";
      assertEquals(1, grown(before, after, count + "{kind=\"insert\"}"));
      assertEquals(3, grown(before, after, count + "{kind=\"select\"}"));
      assertEquals(1, grown(before, after, count + "{kind=\"schema\"}"));
      assertTrue(grown(before, after, count + "{kind=\"update\"}") >= 3);
      assertTrue(grown(before, after, count + "{kind=\"transaction\"}") >= 2);
      assertTrue(
          grown(before, after, "trencadis_statement_duration_seconds_sum{kind=\"insert\"}") > 0);
      assertEquals(
          after.get(count + "{kind=\"insert\"}"),
          after.get("trencadis_statement_duration_seconds_bucket{kind=\"insert\",le=\"+Inf\"}"));
      assertEquals(1, grown(before, after, "trencadis_errors_total{sqlstate_class=\"22\"}"));
      assertEquals(1, grown(before, after, "trencadis_errors_total{sqlstate_class=\"40\"}"));
      assertEquals(1, grown(before, after, "trencadis_deadlocks_total"));
      assertTrue(grown(before, after, "trencadis_lock_wait_duration_seconds_count") >= 1);
      assertTrue(grown(before, after, "trencadis_lock_wait_duration_seconds_sum") > 0);
      assertTrue(grown(before, after, "trencadis_transactions_total{outcome=\"commit\"}") >= 4);
      assertTrue(grown(before, after, "trencadis_transactions_total{outcome=\"rollback\"}") >= 2);
      assertTrue(grown(before, after, "trencadis_wal_bytes_total") > 100);
      assertTrue(grown(before, after, "trencadis_wal_fsyncs_total") >= 1);
      assertTrue(grown(before, after, "trencadis_disk_force_duration_seconds_count") >= 1);
      assertTrue(grown(before, after, "trencadis_flushes_total") >= 1);
      assertTrue(grown(before, after, "trencadis_plans_made_total") >= 2);
      assertTrue(grown(before, after, "trencadis_plans_reused_total") >= 1);
      double keys = 0;
      for (int shard = 0; shard < 4; shard++) {
        keys += after.get("trencadis_shard_keys{shard=\"" + shard + "\"}");
        assertTrue(after.get("trencadis_shard_memtable_bytes{shard=\"" + shard + "\"}") >= 0);
      }
      // A row and its index entry.
      assertTrue(keys >= 200, "keys: " + keys);
      for (String sample :
          List.of(
              "trencadis_node_ready",
              "trencadis_sessions_max",
              "trencadis_connections_admitted_total",
              "trencadis_base_tree_bytes",
              "jvm_threads_live_threads",
              "process_uptime_seconds")) {
        assertTrue(after.getOrDefault(sample, 0.0) > 0, sample);
      }
      for (String sample :
          List.of(
              "trencadis_connections_refused_total",
              "trencadis_transaction_replays_total",
              "trencadis_statement_restarts_total",
              "trencadis_write_stalls_total",
              "trencadis_wal_uncovered_bytes",
              "trencadis_version_store_bytes")) {
        assertTrue(after.containsKey(sample), sample);
      }
      assertTrue(after.keySet().stream().anyMatch(name -> name.startsWith("jvm_gc_seconds_count")));
      assertTrue(
          after.keySet().stream().anyMatch(name -> name.startsWith("jvm_memory_used_bytes{")));
    }
  }
}
