package io.trencadis.sharding.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.storage.disk.FaultyDisk;
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
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A node whose log finds no room on the disk: commits are refused, all else goes on.
@Timeout(60)
class LocalStoreFullDiskTest {
  private static final RelationRef REL = new RelationRef(7, 0, "t");
  private static final Path DIRECTORY = Path.of("/data");
  private static final int ENOUGH = 2_000;

  private final FaultyDisk disk = new FaultyDisk(1);
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final MemoryTree tree = new MemoryTree(1);

  // No flush comes by itself: it would make room in the log while the test fills it.
  private final LocalConfig config =
      new LocalConfig(
          LogConfig.small(4096),
          new StorageConfig(1 << 24, 1 << 25, 10),
          1 << 30,
          1L << 40,
          1L << 40,
          (_, _) -> tree,
          _ -> new HeapVersions());

  @Test
  void commitsAreRefusedUntilThereIsRoomAndNothingAcknowledgedIsLost() throws IOException {
    LocalStore store = open();
    Node node = new Node(Outside.real(), store);
    put(node, 0);
    disk.limitTo(0);
    int refused = 1;
    SqlException refusal = null;
    while (refusal == null) {
      assertTrue(refused < ENOUGH, "the log never became full");
      try {
        put(node, refused);
        refused++;
      } catch (SqlException full) {
        refusal = full;
      }
    }
    assertEquals(SqlState.DISK_FULL, refusal.state());

    for (int key = 0; key < refused; key++) {
      assertArrayEquals(row(key), get(node, key));
    }
    assertNull(get(node, refused), "what was refused is not there");

    disk.limitTo(-1);
    int last = refused + 100;
    for (int key = refused + 1; key <= last; key++) {
      put(node, key);
    }
    assertEquals(List.of(), failures, "a full disk is not a failed one");
    store.abandon();
    disk.crash();

    store = open();
    node = new Node(Outside.real(), store);
    for (int key = 0; key <= last; key++) {
      assertArrayEquals(key == refused ? null : row(key), get(node, key));
    }
    store.close();
  }

  private LocalStore open() throws IOException {
    return LocalStore.open(DataDirectory.open(disk, DIRECTORY), 1, config, failures::add);
  }

  private static void put(Node node, int n) {
    Transaction writer = node.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
    writer.beginStatement();
    writer.mutate(0, REL, List.of(new Mutation.Put(key(n), row(n))));
    writer.commit();
  }

  private static byte[] get(Node node, int n) {
    Transaction reader = node.begin(IsolationLevel.SERIALIZABLE, true, WaitPolicy.PATIENT);
    reader.beginStatement();
    byte[] row = reader.get(0, REL, key(n));
    reader.commit();
    return row;
  }

  private static byte[] key(int n) {
    return new byte[] {0, 0, 0, 7, (byte) (n >>> 8), (byte) n};
  }

  private static byte[] row(int n) {
    byte[] row = new byte[200];
    row[0] = (byte) (n >>> 8);
    row[199] = (byte) n;
    return row;
  }
}
