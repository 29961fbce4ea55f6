package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Partitions are split and move to other shards while clients of all nodes write to them; the node
/// whose session moves one is killed in the middle. `-Dseed=` repeats what clients do.
class PartitionMoveProcessTest {
  private static final int CLIENTS = 4;
  private static final String MOVING =
      "SELECT count(*) FROM trencadis_stat_progress_move WHERE relid = 'transfer'::regclass";

  private final long seed = Long.getLong("seed", System.nanoTime() & 0xffff_ffffL);

  /// A change of a table may meet others' locks crosswise, and is tried again.
  private static void execute(ClusterProcesses cluster, int node, String... statements)
      throws SQLException {
    try (Connection connection = cluster.connect(node);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        boolean done = false;
        while (!done) {
          try {
            statement.execute(sql);
            done = true;
          } catch (SQLException e) {
            if (!e.getSQLState().startsWith("40")) {
              throw e;
            }
          }
        }
      }
    }
  }

  @Test
  void nothingIsLostOrDoubledWhereverThePartitionsAre() throws Exception {
    try (ClusterProcesses cluster = ClusterProcesses.start(ClusterProcesses.USUAL)) {
      ClusterBank bank =
          new ClusterBank(cluster, CLIENTS, "PARTITION BY RANGE (id) SPLIT AT VALUES (9), (17)");
      ClusterLists lists = new ClusterLists(cluster, CLIENTS);
      bank.create();
      lists.create();
      bank.begin(seed);
      lists.begin(seed + 1);
      Random random = new Random(seed);
      for (int round = 0; round < 3; round++) {
        int node = round % ClusterProcesses.NODES;
        int shard = random.nextInt(ClusterProcesses.SHARDS);
        execute(
            cluster,
            node,
            "ALTER TABLE account SPLIT PARTITION AT (" + (2 + round) + ")",
            "ALTER TABLE account MOVE PARTITION FOR (12) TO SHARD " + shard,
            "ALTER TABLE account MOVE PARTITION FOR (1) TO SHARD " + (shard + 1) % 6,
            "ALTER TABLE list MOVE PARTITION " + round + " TO SHARD " + (shard + 2) % 6,
            "ALTER TABLE transfer MOVE PARTITION " + round + " TO SHARD " + (shard + 3) % 6);
        progress(bank, lists);
        assertNull(wrong(cluster, bank, lists), "round " + round + ", seed " + seed);
      }
      killedInTheMiddle(cluster, bank, lists);
      bank.end();
      lists.end();
      assertNull(wrong(cluster, bank, lists), "in the end, seed " + seed);
      System.out.println(bank.counts() + ", " + lists.counts() + ", seed " + seed);
    }
  }

  private void killedInTheMiddle(ClusterProcesses cluster, ClusterBank bank, ClusterLists lists)
      throws Exception {
    int node = 1;
    int other = 2;
    // So that it looks soon for what its earlier life has left.
    execute(cluster, node, "ALTER SYSTEM SET autovacuum_naptime = '1s'");
    CompletableFuture<String> moving =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                execute(
                    cluster,
                    node,
                    "SET trencadis.move_rate = '1kB'",
                    "ALTER TABLE transfer MOVE PARTITION 5 TO SHARD 0",
                    "ALTER TABLE transfer MOVE PARTITION 5 TO SHARD 1");
                return "done";
              } catch (SQLException e) {
                return e.getSQLState();
              }
            },
            task -> Thread.ofPlatform().daemon().start(task));
    ClusterProcesses.await(
        "rows are copied",
        () ->
            cluster.number(node, MOVING + " AND phase = 'copying rows' AND tuples_done > 0") == 1);
    progress(bank, lists);
    assertEquals(1, cluster.number(other, MOVING), "the other nodes know of it");
    cluster.node(node).kill();
    String end = moving.get(120, TimeUnit.SECONDS);
    assertTrue(List.of("08006", "57P01", "57P02").contains(end), end);
    progress(bank, lists);
    cluster.start(node);
    ClusterProcesses.await("what was begun is given up", () -> cluster.number(other, MOVING) == 0);
    progress(bank, lists);
    assertNull(wrong(cluster, bank, lists), "after the kill, seed " + seed);
    execute(
        cluster,
        other,
        "ALTER TABLE transfer MOVE PARTITION 5 TO SHARD 0",
        "ALTER TABLE transfer MOVE PARTITION 5 TO SHARD 1");
  }

  private static void progress(ClusterBank bank, ClusterLists lists) {
    long now = System.nanoTime();
    bank.awaitProgress(now);
    lists.awaitProgress(now);
  }

  private static String wrong(ClusterProcesses cluster, ClusterBank bank, ClusterLists lists)
      throws Exception {
    return bank.quiet(
        () ->
            lists.quiet(
                () -> {
                  String wrong = bank.fault() != null ? bank.fault() : lists.fault();
                  for (int node = 0; wrong == null && node < ClusterProcesses.NODES; node++) {
                    wrong = bank.judge(node);
                    wrong = wrong != null ? wrong : lists.judge(node);
                  }
                  return wrong;
                }));
  }
}
