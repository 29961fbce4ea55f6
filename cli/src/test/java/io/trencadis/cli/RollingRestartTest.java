package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// The nodes of a cluster are stopped by SIGTERM and started again one after the other, as for a
/// new release, while clients transfer money: every transaction succeeds that is tried again as
/// often as it has to be, and happens once.
class RollingRestartTest {
  private static final int CLIENTS = 6;
  private static final int ACCOUNTS = 40;
  private static final long EACH = 1_000;
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(150);

  /// What a client may be told of a transaction that it should try again: it has met others, or the
  /// node is going, or it is gone.
  private static final Set<String> AGAIN =
      Set.of("40001", "40P01", "57P01", "57P03", "08001", "08003", "08006", "08007");

  private final AtomicLong numbers = new AtomicLong();
  private final AtomicReference<String> fault = new AtomicReference<>();
  private final Map<String, Integer> failures = new ConcurrentSkipListMap<>();
  private volatile boolean stop;

  @Test
  void noTransactionFailsThatARetryDoesNotHeal() throws Exception {
    try (ClusterProcesses cluster = ClusterProcesses.start(ClusterProcesses.USUAL)) {
      create(cluster);
      List<Thread> clients = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        int number = client;
        clients.add(
            Thread.ofPlatform().name("client-" + client).start(() -> work(cluster, number)));
      }
      for (int node = 0; node < ClusterProcesses.NODES; node++) {
        progress();
        assertEquals(0, cluster.node(node).terminate(), "node " + node);
        progress();
        cluster.start(node);
      }
      progress();
      stop = true;
      for (Thread client : clients) {
        client.join(TimeUnit.NANOSECONDS.toMillis(2 * MOST_NANOS));
        assertTrue(!client.isAlive(), client.getName() + " does not end");
      }
      assertNull(fault.get());
      judge(cluster);
      System.out.println(numbers + " transfers; attempts that failed: " + failures);
    }
  }

  private static void create(ClusterProcesses cluster) throws SQLException {
    try (Connection connection = cluster.connect(0);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL)");
      statement.execute("CREATE TABLE moved (id bigint PRIMARY KEY, giver int, taker int)");
      statement.execute(
          "INSERT INTO account SELECT g, " + EACH + " FROM generate_series(1, " + ACCOUNTS + ") g");
    }
  }

  /// Waits until a good number of transfers more have been made.
  private void progress() {
    long from = numbers.get();
    ClusterProcesses.await(
        "transfers go on", () -> fault.get() != null || numbers.get() >= from + 3 * CLIENTS);
    assertNull(fault.get());
  }

  private void work(ClusterProcesses cluster, int client) {
    Random random = new Random(client);
    int node = client % ClusterProcesses.NODES;
    while (!stop && fault.get() == null) {
      long id = numbers.incrementAndGet();
      int giver = 1 + random.nextInt(ACCOUNTS);
      int taker = 1 + (giver + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
      long begin = System.nanoTime();
      while (node >= 0) {
        node = transfers(cluster, node, id, giver, taker);
        if (node < 0) {
          break;
        }
        if (System.nanoTime() - begin > MOST_NANOS) {
          fault.compareAndSet(null, "transfer " + id + " was tried in vain; " + failures);
          return;
        }
      }
      node = random.nextInt(ClusterProcesses.NODES);
    }
  }

  /// Makes a transfer, unless an attempt whose outcome nobody was told has made it.
  ///
  /// @return where to try again; -1 if it is made
  private int transfers(ClusterProcesses cluster, int node, long id, int giver, int taker) {
    try (Connection connection = cluster.connect(node);
        Statement statement = connection.createStatement()) {
      for (int attempt = 0; attempt < 100; attempt++) {
        try {
          statement.execute("BEGIN");
          if (!isMade(statement, id)) {
            statement.execute("UPDATE account SET balance = balance - 1 WHERE id = " + giver);
            statement.execute("UPDATE account SET balance = balance + 1 WHERE id = " + taker);
            statement.execute(
                "INSERT INTO moved VALUES (" + id + ", " + giver + ", " + taker + ")");
          }
          statement.execute("COMMIT");
          return -1;
        } catch (SQLException e) {
          if (!e.getSQLState().startsWith("40")) {
            throw e;
          }
          note(e);
          statement.execute("ROLLBACK");
        }
      }
    } catch (SQLException e) {
      note(e);
    }
    return (node + 1) % ClusterProcesses.NODES;
  }

  private void note(SQLException e) {
    failures.merge(e.getSQLState(), 1, Integer::sum);
    if (!AGAIN.contains(e.getSQLState())) {
      fault.compareAndSet(null, e + " (" + e.getSQLState() + ")");
    }
  }

  private static boolean isMade(Statement statement, long id) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT 1 FROM moved WHERE id = " + id)) {
      return rows.next();
    }
  }

  private void judge(ClusterProcesses cluster) throws SQLException {
    for (int node = 0; node < ClusterProcesses.NODES; node++) {
      assertEquals(numbers.get(), cluster.number(node, "SELECT count(*) FROM moved"));
      assertEquals(
          ACCOUNTS,
          cluster.number(
              node,
              "SELECT count(*) FROM account WHERE balance = "
                  + EACH
                  + " - (SELECT count(*) FROM moved WHERE giver = account.id)"
                  + " + (SELECT count(*) FROM moved WHERE taker = account.id)"));
    }
  }
}
