package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Three nodes in processes of their own, of which some are killed, paused and started again while
/// clients of all nodes transfer money and append to lists. `-Dseed=` repeats the order of faults,
/// `-Dcluster.rounds=` has all of them several times.
class ClusterProcessTest {
  private static final int ROUNDS = Integer.getInteger("cluster.rounds", 1);
  private static final int CLIENTS = 6;

  /// Much more than it takes: an election is due after a second, and the machine may be busy.
  private static final long MOST_MILLIS = 180_000;

  private enum Fault {
    KILL_FOLLOWER,
    KILL_LEADER,
    KILL_ORACLE_LEADER,
    KILL_GATEWAY,
    PAUSE_LEADER,
    KILL_ALL
  }

  private final long seed = Long.getLong("seed", System.nanoTime() & 0xffff_ffffL);
  private final Random random = new Random(seed);
  private ClusterProcesses cluster;
  private ClusterBank bank;
  private ClusterLists lists;

  @Test
  void clientsGoOnAndNothingIsLostWhateverHappensToANode() throws Exception {
    long begin = System.nanoTime();
    try (ClusterProcesses started = ClusterProcesses.start(ClusterProcesses.USUAL)) {
      cluster = started;
      say("three nodes are one cluster", begin);
      bank = new ClusterBank(cluster, CLIENTS);
      lists = new ClusterLists(cluster, CLIENTS);
      bank.create();
      lists.create();
      execute(2, "CREATE TABLE held (id int PRIMARY KEY, n int)");
      execute(2, "INSERT INTO held SELECT g, 0 FROM generate_series(1, 8) g");
      bank.begin(seed);
      lists.begin(seed + 1);
      awaitProgress();
      List<Fault> faults = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        List<Fault> all = new ArrayList<>(List.of(Fault.values()));
        Collections.shuffle(all, random);
        faults.addAll(all);
      }
      for (Fault fault : faults) {
        inject(fault);
        check(fault);
      }
      bank.end();
      lists.end();
      say(bank.counts() + ", " + lists.counts() + ", seed " + seed, begin);
    } catch (Exception | Error e) {
      e.addSuppressed(new IllegalStateException("seed " + seed));
      throw e;
    }
  }

  private static void say(String what, long since) {
    System.out.println(what + " after " + (System.nanoTime() - since) / 1_000_000 + " ms");
  }

  private void execute(int node, String sql) throws SQLException {
    try (Connection connection = cluster.connect(node);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void awaitProgress() {
    long now = System.nanoTime();
    bank.awaitProgress(now);
    lists.awaitProgress(now);
  }

  private void inject(Fault fault) throws Exception {
    bank.forgetSilence();
    lists.forgetSilence();
    int node =
        switch (fault) {
          case KILL_FOLLOWER -> cluster.leader(false);
          case KILL_LEADER, PAUSE_LEADER -> cluster.leader(true);
          case KILL_ORACLE_LEADER -> cluster.oracleLeader(0);
          case KILL_GATEWAY, KILL_ALL -> random.nextInt(ClusterProcesses.NODES);
        };
    int other = (node + 1) % ClusterProcesses.NODES;
    int led = cluster.leads(node, other);
    long begin = System.nanoTime();
    long slowest;
    switch (fault) {
      case KILL_GATEWAY -> slowest = killGateway(node, other);
      case PAUSE_LEADER -> {
        cluster.node(node).signal("STOP");
        try {
          ClusterProcesses.await(
              "others lead what a paused node has led",
              () ->
                  cluster.number(
                          other,
                          "SELECT count(*) FROM trencadis_shards WHERE leader IS NULL OR leader = "
                              + node)
                      == 0);
        } finally {
          cluster.node(node).signal("CONT");
        }
        slowest = awaitProgressSince(begin);
      }
      case KILL_ALL -> {
        for (int each = 0; each < ClusterProcesses.NODES; each++) {
          cluster.node(each).kill();
        }
        cluster.launchAll();
        say("all nodes are up again", begin);
        // How long processes take to start is not what is judged.
        begin = System.nanoTime();
        slowest = awaitProgressSince(begin);
      }
      default -> {
        cluster.node(node).kill();
        slowest = awaitProgressSince(begin);
      }
    }
    System.out.printf(
        "%s (node %d, which led %d of %d groups): nobody got on for %d ms, all clients did within"
            + " %d ms%n",
        fault,
        node,
        led,
        ClusterProcesses.SHARDS + 1,
        Math.max(bank.silenceMillis(), lists.silenceMillis()),
        slowest);
    assertTrue(slowest < MOST_MILLIS, fault + ": " + slowest + " ms");
    if (!cluster.node(node).isAlive()) {
      cluster.start(node);
      awaitProgress();
    }
  }

  private long awaitProgressSince(long begin) {
    return Math.max(bank.awaitProgress(begin), lists.awaitProgress(begin));
  }

  /// What it has locked is given up, and nothing that it has not committed stays.
  private long killGateway(int node, int other) throws Exception {
    long before = cluster.number(other, "SELECT sum(n) FROM held");
    long begin;
    try (Connection connection = cluster.connect(node);
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
      statement.execute("UPDATE held SET n = n + 1");
      statement.execute("INSERT INTO held VALUES (9, 9)");
      begin = System.nanoTime();
      cluster.node(node).kill();
      execute(other, "UPDATE held SET n = n + 10");
      say("what a killed gateway has locked is free", begin);
    } catch (SQLException gone) {
      throw new AssertionError("the rows stay locked", gone);
    }
    assertEquals(before + 80, cluster.number(other, "SELECT sum(n) FROM held"));
    return awaitProgressSince(begin);
  }

  private void check(Fault fault) throws Exception {
    assertNull(bank.quiet(() -> lists.quiet(this::wrong)), fault + ", seed " + seed);
  }

  private String wrong() throws SQLException {
    String wrong = bank.fault() != null ? bank.fault() : lists.fault();
    String first = null;
    for (int node = 0; wrong == null && node < ClusterProcesses.NODES; node++) {
      wrong = bank.judge(node);
      wrong = wrong != null ? wrong : lists.judge(node);
      String rows = rows(node);
      first = first == null ? rows : first;
      wrong = wrong == null && !first.equals(rows) ? "node " + node + " has other rows" : wrong;
    }
    return wrong;
  }

  private String rows(int node) throws SQLException {
    StringBuilder all = new StringBuilder();
    try (Connection connection = cluster.connect(node);
        Statement statement = connection.createStatement()) {
      for (String table : List.of("account", "transfer", "list", "held")) {
        try (ResultSet rows =
            statement.executeQuery("SELECT t::text FROM " + table + " t ORDER BY id")) {
          while (rows.next()) {
            all.append(rows.getString(1)).append('\n');
          }
        }
      }
    }
    return all.toString();
  }
}
