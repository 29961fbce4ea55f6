package io.trencadis.sharding.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.Clock;
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
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of the rows of relations that the catalog no longer has. The catalog is a map from
/// relations to when they were dropped.
@Timeout(60)
class DroppedRelationsTest {
  private static final int SHARDS = 2;
  private static final int ROWS = 20_000;
  private static final int KEPT = 100;
  private static final int DROPPED = 101;
  private static final int NEXT = 102;
  private static final long HISTORY_MILLIS = 60_000;

  private final FaultyDisk disk = new FaultyDisk(1);
  private final FailingTree tree = new FailingTree(SHARDS);
  private final ConcurrentHashMap<Integer, Long> drops = new ConcurrentHashMap<>();
  private long millis = 1_800_000_000_000L;
  private LocalStore store;
  private Node node;

  @BeforeEach
  void open() throws IOException {
    LocalConfig config =
        new LocalConfig(
            LogConfig.small(1 << 20),
            new StorageConfig(1 << 28, 1 << 28, 100_000),
            1 << 30,
            1L << 40,
            1L << 40,
            (_, _) -> tree,
            _ -> new HeapVersions());
    store = LocalStore.open(DataDirectory.open(disk, Path.of("/data")), SHARDS, config, _ -> {});
    Outside real = Outside.real();
    Clock clock =
        new Clock() {
          @Override
          public long currentMillis() {
            return millis;
          }

          @Override
          public long nanoTime() {
            return System.nanoTime();
          }
        };
    node = new Node(new Outside(clock, real.timers(), real.random()), store, HISTORY_MILLIS);
    node.relations(this::unreachable);
  }

  @AfterEach
  void close() throws IOException {
    tree.takes(Integer.MAX_VALUE);
    store.close();
  }

  private Set<Integer> unreachable(Set<Integer> stored, long horizon) {
    Set<Integer> found = new HashSet<>(stored);
    found.removeIf(id -> drops.getOrDefault(id, Long.MAX_VALUE) > horizon);
    return found;
  }

  private void crash() throws IOException {
    store.abandon();
    disk.crash();
    tree.takes(Integer.MAX_VALUE);
    open();
  }

  private Transaction begin() {
    Transaction transaction = node.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
    transaction.beginStatement();
    return transaction;
  }

  private static RelationRef relation(int id) {
    return new RelationRef(id, 1, "r" + id);
  }

  private static byte[] key(int relation, int row) {
    return new KeyWriter().relation(relation).putInt(row).toByteArray();
  }

  /// Makes a relation at all shards, with its rows at the last one.
  private void create(int id, int rows) {
    Transaction transaction = begin();
    for (int shard = 0; shard < SHARDS; shard++) {
      transaction.setSchemaVersion(shard, id, 1);
    }
    List<Mutation> puts = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      puts.add(new Mutation.Put(key(id, row), new byte[] {1, 2, 3}));
    }
    transaction.mutate(SHARDS - 1, relation(id), puts);
    transaction.commit();
  }

  private void drop(int id) {
    Transaction transaction = begin();
    for (int shard = 0; shard < SHARDS; shard++) {
      transaction.setSchemaVersion(shard, id, 2);
    }
    transaction.commit();
    drops.put(id, transaction.report().commitTimestamp());
  }

  private byte[] get(Transaction transaction, int id, int row) {
    return transaction.get(SHARDS - 1, relation(id), key(id, row));
  }

  @Test
  void rowsGoOnceNobodyCanReadThem() throws InterruptedException {
    create(KEPT, 1000);
    node.checkpoint();
    long before = tree.entries();
    assertEquals(1000 + SHARDS, before);
    create(DROPPED, ROWS);
    node.checkpoint();
    assertEquals(before + ROWS + SHARDS, tree.entries());
    long then = node.currentTimestamp();
    Transaction open = begin();
    assertArrayEquals(new byte[] {1, 2, 3}, get(open, KEPT, 0));
    drop(DROPPED);

    node.checkpoint();
    assertEquals(before + ROWS + SHARDS, tree.entries(), "within the retention");
    Transaction past = node.beginAt(then, WaitPolicy.PATIENT);
    assertArrayEquals(new byte[] {1, 2, 3}, get(past, DROPPED, ROWS - 1));

    millis += 2 * HISTORY_MILLIS;
    node.checkpoint();
    assertEquals(before + ROWS + SHARDS, tree.entries(), "a snapshot is open");
    assertArrayEquals(new byte[] {1, 2, 3}, get(open, DROPPED, ROWS - 1));
    open.rollback();

    node.checkpoint();
    assertEquals(before, tree.entries());
    SqlException old = assertThrows(SqlException.class, () -> get(past, DROPPED, 0));
    assertEquals(SqlState.SNAPSHOT_TOO_OLD, old.state());
    old = assertThrows(SqlException.class, () -> node.beginAt(then, WaitPolicy.PATIENT));
    assertEquals(SqlState.SNAPSHOT_TOO_OLD, old.state());
    Transaction reader = begin();
    for (int row = 0; row < 1000; row++) {
      assertArrayEquals(new byte[] {1, 2, 3}, get(reader, KEPT, row));
    }
    reader.commit();
  }

  @Test
  void aCrashHalfWayForgetsNothing() throws Exception {
    create(KEPT, 1000);
    node.checkpoint();
    long before = tree.entries();
    create(DROPPED, ROWS);
    node.checkpoint();
    drop(DROPPED);
    create(NEXT, 10);
    millis += 2 * HISTORY_MILLIS;
    // One for the flush, and one step of removal.
    tree.takes(2);
    SqlException stopped = assertThrows(SqlException.class, node::checkpoint);
    assertEquals(SqlState.DISK_FULL, stopped.state());
    long between = tree.entries();
    assertTrue(between < before + ROWS && between > before + 1000, "entries " + between);
    crash();
    assertEquals(between, tree.entries());
    node.checkpoint();
    assertEquals(before + 10 + SHARDS, tree.entries());
    Transaction reader = begin();
    assertArrayEquals(new byte[] {1, 2, 3}, get(reader, KEPT, 999));
    assertArrayEquals(new byte[] {1, 2, 3}, get(reader, NEXT, 9));
    assertNull(get(reader, KEPT, 1000));
    reader.commit();
  }

  @Test
  void whatTheLogBringsBackGoesToo() throws Exception {
    create(KEPT, 10);
    node.checkpoint();
    long before = tree.entries();
    create(DROPPED, ROWS);
    drop(DROPPED);
    crash();
    node.checkpoint();
    assertEquals(before, tree.entries());
  }
}
