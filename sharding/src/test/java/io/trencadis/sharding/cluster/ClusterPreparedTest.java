package io.trencadis.sharding.cluster;

import static io.trencadis.sharding.cluster.Bank.REL;
import static io.trencadis.sharding.cluster.Bank.begin;
import static io.trencadis.sharding.cluster.Bank.key;
import static io.trencadis.sharding.cluster.Bank.put;
import static io.trencadis.sharding.cluster.Bank.row;
import static io.trencadis.sharding.cluster.Bank.shard;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.sharding.local.DataDirectory;
import io.trencadis.sharding.local.LocalStore;
import io.trencadis.storage.disk.RealDisk;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.IsolationLevel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// PREPARE TRANSACTION in a cluster: what is prepared survives whoever prepared it, every leader
/// and a restart of all, and any node ends it.
class ClusterPreparedTest {
  private static final int MOST = 3;

  @TempDir Path directory;

  private static GlobalName name(String gid) {
    return new GlobalName(gid, 1_000, 10, 20);
  }

  private static void prepare(Gateway gateway, Transaction transaction, String gid) {
    gateway.preparedTransactions().prepare(transaction, name(gid), MOST);
  }

  /// However often leaders change meanwhile.
  private static void prepareUntilDone(Gateway gateway, String gid, Consumer<Transaction> work) {
    TestCluster.await(
        gid + " is prepared",
        () -> {
          Transaction transaction = begin(gateway);
          try {
            work.accept(transaction);
            prepare(gateway, transaction, gid);
            return true;
          } catch (SqlException changed) {
            assertEquals(SqlState.SERIALIZATION_FAILURE, changed.state());
            transaction.rollback();
            return false;
          }
        });
  }

  private static void finish(Gateway gateway, String gid, boolean commit) {
    gateway.preparedTransactions().finish(gid, commit, _ -> {});
  }

  private static List<String> list(Gateway gateway) {
    return gateway.preparedTransactions().list().stream().map(view -> view.name().gid()).toList();
  }

  private static byte[] read(Gateway gateway, int n) {
    Transaction reader = gateway.begin(IsolationLevel.SERIALIZABLE, true, WaitPolicy.PATIENT);
    reader.beginStatement();
    byte[] row = reader.get(shard(n), REL, key(n));
    reader.commit();
    return row;
  }

  private static SqlState refused(Runnable what) {
    return assertThrows(SqlException.class, what::run).state();
  }

  @Test
  void anyNodeSeesAndEndsWhatAnotherHasPrepared() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT)) {
      Gateway one = cluster.nodes.get(0).gateway();
      Gateway two = cluster.nodes.get(1).gateway();
      Gateway three = cluster.nodes.get(2).gateway();
      Transaction transaction = begin(one);
      put(transaction, 1, 11);
      put(transaction, 2, 22);
      prepare(one, transaction, "a");
      assertEquals(List.of("a"), list(three));
      // Nobody waits for it who only reads.
      assertNull(read(two, 1));
      assertEquals(SqlState.DUPLICATE_OBJECT, refused(() -> prepare(two, begin(two), "a")));
      assertEquals(SqlState.UNDEFINED_OBJECT, refused(() -> finish(two, "b", true)));
      assertEquals(
          SqlState.INSUFFICIENT_PRIVILEGE,
          refused(
              () ->
                  two.preparedTransactions()
                      .finish(
                          "a",
                          true,
                          whose -> {
                            assertEquals(name("a"), whose);
                            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "not yours");
                          })));
      finish(three, "a", true);
      assertArrayEquals(row(11), read(one, 1));
      assertArrayEquals(row(22), read(two, 2));
      assertEquals(List.of(), list(one));
      assertEquals(SqlState.UNDEFINED_OBJECT, refused(() -> finish(one, "a", true)));

      // The name is free again at once, at every shard.
      Transaction again = begin(two);
      put(again, 1, 12);
      put(again, 3, 33);
      prepare(two, again, "a");
      prepare(two, begin(two), "nothing");
      prepare(one, begin(one), "nothing else");
      assertEquals(SqlState.OUT_OF_MEMORY, refused(() -> prepare(one, begin(one), "too many")));
      finish(one, "a", false);
      finish(one, "nothing", true);
      finish(two, "nothing else", false);
      assertArrayEquals(row(11), read(three, 1));
      assertNull(read(three, 3));
    }
  }

  @Test
  void itOutlivesItsGatewayEveryLeaderAndARestartOfAll() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Bank.fill(cluster.nodes.get(1).gateway());
      Gateway first = cluster.nodes.get(0).gateway();
      prepareUntilDone(
          first,
          "a",
          transaction -> {
            assertArrayEquals(row(Bank.BALANCE), transaction.get(shard(3), REL, key(3)));
            for (int n = 0; n < 3; n++) {
              put(transaction, n, n);
            }
          });
      prepareUntilDone(first, "b", transaction -> put(transaction, 7, 77));
      cluster.nodes.get(1).gateway().checkpoint();
      // Each in turn: whatever it led another leads then, and its own copy begins again.
      for (int node = 0; node < 3; node++) {
        cluster.stop(node);
        Gateway left = cluster.nodes.get((node + 1) % 3).gateway();
        cluster.awaitReady();
        assertEquals(Set.of("a", "b"), new TreeSet<>(list(left)));
        cluster.start(node);
        cluster.awaitReady();
      }
      for (int node = 0; node < 3; node++) {
        cluster.stop(node);
      }
      cluster.startAll();
      Gateway one = cluster.nodes.get(0).gateway();
      Gateway two = cluster.nodes.get(1).gateway();
      assertEquals(Set.of("a", "b"), new TreeSet<>(list(one)));
      assertArrayEquals(row(Bank.BALANCE), read(two, 0));
      // What it has written is locked, what it has read is held.
      Future<?> writer = threads.submit(() -> write(one, 1, 500));
      Future<?> onRead = threads.submit(() -> write(two, 3, 501));
      TimeUnit.MILLISECONDS.sleep(1_000);
      assertEquals(Future.State.RUNNING, writer.state());
      assertEquals(Future.State.RUNNING, onRead.state());
      finish(two, "b", false);
      finish(two, "a", true);
      writer.get(60, TimeUnit.SECONDS);
      onRead.get(60, TimeUnit.SECONDS);
      assertArrayEquals(row(0), read(one, 0));
      assertArrayEquals(row(500), read(one, 1));
      assertArrayEquals(row(2), read(two, 2));
      assertArrayEquals(row(501), read(two, 3));
      assertArrayEquals(row(Bank.BALANCE), read(two, 7));
    }
  }

  private static final WaitPolicy IMPATIENT =
      new WaitPolicy() {
        @Override
        public boolean mayBlock() {
          return true;
        }

        @Override
        public void checkInterrupts() {}

        @Override
        public long lockTimeoutMillis() {
          return 300;
        }

        @Override
        public boolean waitsForDurability() {
          return true;
        }
      };

  @Test
  void aCommitThatHasToWaitHeedsTheLockTimeout() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT)) {
      Gateway one = cluster.nodes.get(0).gateway();
      Gateway two = cluster.nodes.get(1).gateway();
      Bank.fill(one);
      Transaction writer = two.begin(IsolationLevel.SERIALIZABLE, false, IMPATIENT);
      writer.beginStatement();
      put(writer, 3, 9);
      put(writer, 5, 9);
      Transaction reader = begin(one);
      assertArrayEquals(row(Bank.BALANCE), reader.get(shard(3), REL, key(3)));
      put(reader, 4, 1);
      prepare(one, reader, "a");
      assertEquals(SqlState.LOCK_NOT_AVAILABLE, refused(writer::commit));
      finish(two, "a", true);
      assertArrayEquals(row(Bank.BALANCE), read(one, 3));
      assertArrayEquals(row(Bank.BALANCE), read(one, 5));

      // Without anybody in its way the same is over in time.
      Transaction again = two.begin(IsolationLevel.SERIALIZABLE, false, IMPATIENT);
      again.beginStatement();
      put(again, 3, 9);
      again.commit();
      assertArrayEquals(row(9), read(one, 3));
    }
  }

  /// Everybody who plans a statement would wait for it as well.
  @Test
  void aChangeOfSchemaThatWouldHaveToWaitIsRefused() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT)) {
      Gateway one = cluster.nodes.get(0).gateway();
      Bank.fill(one);
      Transaction writer = begin(one);
      put(writer, 1, 5);
      Transaction changer = begin(one);
      put(changer, 2, 6);
      changer.setSchemaVersion(shard(3), 90, 1);
      Transaction reader = begin(one);
      assertArrayEquals(row(Bank.BALANCE), reader.get(shard(1), REL, key(1)));
      assertArrayEquals(row(Bank.BALANCE), reader.get(shard(2), REL, key(2)));
      put(reader, 4, 9);
      prepare(one, reader, "r");
      // Both wrote before, and want to commit now.
      assertEquals(SqlState.SERIALIZATION_FAILURE, refused(changer::commit));
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<?> waits =
            threads.submit(
                () -> {
                  try {
                    writer.commit();
                  } catch (SqlException givenUp) {
                    // By shards that have not heard of its gateway for seconds.
                    write(one, 1, 5);
                  }
                });
        TimeUnit.MILLISECONDS.sleep(500);
        assertEquals(Future.State.RUNNING, waits.state());
        finish(cluster.nodes.get(1).gateway(), "r", true);
        waits.get(60, TimeUnit.SECONDS);
      }
      assertArrayEquals(row(5), read(one, 1));
      assertArrayEquals(row(Bank.BALANCE), read(one, 2));
    }
  }

  private static void write(Gateway gateway, int n, int value) {
    while (true) {
      Transaction writer = gateway.begin(IsolationLevel.READ_COMMITTED, false, WaitPolicy.PATIENT);
      try {
        writer.beginStatement();
        put(writer, n, value);
        writer.commit();
        return;
      } catch (SqlException changed) {
        assertEquals(SqlState.SERIALIZATION_FAILURE, changed.state());
        writer.rollback();
      }
    }
  }

  @Test
  void whatANodeOnItsOwnHasPreparedTheClusterThatItBecomesCanEnd() throws Exception {
    Path own = directory.resolve("node0");
    try (LocalStore store =
        LocalStore.open(
            DataDirectory.open(new RealDisk(), own),
            TestCluster.SHARDS,
            TestCluster.local(),
            _ -> {})) {
      Node alone = new Node(Outside.real(), store, 0);
      Bank.fill(alone);
      for (String gid : List.of("old", "older")) {
        Transaction transaction = begin(alone);
        put(transaction, gid.length(), gid.length());
        prepare(alone, transaction, gid);
        alone.checkpoint();
      }
      Transaction last = begin(alone);
      put(last, 1, 1);
      prepare(alone, last, "oldest");
    }
    try (TestCluster cluster = TestCluster.ofOne(directory)) {
      Gateway first = cluster.nodes.get(0).gateway();
      assertEquals(Set.of("old", "older", "oldest"), new TreeSet<>(list(first)));
      finish(first, "old", true);
      finish(first, "older", false);
      assertArrayEquals(row(3), read(first, 3));
      assertArrayEquals(row(Bank.BALANCE), read(first, 5));
      cluster.stop(0);
      cluster.start(0);
      cluster.awaitReady();
      Gateway again = cluster.nodes.get(0).gateway();
      finish(again, "oldest", true);
      assertArrayEquals(row(1), read(again, 1));
      assertEquals(List.of(), list(again));
    }
  }
}
