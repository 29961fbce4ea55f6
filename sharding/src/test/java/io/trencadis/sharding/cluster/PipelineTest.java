package io.trencadis.sharding.cluster;

import static io.trencadis.sharding.cluster.Bank.begin;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.Transaction;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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
    }
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
