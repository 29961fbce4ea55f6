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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whom a commit waits for, on a log that becomes durable when the test says so.
@Timeout(60)
class SynchronousCommitTest {
  private final HeldLog log = new HeldLog();
  private final LocalSqlEngine engine = SqlScript.engine(log);

  /// Data in memory behind a log that can be held.
  private static final class HeldLog implements NodeStore, DecisionLog {
    private final NodeStore data = NodeStore.inMemory(4);
    private final ConcurrentLinkedQueue<Outcome> waiting = new ConcurrentLinkedQueue<>();
    private volatile CountDownLatch held;

    void hold() {
      held = new CountDownLatch(1);
    }

    void release() {
      held = null;
      for (Outcome outcome = waiting.poll(); outcome != null; outcome = waiting.poll()) {
        outcome.durable(0);
      }
    }

    @Override
    public void append(io.trencadis.txn.TxnRecord record, Outcome outcome) {
      CountDownLatch now = held;
      if (now == null) {
        outcome.durable(0);
      } else {
        waiting.add(outcome);
        now.countDown();
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
  void onAnswersOnceItIs() throws Exception {
    SqlScript sql = new SqlScript(engine);
    sql.run("CREATE TABLE t (id int PRIMARY KEY)");
    log.hold();
    CountDownLatch appended = log.held;
    CompletableFuture<List<String>> answer =
        CompletableFuture.supplyAsync(() -> sql.run("INSERT INTO t VALUES (1)"));
    assertTrue(appended.await(30, TimeUnit.SECONDS));
    assertFalse(answer.isDone());
    log.release();
    assertEquals(List.of("INSERT 0 1"), answer.get(30, TimeUnit.SECONDS));
  }
}
