package io.trencadis.sharding.cluster;

import static io.trencadis.sharding.cluster.Bank.begin;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a transaction of a cluster sends without waiting: batches that its cursors will want next,
/// writes of rows it has locked, and writes at several shards at once. None of that may be seen in
/// what it reads and commits.
class PipelineTest {
  private static final RelationRef REL = new RelationRef(71, 0, "t");
  private static final int ROWS = 3_000;

  @TempDir Path directory;

  private static byte[] key(int n) {
    return ByteBuffer.allocate(8).putInt(71).putInt(n).array();
  }

  private static byte[] row(int n) {
    return ByteBuffer.allocate(4).putInt(n).array();
  }

  private static int number(byte[] key) {
    return ByteBuffer.wrap(key).getInt(4);
  }

  private static void fill(Gateway gateway) {
    Transaction writer = begin(gateway);
    List<Transaction.Writes> all = new ArrayList<>();
    for (int shard = 0; shard < TestCluster.SHARDS; shard++) {
      List<Mutation> rows = new ArrayList<>();
      for (int n = 0; n < ROWS; n++) {
        rows.add(new Mutation.Insert(key(2 * n), row(shard)));
      }
      all.add(new Transaction.Writes(shard, REL, rows));
    }
    writer.mutateAll(all).forEach(each -> each.forEach(result -> assertTrue(result.applied())));
    writer.commit();
  }

  private static RowCursor scan(Transaction transaction, int shard, boolean reverse) {
    return transaction.scan(shard, REL, key(0), key(2 * ROWS), reverse);
  }

  @Test
  void cursorsThatFetchAheadSeeEachRowOnce() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT)) {
      Gateway gateway = cluster.nodes.get(0).gateway();
      fill(gateway);
      for (int shard = 0; shard < TestCluster.SHARDS; shard++) {
        Transaction reader = begin(cluster.nodes.get(shard % 3).gateway());
        // Two at a time at one shard, and a third that is left soon.
        RowCursor up = scan(reader, shard, false);
        RowCursor down = scan(reader, shard, true);
        RowCursor left = scan(reader, shard, false);
        for (int n = 0; n < ROWS; n++) {
          assertTrue(up.next());
          assertEquals(2 * n, number(up.key()));
          assertTrue(down.next());
          assertEquals(2 * (ROWS - 1 - n), number(down.key()));
          if (n < 300) {
            assertTrue(left.next());
          } else {
            left.close();
          }
        }
        assertFalse(up.next());
        assertFalse(down.next());
        reader.commit();
      }
      aCursorSeesNoWriteOfALaterMark(gateway);
      writesSentAheadAreThere(cluster);
      aWriteWhoseWaitIsGivenUpIsNotLeftOut(cluster);
      int given = 0;
      for (ClusterNode node : cluster.nodes) {
        given += aBatchWhoseWaitIsGivenUpIsWaitedForByNobodyElse(node.gateway()) ? 1 : 0;
      }
      assertTrue(given > 0, "nobody has waited for a batch");
    }
  }

  /// A session that gives up a wait when it is told to, or after some time.
  private static final class Impatient implements WaitPolicy {
    private static final SqlException CANCELLED =
        new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to user request");

    private final long millis;
    private volatile boolean cancels;

    Impatient(long lockTimeoutMillis) {
      millis = lockTimeoutMillis;
    }

    @Override
    public boolean mayBlock() {
      return true;
    }

    @Override
    public void checkInterrupts() {
      if (cancels) {
        throw CANCELLED;
      }
    }

    @Override
    public long lockTimeoutMillis() {
      return millis;
    }

    @Override
    public boolean waitsForDurability() {
      return true;
    }
  }

  /// A write of a locked row waits all the same where its relation is locked against writes.
  private static void aWriteWhoseWaitIsGivenUpIsNotLeftOut(TestCluster cluster) {
    Transaction locker = begin(cluster.nodes.get(0).gateway());
    locker.lockRelation(REL, new int[] {0}, RelationLock.SHARE, LockWait.WAIT);
    Transaction writer =
        cluster
            .nodes
            .get(1)
            .gateway()
            .begin(IsolationLevel.SERIALIZABLE, false, new Impatient(100));
    writer.beginStatement();
    int before = writer.savepoint();
    lock(writer, 0, 20);
    writer.mutate(0, REL, List.of(new Mutation.Put(key(20), row(-1))));
    int savepoint = writer.savepoint();
    assertEquals(
        SqlState.LOCK_NOT_AVAILABLE,
        assertThrows(SqlException.class, () -> writer.get(0, REL, key(22))).state());
    writer.rollbackTo(savepoint);
    locker.rollback();
    lock(writer, 1, 20);
    writer.mutate(1, REL, List.of(new Mutation.Put(key(20), row(-1))));
    assertEquals(
        SqlState.SERIALIZATION_FAILURE, assertThrows(SqlException.class, writer::commit).state());
    Transaction reader = begin(cluster.nodes.get(2).gateway());
    assertArrayEquals(row(1), reader.get(1, REL, key(20)));
    locker = begin(cluster.nodes.get(0).gateway());
    locker.lockRelation(REL, new int[] {0}, RelationLock.SHARE, LockWait.WAIT);
    Transaction again =
        cluster
            .nodes
            .get(1)
            .gateway()
            .begin(IsolationLevel.SERIALIZABLE, false, new Impatient(100));
    again.beginStatement();
    int point = again.savepoint();
    lock(again, 0, 20);
    again.mutate(0, REL, List.of(new Mutation.Put(key(20), row(-1))));
    assertThrows(SqlException.class, () -> again.get(0, REL, key(22)));
    // What is taken back need not be there.
    again.rollbackTo(point);
    locker.rollback();
    lock(again, 1, 20);
    again.mutate(1, REL, List.of(new Mutation.Put(key(20), row(-2))));
    again.commit();
    reader = begin(cluster.nodes.get(2).gateway());
    assertArrayEquals(row(0), reader.get(0, REL, key(20)));
    assertArrayEquals(row(-2), reader.get(1, REL, key(20)));
    reader.commit();
  }

  /// @return false if nobody has waited for a batch, as at the node whose shard it is
  private static boolean aBatchWhoseWaitIsGivenUpIsWaitedForByNobodyElse(Gateway gateway)
      throws InterruptedException {
    Impatient session = new Impatient(0);
    Transaction transaction = gateway.begin(IsolationLevel.SERIALIZABLE, false, session);
    transaction.beginStatement();
    lock(transaction, 0, 30);
    int savepoint = transaction.savepoint();
    SqlException cancelled = null;
    // Its batch may come before anybody waits for it.
    for (int attempt = 0; cancelled == null && attempt < 1_000; attempt++) {
      RowCursor rows = scan(transaction, 0, false);
      assertTrue(rows.next());
      session.cancels = true;
      try {
        transaction.get(0, REL, key(30));
      } catch (SqlException e) {
        cancelled = e;
      }
      session.cancels = false;
      rows.close();
    }
    if (cancelled == null) {
      transaction.rollback();
      return false;
    }
    Thread next =
        Thread.ofVirtual()
            .start(
                () -> {
                  transaction.rollbackTo(savepoint);
                  assertArrayEquals(row(0), transaction.get(0, REL, key(30)));
                  transaction.commit();
                });
    assertTrue(next.join(Duration.ofMinutes(1)), "the session hangs");
    return true;
  }

  private static void aCursorSeesNoWriteOfALaterMark(Gateway gateway) {
    Transaction writer = begin(gateway);
    int mark = writer.writeMark();
    int seen = 0;
    try (RowCursor rows = writer.scan(0, REL, key(0), key(2 * ROWS), false, mark)) {
      while (rows.next()) {
        int n = number(rows.key());
        assertEquals(0, n % 2);
        // Behind the cursor, where it is, and before it.
        for (int odd : new int[] {n - 1, n + 1, n + 701}) {
          if (odd > 0) {
            writer.mutate(0, REL, List.of(new Mutation.Put(key(odd), row(odd))));
          }
        }
        seen++;
      }
    }
    assertEquals(ROWS, seen);
    writer.rollback();
  }

  /// Each statement locks a row at every shard and writes it; a savepoint takes a part back.
  private static void writesSentAheadAreThere(TestCluster cluster) {
    Transaction writer = begin(cluster.nodes.get(1).gateway());
    change(writer, 10, 1);
    int savepoint = writer.savepoint();
    change(writer, 10, 2);
    change(writer, 12, 2);
    writer.rollbackTo(savepoint);
    change(writer, 14, 3);
    for (int shard = 0; shard < TestCluster.SHARDS; shard++) {
      assertArrayEquals(row(1), writer.get(shard, REL, key(10)));
      assertArrayEquals(row(shard), writer.get(shard, REL, key(12)));
      lock(writer, shard, 16);
      writer.mutate(shard, REL, List.of(new Mutation.Delete(key(16))));
    }
    writer.commit();
    Transaction reader = begin(cluster.nodes.get(2).gateway());
    for (int shard = 0; shard < TestCluster.SHARDS; shard++) {
      assertArrayEquals(row(1), reader.get(shard, REL, key(10)));
      assertArrayEquals(row(shard), reader.get(shard, REL, key(12)));
      assertArrayEquals(row(3), reader.get(shard, REL, key(14)));
      assertNull(reader.get(shard, REL, key(16)));
    }
    reader.commit();
  }

  private static void change(Transaction writer, int n, int value) {
    writer.beginStatement();
    for (int shard = 0; shard < TestCluster.SHARDS; shard++) {
      lock(writer, shard, n);
      writer.mutate(shard, REL, List.of(new Mutation.Put(key(n), row(value))));
    }
  }

  private static void lock(Transaction writer, int shard, int n) {
    writer.lockAndGet(shard, REL, key(n), RowLock.UPDATE, LockWait.WAIT);
  }
}
