package io.trencadis.sharding.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.storage.disk.FaultyDisk;
import io.trencadis.storage.encoding.KeyWriter;
import io.trencadis.storage.history.HeapVersions;
import io.trencadis.storage.levels.StorageConfig;
import io.trencadis.storage.log.LogConfig;
import io.trencadis.storage.tree.MemoryTree;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rule 6 at a real log: who queues for a row goes on while its last writer's record is being
/// forced, and nobody outside can tell.
@Timeout(60)
class EarlyReleaseTest {
  private static final RelationRef REL = new RelationRef(7, 0, "t");
  private static final byte[] KEY =
      new KeyWriter().relation(REL.relationId()).putInt(1).toByteArray();
  private static final byte[] OTHER_KEY =
      new KeyWriter().relation(REL.relationId()).putInt(2).toByteArray();

  private final MemoryTree tree = new MemoryTree(2);
  private FaultyDisk disk = new FaultyDisk(1);
  private LocalStore store;
  private Node node;

  private void open() throws IOException {
    store =
        LocalStore.open(
            DataDirectory.open(disk, Path.of("/data")),
            2,
            new LocalConfig(
                LogConfig.small(1 << 16),
                new StorageConfig(1 << 24, 1 << 24, 100),
                1 << 30,
                1L << 40,
                1L << 40,
                (_, _) -> tree,
                _ -> new HeapVersions()),
            _ -> {});
    node = new Node(Outside.real(), store);
  }

  private Transaction begin() {
    return begin(IsolationLevel.READ_COMMITTED);
  }

  private Transaction begin(IsolationLevel level) {
    Transaction transaction = node.begin(level, false, WaitPolicy.PATIENT);
    transaction.beginStatement();
    return transaction;
  }

  private static void put(Transaction transaction, int shard, int value) {
    transaction.mutate(shard, REL, List.of(new Mutation.Put(KEY, new byte[] {(byte) value})));
  }

  private int read(int shard) {
    Transaction reader = node.begin(IsolationLevel.SERIALIZABLE, true, WaitPolicy.PATIENT);
    reader.beginStatement();
    byte[] row = reader.get(shard, REL, KEY);
    reader.rollback();
    return row[0];
  }

  private static byte[] lock(Transaction transaction) {
    return transaction.lockAndGet(0, REL, KEY, RowLock.NO_KEY_UPDATE, LockWait.WAIT);
  }

  private static byte[] lockNewest(Transaction transaction) {
    return transaction.lockAndGetNewest(0, REL, KEY, RowLock.SHARE, LockWait.WAIT);
  }

  /// Work on a thread of its own.
  private static final class Task<T> extends FutureTask<T> {
    final Thread thread;

    Task(Callable<T> work) {
      super(work);
      thread = Thread.ofPlatform().daemon().start(this);
    }

    /// Returns when the thread waits for something, or is done.
    void untilItWaits() {
      while (!isDone() && thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
  }

  /// Both rows are 1. One transaction has written 2 to both, and its record is in the log, but not
  /// durable; another has queued for the row at shard 0, and gets it.
  ///
  /// @return the other one
  private Transaction successor() throws Exception {
    return successor(
        IsolationLevel.READ_COMMITTED, EarlyReleaseTest::lock, EarlyReleaseTest::nothing);
  }

  private static void nothing(Transaction transaction) {}

  /// @param before what the other one does before it queues, while both rows are 1
  private Transaction successor(
      IsolationLevel level, Function<Transaction, byte[]> lock, Consumer<Transaction> before)
      throws Exception {
    open();
    Transaction ones = begin();
    put(ones, 0, 1);
    put(ones, 1, 1);
    ones.commit();
    Transaction first = begin();
    put(first, 0, 2);
    put(first, 1, 2);
    Transaction second = begin(level);
    before.accept(second);
    Task<byte[]> locking = new Task<>(() -> lock.apply(second));
    while (node.waitingForLocks() == 0 && !locking.isDone()) {
      Thread.onSpinWait();
    }
    disk.holdForces();
    new Task<>(
        () -> {
          first.commit();
          return null;
        });
    assertArrayEquals(new byte[] {2}, locking.get());
    return second;
  }

  private static Task<?> commit(Transaction transaction) {
    return new Task<>(
        () -> {
          transaction.commit();
          return null;
        });
  }

  @Test
  void aNewSnapshotIsBeforeWhatIsNotDurable() throws Exception {
    Transaction second = successor();
    assertEquals(1, read(0));
    assertEquals(1, read(1));
    disk.letForces();
    second.awaitFollowed();
    assertEquals(2, read(0));
    second.rollback();
    store.close();
  }

  @Test
  void whoReadsThePresentWaitsForTheLog() throws Exception {
    Transaction second = successor();
    Transaction reader = begin();
    Task<Integer> reading =
        new Task<>(() -> (int) reader.getAt(0, REL, KEY, reader.freshTimestamp())[0]);
    reading.untilItWaits();
    assertFalse(reading.isDone(), "a snapshot has what is not durable");
    disk.letForces();
    assertEquals(2, reading.get());
    reader.rollback();
    second.rollback();
    store.close();
  }

  @Test
  void whatTheSuccessorAnswersWaitsForTheLog() throws Exception {
    Transaction second = successor();
    Task<?> answering =
        new Task<>(
            () -> {
              second.awaitFollowed();
              return null;
            });
    answering.untilItWaits();
    assertFalse(answering.isDone(), "what it has seen is not durable");
    Task<?> rollingBack =
        new Task<>(
            () -> {
              second.rollback();
              return null;
            });
    rollingBack.untilItWaits();
    assertFalse(rollingBack.isDone(), "an error would tell what is not durable");
    disk.letForces();
    answering.get();
    rollingBack.get();
    store.close();
  }

  private void endsWhenTheLogIsDurable(Task<?> ending, String why) throws Exception {
    ending.untilItWaits();
    assertFalse(ending.isDone(), why);
    disk.letForces();
  }

  @Test
  void aCommitWithoutARecordWaitsForTheLog() throws Exception {
    Transaction second = successor();
    Task<?> committing = commit(second);
    endsWhenTheLogIsDurable(committing, "what it has seen is not durable");
    committing.get();
    store.close();
  }

  /// What it has read at its snapshot and what it has locked since are of no single moment, so it
  /// takes a timestamp and validates, as one that writes.
  @Test
  void aCommitWithATimestampButWithoutARecordWaitsForTheLog() throws Exception {
    Transaction second =
        successor(
            IsolationLevel.SERIALIZABLE,
            EarlyReleaseTest::lockNewest,
            reader -> assertNull(reader.get(1, REL, OTHER_KEY)));
    Task<?> committing = commit(second);
    endsWhenTheLogIsDurable(committing, "what it has seen is not durable");
    committing.get();
    assertNotEquals(second.report().readTimestamp(), second.report().commitTimestamp());
    store.close();
  }

  @Test
  void aPrepareByNameThatIsRefusedWaitsForTheLog() throws Exception {
    Transaction second =
        successor(
            IsolationLevel.SERIALIZABLE,
            EarlyReleaseTest::lockNewest,
            reader -> assertArrayEquals(new byte[] {1}, reader.get(1, REL, KEY)));
    Task<?> preparing =
        new Task<>(
            () -> {
              node.preparedTransactions().prepare(second, new GlobalName("name", 1, 2, 3), 9);
              return null;
            });
    endsWhenTheLogIsDurable(preparing, "an error would tell what is not durable");
    ExecutionException refused = assertThrows(ExecutionException.class, preparing::get);
    assertEquals(
        SqlState.SERIALIZATION_FAILURE,
        assertInstanceOf(SqlException.class, refused.getCause()).state());
    store.close();
  }

  @Test
  void oneForceServesAQueue() throws Exception {
    Transaction second = successor();
    put(second, 0, 3);
    Transaction third = begin();
    Task<byte[]> locking = new Task<>(() -> lock(third));
    while (node.waitingForLocks() == 0) {
      Thread.onSpinWait();
    }
    Task<?> committing = commit(second);
    assertArrayEquals(new byte[] {3}, locking.get());
    put(third, 0, 4);
    Task<?> last = commit(third);
    last.untilItWaits();
    assertFalse(last.isDone(), "its record is not durable");
    disk.letForces();
    committing.get();
    last.get();
    assertEquals(4, read(0));
    assertEquals(2, read(1));
    store.close();
  }

  private static boolean awaitsTheLog(Thread thread) {
    return thread.getName().equals("flush")
        && Arrays.stream(thread.getStackTrace())
            .anyMatch(frame -> frame.getMethodName().equals("awaitLog"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aFlushWaitsForTheLog(long seed) throws Exception {
    disk = new FaultyDisk(seed);
    successor();
    Task<?> checkpoint =
        new Task<>(
            () -> {
              store.checkpoint();
              return null;
            });
    while (!checkpoint.isDone()
        && Thread.getAllStackTraces().keySet().stream().noneMatch(EarlyReleaseTest::awaitsTheLog)) {
      Thread.onSpinWait();
    }
    // The power goes: of what was not forced, a part may be there.
    disk.powerOffAfter(1);
    disk.letForces();
    store.abandon();
    disk.crash();
    open();
    assertEquals(read(1), read(0), "half of a transaction has survived");
    store.close();
  }
}
