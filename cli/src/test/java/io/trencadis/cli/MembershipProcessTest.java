package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Processes that become a cluster one by one, of which one loses its disk and another is drained,
/// while clients of the first transfer money.
class MembershipProcessTest {
  private static final int ACCOUNTS = 20;
  private static final int EACH = 1_000;
  private static final int CLIENTS = 4;
  private static final int STEP = 40;
  private static final int COPIES = 15;

  private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicReference<Throwable> fault = new AtomicReference<>();
  private final List<Thread> clients = new ArrayList<>();
  private final List<ServerProcess> started = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();
  private Path directory;

  @Test
  void nodesComeAndGoAndNothingThatWasAcknowledgedIsLost() throws Exception {
    directory = Files.createTempDirectory("trencadis-members");
    chooseAddresses(4);
    try {
      ServerProcess alone = ServerProcess.start(directory.resolve("n0"));
      started.add(alone);
      create(alone);
      assertEquals(0, alone.terminate());
      ServerProcess first = launch("n0", "--advertise", addresses.get(0));
      first.awaitReady();
      begin(first);
      awaitProgress();
      for (int node = 1; node < 3; node++) {
        join("n" + node, node).awaitReady();
        awaitProgress();
      }
      awaitStates(first, "member", "member", "member");
      loseADisk(first);
      drain(first);
      awaitProgress();
      stop.set(true);
      for (Thread client : clients) {
        client.join(TimeUnit.SECONDS.toMillis(180));
      }
      if (fault.get() != null) {
        throw new AssertionError(fault.get());
      }
      for (ServerProcess node : started) {
        if (node.isAlive()) {
          judge(node);
        }
      }
    } finally {
      stop.set(true);
      for (ServerProcess node : started) {
        if (node.isAlive()) {
          node.kill();
        }
      }
      Directories.delete(directory);
    }
  }

  private void chooseAddresses(int count) throws IOException {
    List<ServerSocket> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      taken.add(socket);
      addresses.add("127.0.0.1:" + socket.getLocalPort());
    }
    for (ServerSocket socket : taken) {
      socket.close();
    }
  }

  private ServerProcess launch(String name, String... options) throws Exception {
    ServerProcess node = ServerProcess.prepare(directory.resolve(name), List.of(options));
    started.add(node);
    node.launch();
    return node;
  }

  private ServerProcess join(String name, int place) throws Exception {
    return launch(name, "--join", addresses.get(0), "--advertise", addresses.get(place));
  }

  private void loseADisk(ServerProcess first) throws Exception {
    long begin = System.nanoTime();
    ServerProcess lost = started.getLast();
    lost.kill();
    awaitProgress();
    ServerProcess fresh = join("n2-again", 2);
    fresh.awaitReady();
    awaitStates(first, "member", "member", "gone", "member");
    System.out.println("a lost disk is made up for after " + millis(begin) + " ms");
    awaitProgress();
    // The old directory is back: nobody talks to it.
    ServerProcess old = launch("n2", "--advertise", addresses.get(3));
    String refusal = old.awaitRefusal();
    assertTrue(refusal.contains("node 2 was taken out of the cluster"), refusal);
    assertEquals(1, old.awaitEnd());
  }

  private void drain(ServerProcess first) throws Exception {
    CommandRun refused = CommandRun.of("drain", "1", "--port", first.port());
    assertEquals(1, refused.exitCode(), refused.out());
    assertTrue(refused.err().contains("2 nodes would be left"), refused.err());
    assertEquals(1, refused.err().lines().count(), refused.err());
    join("n4", 3).awaitReady();
    awaitStates(first, "member", "member", "gone", "member", "member");
    ServerProcess second = started.get(2);
    long begin = System.nanoTime();
    CommandRun drained = CommandRun.of("drain", "1", "--port", first.port());
    assertEquals(0, drained.exitCode(), drained.err());
    assertTrue(drained.out().contains("node 1 is out of the cluster"), drained.out());
    System.out.println("a node is drained after " + millis(begin) + " ms:\n" + drained.out());
    assertEquals(0, second.awaitEnd());
    awaitStates(first, "member", "gone", "gone", "member", "member");
    begin = System.nanoTime();
    ClusterProcesses.await("balance", () -> leads(first).equals(Set.of(1, 2)));
    System.out.println("leaders are even after " + millis(begin) + " ms");
  }

  private static long millis(long since) {
    return (System.nanoTime() - since) / 1_000_000;
  }

  private static void awaitStates(ServerProcess asked, String... states) throws Exception {
    ClusterProcesses.await(
        "nodes are " + List.of(states),
        () -> {
          List<String> found = new ArrayList<>();
          try (Connection connection = connect(asked);
              Statement statement = connection.createStatement();
              ResultSet rows =
                  statement.executeQuery("SELECT state FROM trencadis_nodes ORDER BY node")) {
            while (rows.next()) {
              found.add(rows.getString(1));
            }
          }
          return found.equals(List.of(states));
        });
    // While a group changes its leader nobody says who votes there.
    ClusterProcesses.await("the copies of " + List.of(states), () -> hasCopies(asked, states));
  }

  /// Whether all members have as many copies, or one more, of three of each of five groups.
  private static boolean hasCopies(ServerProcess asked, String... states) {
    CommandRun status = CommandRun.of("status", "--port", asked.port(), "--format", "json");
    JsonNode nodes;
    try {
      nodes = new ObjectMapper().readTree(status.out()).get("nodes");
    } catch (JsonProcessingException e) {
      throw new AssertionError(status.out(), e);
    }
    int members = Collections.frequency(List.of(states), "member");
    boolean all = true;
    for (int node = 0; node < states.length; node++) {
      assertEquals(states[node], nodes.get(node).get("state").asText());
      int groups = nodes.get(node).get("groups").asInt();
      int least = states[node].equals("gone") ? 0 : COPIES / members;
      int most = states[node].equals("gone") ? 0 : (COPIES + members - 1) / members;
      assertTrue(groups <= most, status.out());
      all &= groups >= least;
    }
    return all;
  }

  /// How many groups nodes lead that are members: one or two each, of five over three.
  private static Set<Integer> leads(ServerProcess asked) throws SQLException {
    Set<Integer> leads = new HashSet<>();
    try (Connection connection = connect(asked);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT leads FROM trencadis_nodes WHERE state = 'member'")) {
      while (rows.next()) {
        leads.add(rows.getInt(1));
      }
    }
    return leads;
  }

  // ---- clients

  private static Connection connect(ServerProcess node) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + node.port() + "/postgres?user=postgres");
  }

  private static void create(ServerProcess node) throws SQLException {
    try (Connection connection = connect(node);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL)");
      statement.execute("CREATE TABLE transfer (id bigint PRIMARY KEY)");
      statement.execute(
          "INSERT INTO account SELECT g, " + EACH + " FROM generate_series(1, " + ACCOUNTS + ") g");
    }
  }

  private void begin(ServerProcess node) {
    for (int client = 0; client < CLIENTS; client++) {
      Random random = new Random(client);
      clients.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (Connection connection = connect(node);
                        Statement statement = connection.createStatement()) {
                      while (!stop.get()) {
                        transfer(statement, random);
                      }
                    } catch (SQLException | RuntimeException | Error e) {
                      fault.compareAndSet(null, e);
                    }
                  }));
    }
  }

  private void transfer(Statement statement, Random random) throws SQLException {
    long id = numbers.incrementAndGet();
    int one = 1 + random.nextInt(ACCOUNTS - 1);
    int other = one + 1 + random.nextInt(ACCOUNTS - one);
    try {
      statement.execute("BEGIN");
      statement.execute("UPDATE account SET balance = balance - 1 WHERE id = " + one);
      statement.execute("UPDATE account SET balance = balance + 1 WHERE id = " + other);
      statement.execute("INSERT INTO transfer VALUES (" + id + ")");
      statement.execute("COMMIT");
      acknowledged.add(id);
    } catch (SQLException e) {
      // A shard has another leader: the transaction is to be tried again.
      if (!Set.of("40001", "40P01").contains(e.getSQLState())) {
        throw e;
      }
      statement.execute("ROLLBACK");
    }
  }

  private void awaitProgress() {
    int before = acknowledged.size();
    ClusterProcesses.await(
        "clients get on",
        () -> {
          if (fault.get() != null) {
            throw new AssertionError(fault.get());
          }
          return acknowledged.size() >= before + STEP;
        });
  }

  private void judge(ServerProcess node) throws SQLException {
    try (Connection connection = connect(node);
        Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery("SELECT sum(balance), count(*) FROM account")) {
        rows.next();
        assertEquals(ACCOUNTS * EACH, rows.getInt(1));
        assertEquals(ACCOUNTS, rows.getInt(2));
      }
      Set<Long> missing = new HashSet<>(acknowledged);
      try (ResultSet rows = statement.executeQuery("SELECT id FROM transfer")) {
        while (rows.next()) {
          missing.remove(rows.getLong(1));
        }
      }
      assertEquals(Set.of(), missing);
    }
  }
}
