package io.trencadis.sharding.cluster;

import static io.trencadis.sharding.cluster.Bank.REL;
import static io.trencadis.sharding.cluster.Bank.begin;
import static io.trencadis.sharding.cluster.TestCluster.SHARDS;
import static io.trencadis.sharding.cluster.TestCluster.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.Mutation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transactions that have written more than their leaders keep in memory, and nodes that go while
/// it is on its way into the logs: all of it is there, at every copy, or nothing, and no file of it
/// is left.
class LargeClusterTransactionTest {
  private static final int ROWS = 1_500;
  private static final int ROW_BYTES = 600;
  private static final int BATCH = 100;

  /// Of one transaction at one shard, in memory.
  private static final long LARGE_BYTES = 64 << 10;

  @TempDir Path directory;

  private static byte[] key(int round, int n) {
    return new byte[] {0, 0, 0, 70, (byte) round, (byte) (n >>> 8), (byte) n};
  }

  private static byte[] row(int value) {
    byte[] row = new byte[ROW_BYTES];
    Arrays.fill(row, (byte) value);
    return row;
  }

  private static void write(Transaction transaction, int round, int from, int to, int value) {
    for (int shard = 0; shard < SHARDS; shard++) {
      for (int n = from; n < to; n += BATCH) {
        List<Mutation> batch = new ArrayList<>();
        for (int each = n; each < Math.min(to, n + BATCH); each++) {
          batch.add(new Mutation.Put(key(round, each), row(value)));
        }
        transaction.mutate(shard, REL, batch);
      }
    }
  }

  /// How many rows of a round there are, all with one value.
  private static int count(Gateway gateway, int round, int value) {
    Transaction reader = begin(gateway);
    int count = 0;
    for (int shard = 0; shard < SHARDS; shard++) {
      try (RowCursor rows = reader.scan(shard, REL, key(round, 0), key(round + 1, 0), false)) {
        while (rows.next()) {
          assertArrayEquals(row(value), rows.value());
          count++;
        }
      }
    }
    reader.commit();
    return count;
  }

  private List<Path> runs(int node) {
    Path runs = directory.resolve("node" + node).resolve("runs");
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(runs)) {
      return files.toList();
    } catch (IOException vanished) {
      return List.of();
    }
  }

  /// All copies are the same, and nothing is left but rows.
  private void awaitNothingLeft(TestCluster cluster) {
    for (int shard = 0; shard < SHARDS; shard++) {
      int number = shard;
      await(
          "equal copies of shard " + shard,
          () ->
              cluster
                      .running()
                      .map(node -> hash(node.replicas().get(number).rows()))
                      .distinct()
                      .count()
                  == 1);
    }
    await(
        "no runs",
        () -> {
          cluster.running().forEach(LargeClusterTransactionTest::checkpoint);
          for (int node = 0; node < cluster.nodes.size(); node++) {
            if (!runs(node).isEmpty()) {
              return false;
            }
          }
          return true;
        });
  }

  private static int hash(List<byte[]> rows) {
    return Arrays.deepHashCode(rows.toArray());
  }

  private static void checkpoint(ClusterNode node) {
    try {
      node.gateway().checkpoint();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsTakenBackAndWrittenAgainCommitsAsOne() throws Exception {
    try (TestCluster cluster =
        TestCluster.withLargeFrom(directory, TestCluster.PATIENT, LARGE_BYTES)) {
      Transaction writer = begin(cluster.nodes.get(0).gateway());
      write(writer, 1, 0, ROWS / 2, 1);
      int savepoint = writer.savepoint();
      write(writer, 1, 0, ROWS, 9);
      writer.rollbackTo(savepoint);
      write(writer, 1, ROWS / 2, ROWS, 1);
      for (int shard = 0; shard < SHARDS; shard++) {
        writer.mutate(shard, REL, List.of(new Mutation.Delete(key(1, 0))));
      }
      writer.commit();
      for (ClusterNode node : cluster.nodes) {
        assertEquals(SHARDS * (ROWS - 1), count(node.gateway(), 1, 1));
      }
      awaitNothingLeft(cluster);

      Transaction given = begin(cluster.nodes.get(1).gateway());
      write(given, 1, 0, ROWS, 2);
      given.rollback();
      assertEquals(SHARDS * (ROWS - 1), count(cluster.nodes.get(2).gateway(), 1, 1));
      awaitNothingLeft(cluster);
    }
  }

  @Test
  void whatIsTooLargeToBePreparedByNameIsRefusedAndGone() throws Exception {
    try (TestCluster cluster =
        TestCluster.withLargeFrom(directory, TestCluster.PATIENT, LARGE_BYTES)) {
      Gateway gateway = cluster.nodes.get(0).gateway();
      Transaction writer = begin(gateway);
      write(writer, 1, 0, ROWS, 1);
      SqlException refused =
          assertThrows(
              SqlException.class,
              () ->
                  gateway
                      .preparedTransactions()
                      .prepare(writer, new GlobalName("large", 1_000, 10, 20), 1));
      assertEquals(SqlState.FEATURE_NOT_SUPPORTED, refused.state());
      assertEquals(List.of(), gateway.preparedTransactions().list());
      assertEquals(0, count(gateway, 1, 1));
      awaitNothingLeft(cluster);
    }
  }

  /// Of a client whose node may be gone: it waits until somebody has noticed that.
  private record UntilGone(CompletableFuture<Boolean> end) implements WaitPolicy {
    @Override
    public boolean mayBlock() {
      return true;
    }

    @Override
    public long lockTimeoutMillis() {
      return 0;
    }

    @Override
    public boolean waitsForDurability() {
      return true;
    }

    @Override
    public void checkInterrupts() {
      if (end.isDone()) {
        throw new SqlException(SqlState.ADMIN_SHUTDOWN, "the node is gone");
      }
    }
  }

  /// Who goes.
  private enum Victim {
    LEADER,
    FOLLOWER,
    ALL
  }

  @Test
  void aLeaderThatDiesBetweenPiecesLeavesAllOrNothing() throws Exception {
    killBetweenPieces(Victim.LEADER);
  }

  @Test
  void aFollowerThatDiesBetweenPiecesIsMissedOnlyWhereItLeads() throws Exception {
    killBetweenPieces(Victim.FOLLOWER);
  }

  @Test
  void allNodesThatDieBetweenPiecesLeaveAllOrNothing() throws Exception {
    killBetweenPieces(Victim.ALL);
  }

  private void killBetweenPieces(Victim victim) throws Exception {
    try (TestCluster cluster =
        TestCluster.withLargeFrom(directory, TestCluster.HASTY, LARGE_BYTES)) {
      for (int round = 1; round <= 2; round++) {
        cluster.awaitReady();
        int leader = cluster.leaders().getFirst();
        int gateway = (leader + 1) % 3;
        int follower = (leader + 2) % 3;
        boolean leadsNothing = !cluster.leaders().contains(follower);
        long led = cluster.leaders().stream().filter(each -> each == follower).count();
        int value = round;
        CompletableFuture<Integer> written = new CompletableFuture<>();
        CompletableFuture<Boolean> committed = new CompletableFuture<>();
        Transaction writer =
            cluster
                .nodes
                .get(gateway)
                .gateway()
                .begin(IsolationLevel.SERIALIZABLE, false, new UntilGone(committed));
        Thread client =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        writer.beginStatement();
                        write(writer, value, 0, ROWS, value);
                        written.complete(runs(follower).size());
                        writer.commit();
                        committed.complete(true);
                      } catch (SqlException failed) {
                        // A statement that has failed leaves it open, with all that it has written.
                        writer.rollback();
                        committed.complete(false);
                      }
                    });
        // Where it leads, preparing puts the rest of what is in memory into one run more.
        await(
            "pieces, or the end",
            () ->
                committed.isDone()
                    || written.isDone() && runs(follower).size() >= written.join() + led + value);
        switch (victim) {
          case LEADER -> restart(cluster, leader);
          case FOLLOWER -> restart(cluster, follower);
          case ALL -> {
            for (int node = 0; node < 3; node++) {
              cluster.stop(node);
            }
            // The gateway went with it: nobody is told.
            committed.complete(false);
            client.interrupt();
            cluster.startAll();
          }
        }
        boolean told = committed.get(180, TimeUnit.SECONDS);
        int found = count(cluster.nodes.get(gateway).gateway(), round, value);
        assertTrue(found == SHARDS * ROWS || found == 0 && !told, found + " rows, told " + told);
        if (victim == Victim.FOLLOWER && leadsNothing) {
          assertEquals(SHARDS * ROWS, found);
        }
        System.out.println(victim + " gone in round " + round + ": " + found + " rows");
        awaitNothingLeft(cluster);
      }
    }
  }

  /// It is not heard any more, and then gone.
  private static void restart(TestCluster cluster, int node) throws IOException {
    cluster.isolate(node);
    cluster.stop(node);
    for (ClusterNode other : cluster.running().toList()) {
      other.rpc().mend(node);
    }
    cluster.start(node);
  }
}
