package io.trencadis.sharding;

import static io.trencadis.sharding.Fixture.REL;
import static io.trencadis.sharding.Fixture.assertFails;
import static io.trencadis.sharding.Fixture.get;
import static io.trencadis.sharding.Fixture.key;
import static io.trencadis.sharding.Fixture.put;
import static io.trencadis.sharding.Fixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.WouldBlockException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WaitingTest {
  private final Fixture on = new Fixture();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private record Policy(boolean mayBlock, long lockTimeoutMillis, Runnable onInterrupt)
      implements WaitPolicy {
    @Override
    public void checkInterrupts() {
      onInterrupt.run();
    }

    @Override
    public boolean waitsForDurability() {
      return true;
    }
  }

  private Transaction begin(WaitPolicy policy) {
    Transaction transaction = on.node.begin(IsolationLevel.SERIALIZABLE, false, policy);
    transaction.beginStatement();
    return transaction;
  }

  @Test
  void aWriterWaitsForTheLockAndThenSeesWhatItsHolderWrote() throws Exception {
    on.commit(0, 1, "1");
    Transaction a = on.begin();
    put(a, 0, 1, "2");
    Transaction b = on.begin();
    b.readTimestamp();
    Future<String> waiting =
        threads.submit(
            () -> text(b.lockAndGet(0, REL, key(1), RowLock.NO_KEY_UPDATE, LockWait.WAIT)));
    on.untilSomebodyWaits();
    a.commit();
    assertEquals("2", waiting.get());
    b.commit();
  }

  @Test
  void nowaitAndSkipLockedDoNotWait() {
    Transaction a = on.begin();
    put(a, 0, 1, "x");
    Transaction b = on.begin();
    SqlException refused =
        assertThrows(
            SqlException.class,
            () -> b.lockAndGet(0, REL, key(1), RowLock.UPDATE, LockWait.NOWAIT));
    assertEquals("could not obtain lock on row in relation \"t\"", refused.getMessage());
    // A row that is only updated still lets its key be referred to.
    assertNull(b.lockAndGet(0, REL, key(1), RowLock.KEY_SHARE, LockWait.NOWAIT));
    assertEquals(false, b.skipped());
    assertNull(b.lockAndGet(0, REL, key(1), RowLock.SHARE, LockWait.SKIP_LOCKED));
    assertTrue(b.skipped());
  }

  @Test
  void aThreadThatMayNotBlockIsToldSoAndCanGoOnLater() {
    on.commit(0, 1, "1");
    Transaction a = on.begin();
    put(a, 0, 1, "2");
    Transaction b = begin(new Policy(false, 0, () -> {}));
    assertThrows(
        WouldBlockException.class,
        () -> b.lockAndGet(0, REL, key(1), RowLock.UPDATE, LockWait.WAIT));
    assertThrows(WouldBlockException.class, () -> put(b, 0, 1, "3"));
    a.commit();
    b.undoStatement();
    assertEquals("2", text(b.lockAndGet(0, REL, key(1), RowLock.UPDATE, LockWait.WAIT)));
    put(b, 0, 1, "3");
    b.commit();
    assertEquals("3", get(on.begin(), 0, 1));
  }

  @Test
  void aThreadThatMayNotBlockIsToldSoWhileAShardAsksForATimestamp() throws Exception {
    on.commit(0, 1, "before");
    Transaction writer = on.begin();
    put(writer, 0, 1, "x");
    put(writer, 1, 2, "x");
    CountDownLatch prepares = occupy(1);
    // Ends up with marks at shard 0, while shard 1 has yet to take its request.
    Future<Void> commit = untilParked(writer::commit);
    on.commit(2, 3, "after the marks");
    Transaction reader = begin(new Policy(false, 0, () -> {}));
    CountDownLatch reads = occupy(0);
    Future<Void> read = untilParked(() -> get(reader, 0, 1));
    reads.countDown();
    ExecutionException told = assertThrows(ExecutionException.class, read::get);
    assertSame(WouldBlockException.INSTANCE, told.getCause());
    prepares.countDown();
    commit.get();
  }

  /// Stands inside a shard's machine until the latch is counted down.
  private CountDownLatch occupy(int shard) throws InterruptedException {
    CountDownLatch until = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    threads.submit(
        () ->
            on.node
                .shard(shard)
                .submit(
                    () -> {
                      inside.countDown();
                      try {
                        until.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    }));
    inside.await();
    return until;
  }

  /// Runs something that has to wait, and returns when it does.
  private Future<Void> untilParked(Runnable task) {
    AtomicReference<Thread> thread = new AtomicReference<>();
    Future<Void> running =
        threads.submit(
            () -> {
              thread.set(Thread.currentThread());
              task.run();
              return null;
            });
    while (thread.get() == null || thread.get().getState() != Thread.State.WAITING) {
      assertFalse(running.isDone(), "there was no need to wait");
      Thread.onSpinWait();
    }
    return running;
  }

  @Test
  void aLockTimeoutEndsTheWaitOnly() {
    Transaction a = on.begin();
    put(a, 0, 1, "x");
    Transaction b = begin(new Policy(true, 5, () -> {}));
    put(b, 1, 2, "kept");
    SqlException failure = assertThrows(SqlException.class, () -> put(b, 0, 1, "y"));
    assertEquals("canceling statement due to lock timeout", failure.getMessage());
    b.undoStatement();
    a.rollback();
    put(b, 0, 1, "y");
    b.commit();
  }

  @Test
  void anInterruptedWaiterLeavesTheQueue() throws Exception {
    Transaction a = on.begin();
    put(a, 0, 1, "x");
    boolean[] cancelled = new boolean[1];
    Transaction b =
        begin(
            new Policy(
                true,
                0,
                () -> {
                  if (cancelled[0]) {
                    throw new SqlException(
                        SqlState.QUERY_CANCELED, "canceling statement due to user request");
                  }
                }));
    CountDownLatch started = new CountDownLatch(1);
    Thread[] thread = new Thread[1];
    Future<?> waiting =
        threads.submit(
            () -> {
              thread[0] = Thread.currentThread();
              started.countDown();
              put(b, 0, 1, "y");
            });
    started.await();
    on.untilSomebodyWaits();
    cancelled[0] = true;
    thread[0].interrupt();
    ExecutionException failure = assertThrows(ExecutionException.class, waiting::get);
    assertEquals(SqlState.QUERY_CANCELED, ((SqlException) failure.getCause()).state());
    b.rollback();
    a.commit();
    on.commit(0, 1, "free again");
  }

  @Test
  void theYoungestOfACircleIsTheOnlyVictim() throws Exception {
    Transaction[] circle = {on.begin(), on.begin(), on.begin()};
    for (int i = 0; i < 3; i++) {
      put(circle[i], i, i, "x");
    }
    Future<?>[] waits = new Future<?>[3];
    for (int i = 0; i < 3; i++) {
      int me = i;
      int next = (i + 1) % 3;
      waits[i] =
          threads.submit(
              () -> {
                try {
                  put(circle[me], next, next, "y");
                  circle[me].commit();
                } catch (SqlException failure) {
                  circle[me].rollback();
                  throw failure;
                }
              });
    }
    waits[0].get();
    waits[1].get();
    ExecutionException failure = assertThrows(ExecutionException.class, waits[2]::get);
    SqlException deadlock = (SqlException) failure.getCause();
    assertEquals(SqlState.DEADLOCK_DETECTED, deadlock.state());
    assertTrue(
        deadlock.fields().get(SqlException.Field.DETAIL).contains(" waits for transaction "));
  }

  @Test
  void relationLocksConflictAsInPostgres() {
    Transaction a = on.begin();
    put(a, 0, 1, "x");
    Transaction b = on.begin();
    b.lockRelation(REL, new int[] {0, 1}, RelationLock.ROW_EXCLUSIVE, LockWait.NOWAIT);
    assertFails(
        SqlState.LOCK_NOT_AVAILABLE,
        () ->
            b.lockRelation(REL, new int[] {0, 1}, RelationLock.ACCESS_EXCLUSIVE, LockWait.NOWAIT));
    a.commit();
    b.lockRelation(REL, new int[] {0, 1}, RelationLock.ACCESS_EXCLUSIVE, LockWait.NOWAIT);
    Transaction c = begin(new Policy(false, 0, () -> {}));
    assertThrows(WouldBlockException.class, () -> put(c, 0, 5, "z"));
    b.commit();
    put(c, 0, 5, "z");
    c.commit();
  }
}
