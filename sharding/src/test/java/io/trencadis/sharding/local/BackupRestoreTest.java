package io.trencadis.sharding.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.BackupProgress;
import io.trencadis.sharding.BackupResult;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.storage.StoredVersion;
import io.trencadis.storage.disk.RealDisk;
import io.trencadis.storage.history.HeapVersions;
import io.trencadis.storage.levels.StorageConfig;
import io.trencadis.storage.log.LogConfig;
import io.trencadis.storage.log.LogReport;
import io.trencadis.storage.tree.BaseTree;
import io.trencadis.storage.tree.LmdbSize;
import io.trencadis.storage.tree.LmdbTree;
import io.trencadis.storage.tree.RowBatch;
import io.trencadis.storage.tree.TreeReport;
import io.trencadis.storage.tree.TreeStatistics;
import io.trencadis.storage.tree.TreeWriter;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Backups with commits, flushes and a log that is recycled at their worst moments: right before
/// and right after the base tree is copied.
@Timeout(120)
class BackupRestoreTest {
  private static final RelationRef REL = new RelationRef(7, 0, "t");
  private static final int EACH = 200;

  @TempDir Path folder;

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private volatile Runnable beforeCopy = () -> {};
  private volatile Runnable afterCopy = () -> {};

  /// A tree that does something else around being copied.
  private record Disturbed(BaseTree tree, BackupRestoreTest test) implements BaseTree {
    @Override
    public void copyTo(Path target) {
      test.beforeCopy.run();
      tree.copyTo(target);
      test.afterCopy.run();
    }

    @Override
    public int shards() {
      return tree.shards();
    }

    @Override
    public StoredVersion get(int shard, byte[] key) {
      return tree.get(shard, key);
    }

    @Override
    public void read(int shard, byte[] from, byte[] to, boolean reverse, RowBatch batch) {
      tree.read(shard, from, to, reverse, batch);
    }

    @Override
    public byte[] meta(String name) {
      return tree.meta(name);
    }

    @Override
    public SortedMap<String, byte[]> metaWithPrefix(String prefix) {
      return tree.metaWithPrefix(prefix);
    }

    @Override
    public void update(Consumer<TreeWriter> work) {
      tree.update(work);
    }

    @Override
    public TreeStatistics statistics() {
      return tree.statistics();
    }

    @Override
    public TreeReport verify() {
      return tree.verify();
    }

    @Override
    public void close() {
      tree.close();
    }
  }

  private LocalStore open(Path directory) throws IOException {
    return LocalStore.open(
        DataDirectory.open(new RealDisk(), directory),
        2,
        new LocalConfig(
            LogConfig.small(4096),
            new StorageConfig(1 << 24, 1 << 25, 10),
            1 << 30,
            1L << 40,
            1L << 40,
            (path, shards) -> new Disturbed(LmdbTree.open(path, shards, LmdbSize.DEFAULT), this),
            _ -> new HeapVersions()),
        failures::add);
  }

  private static byte[] key(int n) {
    return new byte[] {0, 0, 0, 7, (byte) (n >>> 8), (byte) n};
  }

  private static byte[] row(int n) {
    return ("row " + n).repeat(10).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /// Commits rows from a number on, each in a transaction of its own, over both shards.
  private static void put(Node node, int from) {
    for (int n = from; n < from + EACH; n++) {
      Transaction writer = node.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
      writer.beginStatement();
      writer.mutate(n % 2, REL, List.of(new Mutation.Put(key(n), row(n))));
      writer.commit();
    }
  }

  private static void checkpoint(Node node) {
    try {
      node.checkpoint();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void flushesAroundTheCopyOfTheTreeLoseNothing() throws Exception {
    Path backup = folder.resolve("backup");
    BackupResult made;
    try (LocalStore store = open(folder.resolve("data"))) {
      Node node = new Node(Outside.real(), store);
      put(node, 0);
      checkpoint(node);
      put(node, EACH);
      beforeCopy =
          () -> {
            put(node, 2 * EACH);
            checkpoint(node);
            put(node, 3 * EACH);
          };
      afterCopy =
          () -> {
            put(node, 4 * EACH);
            // Twice: what a flush covers is recycled by the next at the latest.
            checkpoint(node);
            checkpoint(node);
            put(node, 5 * EACH);
          };
      made = node.backup(backup, (_, _) -> {});
      // Not in the backup.
      put(node, 6 * EACH);
      long before = walFiles(folder.resolve("data"));
      checkpoint(node);
      assertTrue(walFiles(folder.resolve("data")) <= before, "the log goes on being recycled");
    }
    assertEquals(List.of(), failures);
    Path restored = folder.resolve("restored");
    beforeCopy = () -> {};
    afterCopy = () -> {};
    BackupResult back = Restore.run(new RealDisk(), backup, restored, (_, _) -> {});
    assertEquals(made, back);
    try (OfflineDirectory look = OfflineDirectory.open(restored)) {
      look.openTree();
      assertTrue(look.checkTree().isSound());
      LogReport log = look.checkLog(_ -> {});
      assertTrue(log.isSound());
      assertTrue(log.records() >= 3 * EACH, log::toString);
      assertTrue(look.timestampBound() >= look.highestCommitTs());
      assertTrue(made.timestamp() > 0);
    }
    try (LocalStore store = open(restored)) {
      Node node = new Node(Outside.real(), store);
      assertTrue(store.lastTimestamp() >= made.timestamp());
      Transaction reader = node.begin(IsolationLevel.SERIALIZABLE, true, WaitPolicy.PATIENT);
      reader.beginStatement();
      for (int n = 0; n < 7 * EACH; n++) {
        byte[] found = reader.get(n % 2, REL, key(n));
        assertArrayEquals(n < 6 * EACH ? row(n) : null, found, "row " + n);
      }
      reader.commit();
      put(node, 7 * EACH);
    }
    assertEquals(List.of(), failures);
  }

  private static long walFiles(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("wal"))) {
      return files.count();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneBackupAtATimeAndOneThatIsInterruptedLeavesNothing() throws Exception {
    try (LocalStore store = open(folder.resolve("data"))) {
      Node node = new Node(Outside.real(), store);
      put(node, 0);
      checkpoint(node);
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      beforeCopy =
          () -> {
            begun.countDown();
            await(goOn);
          };
      Path first = folder.resolve("first");
      CompletableFuture<Throwable> outcome = new CompletableFuture<>();
      Thread asker =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      node.backup(first, (_, _) -> {});
                      outcome.complete(null);
                    } catch (Throwable e) {
                      outcome.complete(e);
                    }
                  });
      begun.await();
      Path second = folder.resolve("second");
      SqlException refused =
          assertThrows(SqlException.class, () -> node.backup(second, (_, _) -> {}));
      assertEquals(SqlState.OBJECT_IN_USE, refused.state());
      asker.interrupt();
      goOn.countDown();
      assertTrue(
          outcome.get(60, TimeUnit.SECONDS) instanceof InterruptedException, outcome::toString);
      try (Stream<Path> left = Files.list(first)) {
        assertEquals(List.of(), left.toList());
      }
      beforeCopy = () -> {};
      assertFalse(Files.exists(second.resolve("manifest")));
      node.backup(second, (_, _) -> {});
      assertTrue(Files.exists(second.resolve("manifest")));
    }
    assertEquals(List.of(), failures);
  }

  @Test
  void soDoesOneThatIsCompleteWhenItHearsThatNobodyWantsIt() throws Exception {
    try (LocalStore store = open(folder.resolve("data"))) {
      Node node = new Node(Outside.real(), store);
      put(node, 0);
      for (boolean interrupted : List.of(true, false)) {
        CountDownLatch told = new CountDownLatch(1);
        beforeCopy = () -> await(told);
        Path backup = folder.resolve("backup " + interrupted);
        BackupProgress asker =
            (_, _) -> {
              told.countDown();
              while (!Files.exists(backup.resolve("manifest"))) {
                Thread.onSpinWait();
              }
              if (!interrupted) {
                throw new IllegalStateException("gone");
              }
              Thread.currentThread().interrupt();
            };
        try {
          node.backup(backup, asker);
          // It was complete before the interrupt was looked at.
          assertTrue(Thread.interrupted());
          continue;
        } catch (InterruptedException | IllegalStateException givenUp) {
          assertEquals(interrupted, givenUp instanceof InterruptedException);
        }
        try (Stream<Path> left = Files.list(backup)) {
          assertEquals(List.of(), left.toList());
        }
      }
    }
  }

  @Test
  void whoAsksAndGoesAwayLeavesNothingEither() throws Exception {
    try (LocalStore store = open(folder.resolve("data"))) {
      Node node = new Node(Outside.real(), store);
      put(node, 0);
      CountDownLatch told = new CountDownLatch(1);
      beforeCopy = () -> await(told);
      Path backup = folder.resolve("backup");
      IllegalStateException gone =
          assertThrows(
              IllegalStateException.class,
              () ->
                  node.backup(
                      backup,
                      (_, _) -> {
                        told.countDown();
                        throw new IllegalStateException("gone");
                      }));
      assertEquals("gone", gone.getMessage());
      try (Stream<Path> left = Files.list(backup)) {
        assertEquals(List.of(), left.toList());
      }
      // And the next one finds the way free.
      node.backup(backup, (_, _) -> {});
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(backup.resolve("data"))));
    }
    assertEquals(List.of(), failures);
  }
}
