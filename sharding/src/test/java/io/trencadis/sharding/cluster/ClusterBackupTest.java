package io.trencadis.sharding.cluster;

import static io.trencadis.sharding.cluster.Bank.REL;
import static io.trencadis.sharding.cluster.Bank.begin;
import static io.trencadis.sharding.cluster.Bank.key;
import static io.trencadis.sharding.cluster.Bank.put;
import static io.trencadis.sharding.cluster.Bank.row;
import static io.trencadis.sharding.cluster.Bank.shard;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.BackupResult;
import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.SessionRelations;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.local.DataDirectory;
import io.trencadis.sharding.local.LocalStore;
import io.trencadis.sharding.local.OfflineDirectory;
import io.trencadis.sharding.local.Restore;
import io.trencadis.storage.disk.RealDisk;
import io.trencadis.storage.log.LogReport;
import io.trencadis.storage.tree.TreeReport;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A backup of a cluster is of one moment of all its shards, and a node on its own begins with it,
/// or another cluster.
class ClusterBackupTest {
  /// Rows that have nothing to do with the bank's, so that there is something to copy.
  private static final RelationRef MANY = new RelationRef(71, 0, "many");

  private static final RelationRef OF_SESSIONS =
      new RelationRef(SessionRelations.LOCK_HOLDERS, 0, "of sessions");
  private static final int ROWS = 5_000;

  @TempDir Path directory;

  private static byte[] manyKey(int relation, int n) {
    return new byte[] {0, 0, 0, (byte) relation, (byte) (n >>> 8), (byte) n};
  }

  private static void fillMany(Gateway gateway) {
    for (int shard = 0; shard < TestCluster.SHARDS; shard++) {
      Transaction writer = begin(gateway);
      List<Mutation> ops = new ArrayList<>();
      for (int n = 0; n < ROWS / TestCluster.SHARDS; n++) {
        ops.add(new Mutation.Put(manyKey(71, n), new byte[1 + n % 300]));
      }
      writer.mutate(shard, MANY, ops);
      writer.mutate(shard, OF_SESSIONS, List.of(new Mutation.Put(manyKey(5, 1), row(1))));
      writer.commit();
      Transaction remover = begin(gateway);
      remover.mutate(shard, MANY, List.of(new Mutation.Delete(manyKey(71, 0))));
      remover.commit();
    }
  }

  private Node open(LocalStore store) {
    return new Node(Outside.real(), store, 0);
  }

  @Test
  void itIsOfOneMomentAndANodeOnItsOwnBeginsWithIt() throws Exception {
    Path backup = directory.resolve("backup");
    BackupResult made;
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Bank bank = new Bank(threads)) {
      Gateway one = cluster.nodes.get(0).gateway();
      Bank.fill(one);
      fillMany(one);
      Transaction prepared = begin(one);
      prepared.mutate(2, MANY, List.of(new Mutation.Put(manyKey(71, 4_000), row(7))));
      prepared.mutate(3, MANY, List.of(new Mutation.Put(manyKey(71, 4_001), row(8))));
      one.preparedTransactions().prepare(prepared, new GlobalName("later", 5, 10, 20), 9);
      for (ClusterNode node : cluster.nodes) {
        bank.addClient(node.gateway());
      }
      bank.awaitProgress("before");
      long before = one.currentTimestamp();
      made = one.backup(backup, (done, total) -> assertTrue(done <= total));
      assertTrue(made.timestamp() > before);
      assertTrue(one.currentTimestamp() > made.timestamp());
      SqlException refused =
          assertThrows(SqlException.class, () -> one.backup(backup, (_, _) -> {}));
      assertEquals(SqlState.DUPLICATE_FILE, refused.state());
      refused =
          assertThrows(
              SqlException.class,
              () -> one.backup(directory.resolve("node0/inside"), (_, _) -> {}));
      assertEquals(SqlState.INVALID_PARAMETER_VALUE, refused.state());
      bank.awaitProgress("after");
      bank.check(one);
      bank.awaitProgress("watched");
      bank.end();
      // What comes after is not in it.
      one.preparedTransactions().finish("later", false, _ -> {});
    }
    Path restored = directory.resolve("restored/node0");
    Restore.run(new RealDisk(), backup, restored, (_, _) -> {});
    try (OfflineDirectory look = OfflineDirectory.open(restored)) {
      look.openTree();
      TreeReport tree = look.checkTree();
      assertEquals(List.of(), tree.faults());
      LogReport log = look.checkLog(_ -> {});
      assertTrue(log.isSound());
      assertEquals(1, look.preparedTransactions());
      assertEquals(made.timestamp(), look.highestCommitTs());
      assertTrue(look.timestampBound() >= made.timestamp());
    }
    try (LocalStore store =
        LocalStore.open(
            DataDirectory.open(new RealDisk(), restored),
            1,
            TestCluster.local(),
            failure -> {
              throw new AssertionError(failure);
            })) {
      Node node = open(store);
      assertEquals(TestCluster.SHARDS, node.shardCount());
      assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(node));
      Transaction reader = begin(node);
      for (int shard = 0; shard < TestCluster.SHARDS; shard++) {
        assertNull(reader.get(shard, MANY, manyKey(71, 0)));
        for (int n = 1; n < ROWS / TestCluster.SHARDS; n++) {
          assertEquals(1 + n % 300, reader.get(shard, MANY, manyKey(71, n)).length);
        }
        assertNull(reader.get(shard, OF_SESSIONS, manyKey(5, 1)));
      }
      assertNull(reader.get(2, MANY, manyKey(71, 4_000)));
      reader.commit();
      node.preparedTransactions()
          .finish("later", true, whose -> assertEquals(20, whose.database()));
      Transaction again = begin(node);
      assertArrayEquals(row(7), again.get(2, MANY, manyKey(71, 4_000)));
      assertArrayEquals(row(8), again.get(3, MANY, manyKey(71, 4_001)));
      put(again, 1, 12_345);
      again.commit();
    }
    // And that one can be the first of a cluster.
    try (TestCluster grown = TestCluster.ofOne(directory.resolve("restored"))) {
      Transaction reader = begin(grown.nodes.get(0).gateway());
      assertArrayEquals(row(12_345), reader.get(shard(1), REL, key(1)));
      reader.commit();
    }
  }

  @Test
  void whatFailsLeavesNothing() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT)) {
      Gateway one = cluster.nodes.get(0).gateway();
      Bank.fill(one);
      fillMany(one);
      Path backup = directory.resolve("backup");
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> one.backup(backup, (_, _) -> {}));
      assertFalse(Thread.interrupted());
      assertFalse(Files.exists(backup.resolve("data")));
      one.backup(backup, (_, _) -> {});
      assertTrue(Files.exists(backup.resolve("manifest")));
    }
  }
}
