package io.trencadis.sharding.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.Clock;
import io.trencadis.base.Outside;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.storage.disk.FaultyDisk;
import io.trencadis.storage.history.HeapVersions;
import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.levels.StorageConfig;
import io.trencadis.storage.log.LogConfig;
import io.trencadis.storage.tree.MemoryTree;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// A snapshot that stays open for an hour, on a clock that the test moves, beside updates of a few
/// hot rows: it goes on reading what was there, and costs a version a row.
class LongSnapshotTest {
  private static final RelationRef REL = new RelationRef(7, 0, "t");
  private static final int ROWS = 50;
  private static final int MINUTES = 60;
  private static final int UPDATES_A_MINUTE = 400;
  private static final long BUDGET = 400_000;

  private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);
  private final MemoryTree tree = new MemoryTree(1);

  private static byte[] key(int n) {
    return new byte[] {0, 0, 0, 7, (byte) n};
  }

  private static byte[] value(int n) {
    return ByteBuffer.allocate(100).putInt(n).array();
  }

  private static void write(Node node, int row, int value) {
    Transaction writer = node.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
    writer.beginStatement();
    writer.mutate(0, REL, List.of(new Mutation.Put(key(row), value(value))));
    writer.commit();
  }

  private static void assertSees(Transaction reader, int value) {
    reader.beginStatement();
    for (int row = 0; row < ROWS; row++) {
      assertEquals(value, ByteBuffer.wrap(reader.get(0, REL, key(row))).getInt());
    }
  }

  @Test
  void readsWhatItSawAndCostsAVersionARow() throws IOException, InterruptedException {
    LocalConfig config =
        new LocalConfig(
            LogConfig.small(1 << 20),
            new StorageConfig(1 << 24, BUDGET, 100),
            1 << 30,
            1L << 40,
            1L << 40,
            (_, _) -> tree,
            _ -> new HeapVersions());
    DataDirectory directory = DataDirectory.open(new FaultyDisk(1), Path.of("/data"));
    try (LocalStore store = LocalStore.open(directory, 1, config, _ -> {})) {
      Node node = new Node(outside(), store, 600_000);
      for (int row = 0; row < ROWS; row++) {
        write(node, row, -1);
      }
      Transaction old = node.begin(IsolationLevel.REPEATABLE_READ, true, WaitPolicy.PATIENT);
      assertSees(old, -1);
      NodeStorage storage = store.storage();
      long entries = 0;
      for (int minute = 0; minute < MINUTES; minute++) {
        for (int i = 0; i < UPDATES_A_MINUTE; i++) {
          write(node, i % ROWS, minute);
          millis.addAndGet(60_000 / UPDATES_A_MINUTE);
        }
        node.checkpoint();
        assertSees(old, -1);
        assertTrue(storage.historyBytes() < 2 * BUDGET, storage.historyBytes() + " bytes");
        long now = storage.treeStatistics().shardEntries().getFirst();
        assertTrue(entries == 0 || entries == now, "the tree grows");
        entries = now;
      }
      old.commit();
      node.checkpoint();
      millis.addAndGet(3_600_000);
      write(node, 0, 0);
      node.checkpoint();
      assertTrue(storage.historyVersions() <= ROWS, storage.historyVersions() + " versions left");
    }
  }

  private Outside outside() {
    Outside real = Outside.real();
    Clock clock =
        new Clock() {
          @Override
          public long currentMillis() {
            return millis.get();
          }

          @Override
          public long nanoTime() {
            return real.clock().nanoTime();
          }
        };
    return new Outside(clock, real.timers(), real.random());
  }
}
