package io.trencadis.sharding.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.storage.Keys;
import io.trencadis.storage.disk.FaultyDisk;
import io.trencadis.storage.history.HeapVersions;
import io.trencadis.storage.levels.StorageConfig;
import io.trencadis.storage.log.LogConfig;
import io.trencadis.storage.tree.MemoryTree;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.MutationResult;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Transactions that write more than may stay in memory: they move it to runs, here after every few
/// rows, and nobody can tell.
class LargeTransactionTest {
  private static final int SEEDS = Integer.getInteger("seeds", 60);
  private static final RelationRef REL = new RelationRef(7, 0, "t");
  private static final Path RUNS = Path.of("/data/runs");
  private static final int KEYS = 60;

  private final FaultyDisk disk = new FaultyDisk(1);
  private final MemoryTree tree = new MemoryTree(1);
  private LocalStore store;

  private Node open() throws IOException {
    LocalConfig config =
        new LocalConfig(
            LogConfig.small(1 << 16),
            new StorageConfig(1 << 24, 1 << 24, 100),
            1 << 30,
            1000,
            1L << 40,
            (_, _) -> tree,
            _ -> new HeapVersions());
    store = LocalStore.open(DataDirectory.open(disk, Path.of("/data")), 1, config, _ -> {});
    return new Node(Outside.real(), store);
  }

  private Node crashAndOpen() throws IOException {
    store.abandon();
    disk.crash();
    return open();
  }

  private static Transaction begin(Node node) {
    Transaction transaction = node.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
    transaction.beginStatement();
    return transaction;
  }

  private static byte[] key(int n) {
    return new byte[] {0, 0, 0, 7, (byte) n};
  }

  private static byte[] value(int n) {
    return ByteBuffer.allocate(8).putInt(n).array();
  }

  private static void put(Transaction transaction, int from, int to, int value) {
    for (int n = from; n < to; n++) {
      transaction.mutate(0, REL, List.of(new Mutation.Put(key(n), value(value))));
    }
  }

  private static Map<Integer, Integer> scan(Transaction transaction, boolean reverse) {
    Map<Integer, Integer> found = new TreeMap<>();
    RowCursor cursor = transaction.scan(0, REL, key(0), Keys.relationEnd(7), reverse);
    int last = reverse ? KEYS : -1;
    while (cursor.next()) {
      int n = cursor.key()[4];
      assertTrue(reverse ? n < last : n > last, "out of order");
      last = n;
      found.put(n, ByteBuffer.wrap(cursor.value()).getInt());
    }
    return found;
  }

  private static Map<Integer, Integer> committed(Node node) {
    Transaction reader = node.begin(IsolationLevel.SERIALIZABLE, true, WaitPolicy.PATIENT);
    reader.beginStatement();
    Map<Integer, Integer> found = scan(reader, false);
    assertEquals(found, scan(reader, true));
    reader.commit();
    return found;
  }

  @Test
  void aRandomTransactionSeesItsOwnWritesAndCommitsThemOrNone() throws IOException {
    Node node = open();
    Map<Integer, Integer> durable = new TreeMap<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      Map<Integer, Integer> own = new TreeMap<>(durable);
      Transaction transaction = begin(node);
      List<Integer> savepoints = new ArrayList<>();
      List<Map<Integer, Integer>> states = new ArrayList<>();
      for (int step = 0; step < 150; step++) {
        transaction.beginStatement();
        int n = random.nextInt(KEYS);
        switch (random.nextInt(12)) {
          case 0 -> {
            savepoints.add(transaction.savepoint());
            states.add(new TreeMap<>(own));
          }
          case 1 -> {
            if (!savepoints.isEmpty()) {
              int to = random.nextInt(savepoints.size());
              transaction.rollbackTo(savepoints.get(to));
              own = new TreeMap<>(states.get(to));
              savepoints.subList(to + 1, savepoints.size()).clear();
              states.subList(to + 1, states.size()).clear();
            }
          }
          case 2 -> assertEquals(own, scan(transaction, random.nextBoolean()), "seed " + seed);
          case 3 -> {
            byte[] row = transaction.get(0, REL, key(n));
            assertEquals(own.get(n), row == null ? null : ByteBuffer.wrap(row).getInt());
          }
          case 4, 5 -> {
            transaction.mutate(0, REL, List.of(new Mutation.Delete(key(n))));
            own.remove(n);
          }
          case 6, 7 -> {
            Mutation insert = new Mutation.Insert(key(n), value(step));
            MutationResult result = transaction.mutate(0, REL, List.of(insert)).getFirst();
            assertEquals(own.containsKey(n), result != MutationResult.APPLIED);
            own.putIfAbsent(n, step);
          }
          default -> {
            put(transaction, n, n + 1, step);
            own.put(n, step);
          }
        }
      }
      if (random.nextInt(3) == 0) {
        transaction.rollback();
      } else {
        transaction.commit();
        durable = own;
      }
      assertEquals(durable, committed(node), "seed " + seed);
      if (random.nextInt(4) == 0) {
        node = crashAndOpen();
        assertEquals(durable, committed(node), "after a crash, seed " + seed);
      }
    }
  }

  @Test
  void anUndoneStatementLeavesNothing() throws IOException {
    Node node = open();
    Transaction transaction = begin(node);
    put(transaction, 0, 20, 1);
    transaction.beginStatement();
    put(transaction, 10, 40, 2);
    transaction.undoStatement();
    Map<Integer, Integer> expected = new TreeMap<>();
    for (int n = 0; n < 20; n++) {
      expected.put(n, 1);
    }
    assertEquals(expected, scan(transaction, false));
    transaction.commit();
    assertEquals(expected, committed(node));
  }

  @Test
  void aRowInARunIsLockedAsAnyOther() throws IOException {
    Node node = open();
    Transaction large = begin(node);
    put(large, 0, 40, 1);
    assertFalse(disk.list(RUNS).isEmpty(), "nothing was moved to a run");
    Transaction other = begin(node);
    SqlException refused =
        assertThrows(
            SqlException.class,
            () -> other.lockAndGet(0, REL, key(3), RowLock.UPDATE, LockWait.NOWAIT));
    assertEquals(SqlState.LOCK_NOT_AVAILABLE, refused.state());
    other.rollback();
    large.commit();
    Transaction after = begin(node);
    assertArrayEquals(value(1), after.lockAndGet(0, REL, key(3), RowLock.UPDATE, LockWait.NOWAIT));
    after.rollback();
  }

  @Test
  void whoReadWhatALargeTransactionWroteCannotCommitPastIt() throws IOException {
    Node node = open();
    Transaction reader = begin(node);
    assertTrue(scan(reader, false).isEmpty());
    Transaction large = begin(node);
    put(large, 0, 40, 1);
    large.commit();
    reader.mutate(0, REL, List.of(new Mutation.Put(key(50), value(2))));
    SqlException failed = assertThrows(SqlException.class, reader::commit);
    assertEquals(SqlState.SERIALIZATION_FAILURE, failed.state());
  }

  @Test
  void whatAbortsLeavesNoFile() throws IOException {
    Node node = open();
    Transaction large = begin(node);
    put(large, 0, 40, 1);
    large.rollback();
    assertEquals(List.of(), disk.list(RUNS));
  }

  @Test
  void whatACrashLeavesBehindIsRemoved() throws IOException {
    Node node = open();
    Transaction large = begin(node);
    put(large, 0, 40, 1);
    disk.syncDirectory(RUNS);
    node = crashAndOpen();
    assertEquals(List.of(), disk.list(RUNS));
    assertEquals(Map.of(), committed(node));
  }

  @Test
  void aFlushTakesTheRunsIntoTheTree() throws Exception {
    Node node = open();
    Transaction large = begin(node);
    put(large, 0, 40, 1);
    large.commit();
    node.checkpoint();
    assertEquals(List.of(), disk.list(RUNS));
    assertEquals(40, committed(node).size());
    node = crashAndOpen();
    assertEquals(40, committed(node).size());
  }

  @Test
  void aFullDiskCostsTheTransactionOnly() throws IOException {
    Node node = open();
    Transaction large = begin(node);
    disk.limitTo(0);
    SqlException full = assertThrows(SqlException.class, () -> put(large, 0, 40, 1));
    assertEquals(SqlState.DISK_FULL, full.state());
    large.rollback();
    disk.limitTo(-1);
    Transaction again = begin(node);
    put(again, 0, 40, 1);
    again.commit();
    assertEquals(40, committed(node).size());
  }

  @Test
  void whatCannotBeTakenBackForWantOfRoomIsNotCommitted() throws IOException {
    Node node = open();
    Transaction large = begin(node);
    put(large, 0, 2, 1);
    int savepoint = large.savepoint();
    // The one run that it goes to has rows of both sides of the savepoint; others would make room.
    put(large, 2, 8, 2);
    disk.limitTo(0);
    SqlException full = assertThrows(SqlException.class, () -> large.rollbackTo(savepoint));
    assertEquals(SqlState.DISK_FULL, full.state());
    disk.limitTo(-1);
    large.rollbackTo(savepoint);
    large.commit();
    assertEquals(Map.of(0, 1, 1, 1), committed(node));
  }
}
