package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sharding.Node;
import io.trencadis.sharding.NodeStore;
import io.trencadis.storage.ShardStore;
import io.trencadis.txn.DecisionLog;
import io.trencadis.txn.oracle.TimestampOracle;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whom a commit waits for, on a log that becomes durable when the test says so.
@Timeout(60)
class SynchronousCommitTest {
  private final HeldLog log = new HeldLog();
  private final LocalSqlEngine engine = SqlScript.engine(log);

  /// A thread for each: several of them wait at once.
  private final Executor threads = work -> Thread.ofPlatform().daemon().start(work);

  /// Data in memory behind a log that can be held.
  private static final class HeldLog implements NodeStore, DecisionLog {
    private final NodeStore data = NodeStore.inMemory(4);
    private final ConcurrentLinkedQueue<Outcome> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong end = new AtomicLong();
    private final CountDownLatch followed = new CountDownLatch(1);
    private volatile CountDownLatch held;
    private volatile CountDownLatch released;

    void hold() {
      held = new CountDownLatch(1);
      released = new CountDownLatch(1);
    }

    void release() {
      held = null;
      for (Outcome outcome = waiting.poll(); outcome != null; outcome = waiting.poll()) {
        outcome.durable(end.get());
      }
      released.countDown();
    }

    @Override
    public void append(io.trencadis.txn.TxnRecord record, Outcome outcome) {
      CountDownLatch now = held;
      long position = end.incrementAndGet();
      if (now == null) {
        outcome.durable(position);
      } else {
        outcome.appended(position);
        waiting.add(outcome);
        now.countDown();
      }
    }

    @Override
    public long durable() {
      return held == null ? Long.MAX_VALUE : 0;
    }

    @Override
    public void awaitDurable(long position) {
      followed.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public int shardCount() {
      return data.shardCount();
    }

    @Override
    public ShardStore shard(int shard) {
      return data.shard(shard);
    }

    @Override
    public DecisionLog log() {
      return this;
    }

    @Override
    public long logEnd() {
      return 0;
    }

    @Override
    public long lastTimestamp() {
      return 0;
    }

    @Override
    public TimestampOracle.BoundKeeper boundKeeper() {
      return null;
    }

    @Override
    public void checkpoint() {}

    @Override
    public void attached(Node node) {}
  }

  @Test
  void offAnswersBeforeTheLogIsDurable() {
    SqlScript sql = new SqlScript(engine);
    sql.run("CREATE TABLE t (id int PRIMARY KEY)");
    sql.run("SET synchronous_commit = off");
    log.hold();
    assertEquals(List.of("INSERT 0 1"), sql.run("INSERT INTO t VALUES (1)"));
    assertEquals(
        List.of("INSERT 0 1", "COMMIT"),
        sql.run("INSERT INTO t VALUES (2); COMMIT").stream()
            .filter(line -> !line.startsWith("WARNING"))
            .toList());
    assertEquals(2, log.waiting.size(), "both are still on their way to the disk");
    log.release();
    assertEquals(List.of("1", "2"), sql.run("SELECT id FROM t ORDER BY id"));
  }

  @Test
  void whoFollowsACommitOnItsWayToTheDiskRunsButDoesNotAnswer() throws Exception {
    SqlScript first = new SqlScript(engine);
    SqlScript second = new SqlScript(engine);
    first.run("CREATE TABLE t (id int PRIMARY KEY, v int)");
    first.run("INSERT INTO t VALUES (1, 0)");
    first.run("BEGIN; UPDATE t SET v = v + 1 WHERE id = 1");
    CompletableFuture<List<String>> update =
        CompletableFuture.supplyAsync(
            () -> second.run("BEGIN; UPDATE t SET v = v + 1 WHERE id = 1 RETURNING v"), threads);
    while (first.run("SELECT count(*) FROM pg_locks WHERE NOT granted").equals(List.of("0"))) {
      Thread.onSpinWait();
    }
    log.hold();
    CompletableFuture<List<String>> commit =
        CompletableFuture.supplyAsync(() -> first.run("COMMIT"), threads);
    assertTrue(update.get(30, TimeUnit.SECONDS).contains("2"), "it goes on with what was written");
    assertFalse(commit.isDone());
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(second.session()::awaitFollowed, threads);
    assertTrue(log.followed.await(30, TimeUnit.SECONDS));
    assertFalse(sending.isDone());
    log.release();
    sending.get(30, TimeUnit.SECONDS);
    assertEquals(List.of("COMMIT"), commit.get(30, TimeUnit.SECONDS));
  }

  @Test
  void onAnswersOnceItIs() throws Exception {
    SqlScript sql = new SqlScript(engine);
    sql.run("CREATE TABLE t (id int PRIMARY KEY)");
    log.hold();
    CountDownLatch appended = log.held;
    CompletableFuture<List<String>> answer =
        CompletableFuture.supplyAsync(() -> sql.run("INSERT INTO t VALUES (1)"), threads);
    assertTrue(appended.await(30, TimeUnit.SECONDS));
    assertFalse(answer.isDone());
    log.release();
    assertEquals(List.of("INSERT 0 1"), answer.get(30, TimeUnit.SECONDS));
  }
}
