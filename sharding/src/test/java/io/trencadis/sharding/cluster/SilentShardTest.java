package io.trencadis.sharding.cluster;

import static io.trencadis.sharding.cluster.Bank.REL;
import static io.trencadis.sharding.cluster.TestCluster.SHARDS;
import static io.trencadis.sharding.cluster.TestCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.Mutation;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions that wait for shards without a majority.
class SilentShardTest {
  private static final byte[] KEY = {0, 0, 0, 70, 1};

  @TempDir Path directory;

  /// A session that can be cancelled.
  private static final class Session implements WaitPolicy {
    private volatile boolean cancelled;
    private volatile boolean waits;

    @Override
    public boolean mayBlock() {
      return true;
    }

    @Override
    public void checkInterrupts() {
      if (cancelled) {
        throw new SqlException(
            SqlState.QUERY_CANCELED, "canceling statement due to statement timeout");
      }
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
    public void waits(boolean begins) {
      waits = begins;
    }

    /// Cancels what another thread does for it, once that waits.
    ///
    /// @return what that has thrown
    Throwable cancel(String what, Runnable statement) throws Exception {
      CompletableFuture<Throwable> outcome = new CompletableFuture<>();
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      statement.run();
                      outcome.complete(null);
                    } catch (Throwable thrown) {
                      outcome.complete(thrown);
                    }
                  });
      await(what + " waits", () -> waits || outcome.isDone());
      cancelled = true;
      thread.interrupt();
      Throwable thrown = outcome.get(180, TimeUnit.SECONDS);
      cancelled = false;
      return thrown;
    }
  }

  private static int rows(Transaction reader) {
    int count = 0;
    for (int shard = 0; shard < SHARDS; shard++) {
      try (RowCursor rows = reader.scan(shard, REL, KEY, new byte[] {0, 0, 0, 71}, false)) {
        while (rows.next()) {
          count++;
        }
      }
    }
    return count;
  }

  @Test
  void whoTakesBackWhatASilentShardHasCanBeEnded() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.HASTY)) {
      Session session = new Session();
      Transaction transaction =
          cluster.nodes.getFirst().gateway().begin(IsolationLevel.SERIALIZABLE, false, session);
      transaction.beginStatement();
      int savepoint = transaction.savepoint();
      for (int shard = 0; shard < SHARDS; shard++) {
        transaction.mutate(shard, REL, List.of(new Mutation.Put(KEY, new byte[1])));
      }
      cluster.isolate(0);
      await(
          "a node that leads nothing",
          () ->
              cluster.nodes.getFirst().replicas().stream()
                  .allMatch(replica -> replica.log().term() == 0));

      for (int times = 0; times < 2; times++) {
        Throwable thrown = session.cancel("undo", () -> transaction.rollbackTo(savepoint));
        SqlException ended = assertInstanceOf(SqlException.class, thrown);
        assertEquals(SqlState.QUERY_CANCELED, ended.state());
      }
      cluster.heal(0);
      // What was not taken back is never committed.
      assertThrows(SqlException.class, transaction::commit);

      Transaction reader =
          cluster
              .nodes
              .getFirst()
              .gateway()
              .begin(IsolationLevel.SERIALIZABLE, true, WaitPolicy.PATIENT);
      reader.beginStatement();
      assertEquals(0, rows(reader));
      reader.commit();
    }
  }
}
