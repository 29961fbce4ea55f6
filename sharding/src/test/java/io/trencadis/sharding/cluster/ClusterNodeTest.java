package io.trencadis.sharding.cluster;

import static io.trencadis.sharding.cluster.Bank.ACCOUNTS;
import static io.trencadis.sharding.cluster.Bank.BALANCE;
import static io.trencadis.sharding.cluster.Bank.REL;
import static io.trencadis.sharding.cluster.Bank.begin;
import static io.trencadis.sharding.cluster.Bank.fill;
import static io.trencadis.sharding.cluster.Bank.key;
import static io.trencadis.sharding.cluster.Bank.put;
import static io.trencadis.sharding.cluster.Bank.row;
import static io.trencadis.sharding.cluster.Bank.shard;
import static io.trencadis.sharding.cluster.Bank.sum;
import static io.trencadis.sharding.cluster.Bank.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.StatementRestartException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three nodes in one process: transactions over shards that each has its log on all of them.
class ClusterNodeTest {
  @TempDir Path directory;

  @Test
  void whatOneNodeCommitsTheOthersRead() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT)) {
      Transaction writer = begin(cluster.nodes.get(0).gateway());
      put(writer, 1, 11);
      put(writer, 2, 22);
      assertArrayEquals(row(11), writer.get(shard(1), REL, key(1)));
      writer.commit();
      for (ClusterNode node : cluster.nodes) {
        Transaction reader = begin(node.gateway());
        assertArrayEquals(row(11), reader.get(shard(1), REL, key(1)));
        assertArrayEquals(row(22), reader.get(shard(2), REL, key(2)));
        assertNull(reader.get(shard(3), REL, key(3)));
        reader.commit();
      }
    }
  }

  @Test
  void rowsAndTimestampsOutliveARestartOfAll() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT)) {
      fill(cluster.nodes.get(1).gateway());
      long before = cluster.nodes.get(2).gateway().currentTimestamp();
      cluster.nodes.get(0).gateway().checkpoint();
      for (int node = 0; node < 3; node++) {
        cluster.stop(node);
      }
      cluster.startAll();
      assertTrue(cluster.nodes.get(0).gateway().currentTimestamp() > before);
      assertEquals(ACCOUNTS * BALANCE, sum(cluster.nodes.get(0).gateway()));
    }
  }

  @Test
  void aLockHeldAtOneNodeIsWaitedForAtAnother() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      fill(cluster.nodes.get(0).gateway());
      Transaction holder = begin(cluster.nodes.get(0).gateway());
      put(holder, 5, 1);
      Future<Integer> waiter =
          threads.submit(
              () -> {
                Transaction other =
                    cluster
                        .nodes
                        .get(1)
                        .gateway()
                        .begin(IsolationLevel.READ_COMMITTED, false, WaitPolicy.PATIENT);
                while (true) {
                  try {
                    other.beginStatement();
                    byte[] row =
                        other.lockAndGet(shard(5), REL, key(5), RowLock.UPDATE, LockWait.WAIT);
                    other.commit();
                    return value(row);
                  } catch (StatementRestartException again) {
                    other.restartStatement();
                  }
                }
              });
      TestCluster.await(
          "a wait",
          () ->
              cluster.nodes.stream()
                  .flatMap(node -> node.gateway().locks().stream())
                  .anyMatch(lock -> lock.place() > 0 || !lock.ahead().isEmpty()));
      holder.commit();
      assertEquals(1, waiter.get(90, TimeUnit.SECONDS));
    }
  }

  @Test
  void aCircleOfWaitsOverSeveralNodesCostsOneOfThem() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      fill(cluster.nodes.get(0).gateway());
      List<Integer> leaders = cluster.leaders();
      // Two shards that different nodes lead, or else a node would see the circle by itself.
      int one = 0;
      int other = 1;
      while (leaders.get(one).equals(leaders.get(other)) && other + 1 < TestCluster.SHARDS) {
        other++;
      }
      Transaction first = begin(cluster.nodes.get(0).gateway());
      Transaction second = begin(cluster.nodes.get(1).gateway());
      put(first, one, 1);
      put(second, other, 2);
      int later = other;
      Future<String> firstEnds = threads.submit(() -> end(first, later));
      Future<String> secondEnds = threads.submit(() -> end(second, 0));
      assertEquals(
          Set.of("committed", "40P01"),
          Set.of(firstEnds.get(90, TimeUnit.SECONDS), secondEnds.get(30, TimeUnit.SECONDS)));
    }
  }

  private static String end(Transaction transaction, int key) {
    try {
      put(transaction, key, 3);
      transaction.commit();
      return "committed";
    } catch (StatementRestartException again) {
      transaction.rollback();
      return "committed";
    } catch (SqlException e) {
      transaction.rollback();
      return e.state().code();
    }
  }

  @Test
  void aNodeThatWasAwayTooLongBeginsWithACopy() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT)) {
      fill(cluster.nodes.get(0).gateway());
      cluster.stop(2);
      for (int round = 0; round < 3; round++) {
        Transaction writer = beginWhenLed(cluster.nodes.get(0).gateway());
        for (int n = 0; n < ACCOUNTS; n++) {
          put(writer, n, BALANCE + round);
        }
        writer.mutate(shard(round), REL, List.of(new Mutation.Delete(key(round))));
        writer.commit();
        cluster.compact(directory);
      }
      cluster.start(2);
      TestCluster.await("a copy", () -> cluster.hasCopy(directory, 2));
      cluster.awaitReady();
      for (int shard = 0; shard < TestCluster.SHARDS; shard++) {
        int number = shard;
        TestCluster.await(
            "the same rows of shard " + number,
            () ->
                Arrays.deepEquals(
                    cluster.nodes.get(0).replicas().get(number).rows().toArray(),
                    cluster.nodes.get(2).replicas().get(number).rows().toArray()));
      }
      assertEquals((ACCOUNTS - 1) * (BALANCE + 2), sum(cluster.nodes.get(2).gateway()));
    }
  }

  /// The first attempts may find that shards have lost their leader.
  private static Transaction beginWhenLed(Gateway gateway) {
    while (true) {
      Transaction transaction = begin(gateway);
      try {
        for (int n = 0; n < ACCOUNTS; n++) {
          put(transaction, n, 0);
        }
        return transaction;
      } catch (SqlException | StatementRestartException noLeader) {
        transaction.rollback();
      }
    }
  }

  @Test
  void moneyIsNeitherMadeNorLostWhileNodesAreCutOff() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.HASTY);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Bank bank = new Bank(threads)) {
      fill(cluster.nodes.get(0).gateway());
      for (int client = 0; client < 6; client++) {
        bank.addClient(cluster.nodes.get(client % 3).gateway());
      }
      bank.check(cluster.nodes.get(2).gateway());
      for (int round = 0; round < 3; round++) {
        bank.awaitProgress("progress");
        cluster.isolate(round);
        bank.awaitProgress("progress of a majority");
        cluster.heal(round);
      }
      bank.awaitProgress("progress at the end");
      bank.end();
      for (ClusterNode node : cluster.nodes) {
        assertEquals(ACCOUNTS * BALANCE, sum(node.gateway()));
      }
    }
  }
}
