package io.trencadis.storage.levels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.Write;
import io.trencadis.storage.history.HeapVersions;
import io.trencadis.storage.history.Kept;
import io.trencadis.storage.tree.BaseTree;
import io.trencadis.storage.tree.LmdbSize;
import io.trencadis.storage.tree.LmdbTree;
import io.trencadis.storage.tree.MemoryTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeStorageTest {
  private static final StorageConfig CONFIG = new StorageConfig(1 << 20, 1 << 20, 1000);

  @TempDir Path directory;

  private static byte[] key(int n) {
    return new byte[] {0, 0, 0, 1, (byte) (n >>> 8), (byte) n};
  }

  private static byte[] row(long n) {
    return new byte[] {(byte) (n >>> 16), (byte) (n >>> 8), (byte) n};
  }

  private static NodeStorage open(BaseTree tree) {
    return NodeStorage.open(tree, _ -> new HeapVersions(), CONFIG);
  }

  private static void put(NodeStorage node, int n, byte[] row, long ts) {
    node.shard(0).apply(List.of(Write.of(key(n), row)), ts, ts);
  }

  private static void flush(NodeStorage node, long position, long horizon) {
    Flush flush = node.beginFlush(position, Kept.from(horizon));
    for (int shard = 0; shard < node.shards(); shard++) {
      flush.freeze(shard);
    }
    flush.write(Map.of());
  }

  private static SqlState failure(Runnable work) {
    return assertThrows(SqlException.class, work::run).state();
  }

  @Test
  void aReadFindsItsVersionOnEveryLevel() {
    NodeStorage node = open(new MemoryTree(1));
    put(node, 1, row(10), 10);
    flush(node, 10, 5);
    put(node, 1, row(20), 20);
    flush(node, 20, 5);
    put(node, 1, row(30), 30);
    Flush running = node.beginFlush(30, Kept.from(5));
    running.freeze(0);
    put(node, 1, row(40), 40);
    LevelledStore store = node.shard(0);
    assertNull(store.get(key(1), 9));
    assertArrayEquals(row(10), store.get(key(1), 19));
    assertArrayEquals(row(20), store.get(key(1), 29));
    assertArrayEquals(row(30), store.get(key(1), 39));
    assertArrayEquals(row(40), store.get(key(1), 40));
    assertEquals(40, store.latestVersion(key(1)));
    assertEquals(1, node.historyVersions());
  }

  @Test
  void aReadBelowTheFloorIsTooOldNotWrong() {
    NodeStorage node = open(new MemoryTree(1));
    put(node, 1, row(10), 10);
    put(node, 1, row(20), 20);
    put(node, 1, row(30), 30);
    flush(node, 30, 25);
    assertArrayEquals(row(20), node.shard(0).get(key(1), 25));
    assertEquals(SqlState.SNAPSHOT_TOO_OLD, failure(() -> node.shard(0).get(key(1), 24)));
    assertEquals(SqlState.SNAPSHOT_TOO_OLD, failure(() -> node.shard(0).get(key(2), 24)));
    assertEquals(
        SqlState.SNAPSHOT_TOO_OLD, failure(() -> node.shard(0).scan(null, null, 24, false).next()));
  }

  @Test
  void aShardWithoutCommitsAboveATimestampAnswersBelowTheFloor() {
    NodeStorage node = open(new MemoryTree(2));
    put(node, 1, row(10), 10);
    node.shard(1).apply(List.of(Write.of(key(1), row(30))), 30, 2);
    flush(node, 30, 25);
    assertArrayEquals(row(10), node.shard(0).get(key(1), 10));
    assertEquals(SqlState.SNAPSHOT_TOO_OLD, failure(() -> node.shard(1).get(key(1), 10)));
  }

  @Test
  void theVersionStoreIsLostWithTheProcessAndTheFloorSaysSo() {
    MemoryTree tree = new MemoryTree(1);
    NodeStorage node = open(tree);
    put(node, 1, row(10), 10);
    put(node, 1, row(20), 20);
    flush(node, 20, 5);
    assertArrayEquals(row(10), node.shard(0).get(key(1), 15));
    NodeStorage again = open(tree);
    assertEquals(20, again.historyFloor());
    assertEquals(20, again.highestCommitTs());
    assertEquals(20, again.coveredPosition());
    assertEquals(20, again.shard(0).appliedIndex());
    assertArrayEquals(row(20), again.shard(0).get(key(1), 20));
    assertEquals(SqlState.SNAPSHOT_TOO_OLD, failure(() -> again.shard(0).get(key(1), 19)));
  }

  @Test
  void aDeletionHidesLowerLevelsAndGoesWhenTheHorizonHasPassedIt() {
    MemoryTree tree = new MemoryTree(1);
    NodeStorage node = open(tree);
    put(node, 1, row(10), 10);
    flush(node, 10, 0);
    put(node, 1, null, 20);
    node.shard(0).discardBelow(20);
    assertNull(node.shard(0).get(key(1), 20));
    assertFalse(node.shard(0).scan(null, null, 20, false).next());
    flush(node, 20, 15);
    assertNull(node.shard(0).get(key(1), 20));
    assertEquals(20, node.shard(0).latestVersion(key(1)));
    assertEquals(1, tree.statistics().shardEntries().getFirst());
    flush(node, 21, 25);
    assertEquals(0, tree.statistics().shardEntries().getFirst());
    assertNull(node.shard(0).get(key(1), 25));
  }

  @Test
  void aHotRowIsOneVersionInTheTreeAndFewInTheVersionStore() {
    NodeStorage node = open(new MemoryTree(1));
    for (int ts = 1; ts <= 1000; ts++) {
      put(node, 1, row(ts), ts);
      node.shard(0).discardBelow(ts - 3);
    }
    long bytes = node.memtableBytes();
    assertTrue(bytes < 1000, "bytes " + bytes);
    flush(node, 1000, 997);
    assertEquals(0, node.memtableBytes());
    assertEquals(3, node.historyVersions());
    for (int ts = 997; ts <= 1000; ts++) {
      assertArrayEquals(row(ts), node.shard(0).get(key(1), ts));
    }
  }

  @Test
  void aFullDiskLeavesTheFrozenRowsReadableUntilTheFlushIsRepeated() throws InterruptedException {
    MemoryTree tree = new MemoryTree(1);
    NodeStorage node = open(tree);
    for (int i = 0; i < 4000; i++) {
      put(node, i, new byte[50], i + 1);
    }
    assertTrue(node.needsFlush());
    Flush flush = node.beginFlush(4000, Kept.from(0));
    assertFalse(node.needsFlush());
    flush.freeze(0);
    tree.failNextCommit(new SqlException(SqlState.DISK_FULL, "disk full"));
    assertEquals(SqlState.DISK_FULL, failure(() -> flush.write(Map.of())));
    assertEquals(flush, node.runningFlush());
    assertEquals(0, node.coveredPosition());
    assertEquals(50, node.shard(0).get(key(7), 4000).length);
    node.awaitRoom();
    int n = 4000;
    while (!node.full()) {
      put(node, n++, new byte[50], n);
    }
    assertEquals(SqlState.DISK_FULL, assertThrows(SqlException.class, node::awaitRoom).state());
    assertThrows(IllegalStateException.class, () -> node.beginFlush(5000, Kept.from(0)));
    flush.write(Map.of());
    assertNull(node.runningFlush());
    assertEquals(4000, node.coveredPosition());
    assertFalse(node.full());
    node.awaitRoom();
    assertEquals(50, node.shard(0).get(key(n - 1), n).length);
  }

  @Test
  void writersThatWaitForRoomGoOnAfterTheFlush() throws InterruptedException {
    NodeStorage node = open(new MemoryTree(1));
    int n = 0;
    while (!node.full()) {
      put(node, n++, new byte[1000], n);
    }
    Flush flush = node.beginFlush(n, Kept.from(0));
    flush.freeze(0);
    List<Throwable> faults = Collections.synchronizedList(new ArrayList<>());
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    node.awaitRoom();
                  } catch (Throwable e) {
                    faults.add(e);
                  }
                });
    flush.write(Map.of());
    writer.join();
    assertEquals(List.of(), faults);
  }

  @Test
  void replayOfWhatAFlushCoveredChangesNothing() {
    MemoryTree tree = new MemoryTree(1);
    NodeStorage node = open(tree);
    put(node, 1, row(10), 10);
    put(node, 1, row(20), 20);
    put(node, 2, row(15), 15);
    flush(node, 5, 0);
    NodeStorage again = open(tree);
    put(again, 1, row(10), 10);
    assertArrayEquals(row(20), again.shard(0).get(key(1), 20));
    put(again, 1, row(20), 20);
    put(again, 2, row(15), 15);
    put(again, 3, row(25), 25);
    assertEquals(25, again.highestCommitTs());
    flush(again, 25, 0);
    assertEquals(0, again.historyVersions());
    assertArrayEquals(row(20), again.shard(0).get(key(1), 25));
    assertArrayEquals(row(25), again.shard(0).get(key(3), 25));
  }

  @Test
  void refusesMetadataUnderItsOwnNamesAndShardsNotFrozen() {
    NodeStorage node = open(new MemoryTree(2));
    Flush flush = node.beginFlush(1, Kept.from(0));
    flush.freeze(0);
    assertThrows(IllegalStateException.class, () -> flush.freeze(0));
    assertThrows(IllegalStateException.class, () -> flush.write(Map.of()));
    flush.freeze(1);
    assertThrows(
        IllegalArgumentException.class, () -> flush.write(Map.of(".position", new byte[8])));
    flush.write(Map.of("prepared.1", new byte[] {1}));
    assertArrayEquals(new byte[] {1}, node.meta("prepared.1"));
    assertEquals(1, node.metaWithPrefix("prepared.").size());
    assertThrows(IllegalStateException.class, () -> flush.write(Map.of()));
  }

  @Test
  void readersSeeWholeSnapshotsWhileAWriterAppliesAndAFlusherFlushes() throws InterruptedException {
    int keys = 100;
    int rounds = 600;
    List<String> faults = Collections.synchronizedList(new ArrayList<>());
    AtomicLong pinned = new AtomicLong(1);
    try (NodeStorage node =
        NodeStorage.open(
            LmdbTree.open(directory, 1, new LmdbSize(1 << 16, 1 << 28)),
            _ -> new HeapVersions(),
            new StorageConfig(1 << 24, 1 << 24, 1000))) {
      LevelledStore store = node.shard(0);
      writeRound(store, keys, 1);
      Thread reader =
          Thread.ofPlatform().start(() -> readRounds(store, keys, rounds, pinned, faults));
      Thread flusher = null;
      for (int round = 2; round <= rounds; round++) {
        writeRound(store, keys, round);
        store.discardBelow(pinned.get());
        if (round % 10 == 0 && node.runningFlush() == null) {
          Flush flush = node.beginFlush(round, Kept.from(pinned.get()));
          flush.freeze(0);
          flusher = Thread.ofPlatform().start(() -> flush.write(Map.of()));
        }
      }
      reader.join();
      flusher.join();
      assertTrue(node.coveredPosition() > 0);
      assertEquals(List.of(), node.verify().faults());
    }
    assertEquals(List.of(), faults.subList(0, Math.min(3, faults.size())));
  }

  /// Even rounds leave the even keys alive and odd rounds the odd ones.
  private static void writeRound(LevelledStore store, int keys, int round) {
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      writes.add(Write.of(key(i), (i + round) % 2 == 0 ? row(round) : null));
    }
    store.apply(writes, round, round);
  }

  private static void readRounds(
      LevelledStore store, int keys, int rounds, AtomicLong pinned, List<String> faults) {
    long ts;
    do {
      // Pinned first, read after: what the writer discards lies below.
      pinned.set(store.highestCommitTs());
      ts = store.highestCommitTs();
      try {
        RowScan scan = store.scan(null, null, ts, (ts & 1) == 0);
        int rows = 0;
        while (scan.next()) {
          rows++;
          if (scan.commitTs() != ts) {
            faults.add("at " + ts + " a version of " + scan.commitTs());
          }
        }
        if (rows != keys / 2) {
          faults.add(rows + " rows at " + ts);
        }
        int n = (int) (ts % keys);
        if (!java.util.Arrays.equals(row(ts), store.get(key(n), ts))) {
          faults.add("read at " + ts);
        }
      } catch (RuntimeException e) {
        faults.add("at " + ts + ": " + e);
      }
    } while (ts < rounds);
  }

  @Test
  void anErasedShardHasNothingAndMayBeFilledWithOlderRowsAgain() {
    try (LmdbTree tree = LmdbTree.open(directory, 2, LmdbSize.DEFAULT)) {
      NodeStorage node = open(tree);
      for (int n = 0; n < 10_000; n++) {
        put(node, n, row(n), 100 + n);
      }
      put(node, 5, null, 50_000);
      byte[] longKey = new byte[BaseTree.MAX_KEY_BYTES];
      node.shard(0).apply(List.of(Write.of(longKey, row(7))), 50_001, 50_001);
      node.shard(1).apply(List.of(Write.of(key(1), row(9))), 60, 60);
      Flush flush = node.beginFlush(60_000, Kept.from(0));
      flush.freeze(0);
      flush.freeze(1);
      flush.write(Map.of("beside", row(1), "other", row(2)));
      put(node, 3, row(33), 50_002);
      node.shard(0).forget();
      int pieces = 1;
      for (; !node.erase(0, "beside"); pieces++) {
        assertArrayEquals(row(1), node.meta("beside"));
        // A flush may come between.
        flush(node, 60_000, 0);
      }
      assertTrue(pieces > 2, "pieces");
      assertNull(node.shard(0).latest(key(3)));
      assertNull(node.shard(0).latest(longKey));
      assertNull(node.meta("beside"));
      assertArrayEquals(row(2), node.meta("other"));
      assertEquals(0, node.shard(0).keyCount());
      assertEquals(0, node.shard(0).appliedIndex());
      // As another node has it: from before what was erased.
      node.shard(0).apply(List.of(Write.of(key(5), row(55))), 105, 0);
      assertArrayEquals(row(55), node.shard(0).read(key(5), 105).value());
      flush(node, 60_000, 0);
      assertArrayEquals(row(55), node.shard(0).latest(key(5)).value());
      assertNull(node.shard(0).latest(key(6)));
      assertArrayEquals(row(9), node.shard(1).latest(key(1)).value());
    }
  }
}
