package io.trencadis.sharding.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.trencadis.base.Outside;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.storage.disk.FaultyDisk;
import io.trencadis.storage.encoding.KeyWriter;
import io.trencadis.storage.history.HeapVersions;
import io.trencadis.storage.levels.StorageConfig;
import io.trencadis.storage.log.LogConfig;
import io.trencadis.storage.tree.MemoryTree;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Transactions whose clients do not wait for the log (`synchronous_commit = off`).
@Timeout(60)
class LateCommitTest {
  private static final RelationRef REL = new RelationRef(7, 0, "t");
  private static final int ROWS = 300;

  private static final WaitPolicy HASTY =
      new WaitPolicy() {
        @Override
        public boolean mayBlock() {
          return true;
        }

        @Override
        public void checkInterrupts() {}

        @Override
        public long lockTimeoutMillis() {
          return 0;
        }

        @Override
        public boolean waitsForDurability() {
          return false;
        }
      };

  private final FaultyDisk disk = new FaultyDisk(1);
  private final MemoryTree tree = new MemoryTree(2);

  private LocalStore open() throws IOException {
    return LocalStore.open(
        DataDirectory.open(disk, Path.of("/data")),
        2,
        new LocalConfig(
            LogConfig.small(1 << 16),
            new StorageConfig(1 << 24, 1 << 24, 100),
            1 << 30,
            1L << 40,
            1L << 40,
            (_, _) -> tree,
            _ -> new HeapVersions()),
        _ -> {});
  }

  private static byte[] key(int row) {
    return new KeyWriter().relation(REL.relationId()).putInt(row).toByteArray();
  }

  @Test
  void anOrderlyStopLosesNone() throws IOException {
    LocalStore store = open();
    Node node = new Node(Outside.real(), store);
    for (int row = 0; row < ROWS; row++) {
      Transaction transaction = node.begin(IsolationLevel.SERIALIZABLE, false, HASTY);
      transaction.beginStatement();
      transaction.mutate(row % 2, REL, List.of(new Mutation.Put(key(row), new byte[] {1})));
      transaction.commit();
    }
    store.close();
    disk.crash();
    store = open();
    node = new Node(Outside.real(), store);
    Transaction reader = node.begin(IsolationLevel.SERIALIZABLE, true, WaitPolicy.PATIENT);
    reader.beginStatement();
    for (int row = 0; row < ROWS; row++) {
      assertArrayEquals(new byte[] {1}, reader.get(row % 2, REL, key(row)), "row " + row);
    }
    reader.commit();
    store.close();
  }
}
