package io.trencadis.storage.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlException.Field;
import io.trencadis.base.SqlState;
import io.trencadis.storage.Keys;
import io.trencadis.storage.StoredVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LmdbTreeTest {
  private static final LmdbSize SMALL = new LmdbSize(1 << 20, 1 << 28);

  @TempDir Path directory;

  private static byte[] key(int n) {
    return ByteBuffer.allocate(8).putInt(9).putInt(n).array();
  }

  private static StoredVersion version(long ts, String row) {
    return new StoredVersion(ts, 0, row == null ? null : row.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatWasCommittedIsThereAfterReopening() {
    try (LmdbTree tree = LmdbTree.open(directory, 3, SMALL)) {
      tree.update(
          writer -> {
            writer.put(2, key(1), new StoredVersion(7, 5, new byte[] {1, 2, 3}));
            writer.putMeta("a", new byte[] {4});
            writer.putMeta("b", new byte[] {5});
          });
      tree.update(writer -> writer.putMeta("b", null));
    }
    try (LmdbTree tree = LmdbTree.open(directory, 3, SMALL)) {
      StoredVersion found = tree.get(2, key(1));
      assertEquals(7, found.commitTs());
      assertEquals(5, found.predecessorTs());
      assertArrayEquals(new byte[] {1, 2, 3}, found.value());
      assertNull(tree.get(1, key(1)));
      assertArrayEquals(new byte[] {4}, tree.meta("a"));
      assertNull(tree.meta("b"));
      assertEquals(List.of("a"), List.copyOf(tree.metaWithPrefix("a").keySet()));
      assertEquals(List.of(0L, 0L, 1L), tree.statistics().shardEntries());
    }
  }

  @Test
  void refusesADirectoryMadeForAnotherNumberOfShards() {
    LmdbTree.open(directory, 3, SMALL).close();
    SqlException refused =
        assertThrows(SqlException.class, () -> LmdbTree.open(directory, 4, SMALL));
    assertEquals(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, refused.state());
    LmdbTree.open(directory, 3, SMALL).close();
  }

  @Test
  void workThatThrowsLeavesNothingBehind() {
    try (LmdbTree tree = LmdbTree.open(directory, 1, SMALL)) {
      assertThrows(
          IllegalStateException.class,
          () ->
              tree.update(
                  writer -> {
                    writer.put(0, key(1), version(1, "x"));
                    throw new IllegalStateException("stop");
                  }));
      assertNull(tree.get(0, key(1)));
      tree.update(writer -> writer.put(0, key(2), version(2, "y")));
      assertNull(tree.get(0, key(1)));
      assertEquals(2, tree.get(0, key(2)).commitTs());
    }
  }

  @Test
  void theMapGrowsWhileReadersRead() throws InterruptedException {
    List<Throwable> faults = Collections.synchronizedList(new ArrayList<>());
    AtomicBoolean over = new AtomicBoolean();
    try (LmdbTree tree = LmdbTree.open(directory, 1, SMALL)) {
      tree.update(writer -> writer.put(0, key(0), version(1, "first")));
      List<Thread> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        readers.add(Thread.ofVirtual().start(() -> readUntil(tree, over, faults)));
      }
      readers.add(Thread.ofPlatform().start(() -> verifyUntil(tree, over, faults)));
      for (int round = 0; round < 40; round++) {
        int base = 1 + round * 500;
        tree.update(
            writer -> {
              for (int i = 0; i < 500; i++) {
                writer.put(0, key(base + i), new StoredVersion(base + i, 0, new byte[1000]));
              }
            });
      }
      over.set(true);
      for (Thread reader : readers) {
        reader.join();
      }
      assertEquals(List.of(), faults);
      assertTrue(tree.statistics().mapBytes() > 20 << 20);
      assertEquals(20_001, tree.verify().rows());
      assertEquals(List.of(), tree.verify().faults());
    }
  }

  private static void verifyUntil(LmdbTree tree, AtomicBoolean over, List<Throwable> faults) {
    try {
      while (!over.get()) {
        assertEquals(List.of(), tree.verify().faults());
      }
    } catch (Throwable e) {
      faults.add(e);
    }
  }

  private static void readUntil(LmdbTree tree, AtomicBoolean over, List<Throwable> faults) {
    try {
      RowBatch batch = new RowBatch();
      batch.limit(50);
      byte[] from = null;
      while (!over.get()) {
        assertEquals(1, tree.get(0, key(0)).commitTs());
        tree.read(0, from, null, false, batch);
        assertTrue(batch.size() > 0 || batch.isEnd());
        from = batch.isEnd() ? null : Keys.successor(batch.key(batch.size() - 1));
      }
    } catch (Throwable e) {
      faults.add(e);
    }
  }

  @Test
  void aFullTreeIs53100AndGoesOnReading() {
    try (LmdbTree tree = LmdbTree.open(directory, 1, new LmdbSize(1 << 20, 2 << 20))) {
      tree.update(writer -> writer.put(0, key(0), version(1, "kept")));
      SqlException full =
          assertThrows(
              SqlException.class,
              () ->
                  tree.update(
                      writer -> {
                        for (int i = 1; i < 5000; i++) {
                          writer.put(0, key(i), new StoredVersion(i, 0, new byte[1000]));
                        }
                      }));
      assertEquals(SqlState.DISK_FULL, full.state());
      assertEquals(1, tree.get(0, key(0)).commitTs());
      assertNull(tree.get(0, key(1)));
      tree.update(writer -> writer.put(0, key(1), version(2, "small")));
      assertEquals(2, tree.get(0, key(1)).commitTs());
    }
  }

  @Test
  void aFlippedBitIsXX001ThatNamesTheKey() throws IOException {
    String row = "a row that is easily found in the file";
    try (LmdbTree tree = LmdbTree.open(directory, 1, SMALL)) {
      tree.update(
          writer -> {
            for (int i = 0; i < 100; i++) {
              writer.put(0, key(i), version(1, i == 60 ? row : "another"));
            }
          });
    }
    Path file = directory.resolve("data.mdb");
    byte[] bytes = Files.readAllBytes(file);
    int flipped = 0;
    byte[] wanted = row.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (java.util.Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        bytes[i + 5] ^= 1;
        flipped++;
      }
    }
    assertTrue(flipped > 0);
    Files.write(file, bytes);
    try (LmdbTree tree = LmdbTree.open(directory, 1, SMALL)) {
      SqlException damaged = assertThrows(SqlException.class, () -> tree.get(0, key(60)));
      assertEquals(SqlState.DATA_CORRUPTED, damaged.state());
      String where = "shard 0, relation 9, key 000000090000003c of 8 bytes";
      assertEquals(where, damaged.fields().get(Field.DETAIL));
      assertEquals(1, tree.get(0, key(61)).commitTs());
      for (boolean reverse : new boolean[] {false, true}) {
        RowBatch batch = new RowBatch();
        batch.limit(100);
        SqlException scanned =
            assertThrows(SqlException.class, () -> tree.read(0, null, null, reverse, batch));
        assertEquals(SqlState.DATA_CORRUPTED, scanned.state());
        assertEquals(where, scanned.fields().get(Field.DETAIL));
      }
      TreeReport report = tree.verify();
      assertFalse(report.isSound());
      assertEquals(1, report.faultCount());
      assertTrue(report.faults().getFirst().contains("relation 9"), report.faults()::getFirst);
    }
  }

  @Test
  void deletionsAreForgottenInTheOrderOfTheirTimestamps() {
    try (LmdbTree tree = LmdbTree.open(directory, 1, SMALL)) {
      tree.update(
          writer -> {
            for (int i = 1; i <= 10; i++) {
              writer.put(0, key(i), version(i * 10L, null));
            }
          });
      // One comes back to life: its entry in the list must not take the row along.
      tree.update(writer -> writer.put(0, key(2), version(200, "alive")));
      tree.update(writer -> assertEquals(3, writer.dropDeletions(55, 3)));
      assertNull(tree.get(0, key(1)));
      assertEquals(200, tree.get(0, key(2)).commitTs());
      assertNull(tree.get(0, key(3)));
      assertEquals(40, tree.get(0, key(4)).commitTs());
      tree.update(writer -> assertEquals(2, writer.dropDeletions(55, 100)));
      assertNull(tree.get(0, key(5)));
      assertEquals(60, tree.get(0, key(6)).commitTs());
      assertEquals(List.of(), tree.verify().faults());
    }
  }

  @Test
  void aClosedTreeRefusesReads() {
    LmdbTree tree = LmdbTree.open(directory, 1, SMALL);
    tree.get(0, key(1));
    tree.close();
    assertThrows(SqlException.class, () -> tree.get(0, key(1)));
    tree.close();
  }

  @Test
  void copiesMadeWhileTheMapGrowsAreWholeAndOfOneMoment() throws Exception {
    int rounds = 40;
    List<Path> copies = new ArrayList<>();
    try (LmdbTree tree =
        LmdbTree.open(directory.resolve("tree"), 2, new LmdbSize(1 << 18, 1 << 28))) {
      AtomicBoolean written = new AtomicBoolean();
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int round = 1; round <= rounds; round++) {
                      int now = round;
                      tree.update(
                          to -> {
                            for (int i = 0; i < 100; i++) {
                              to.put(i % 2, key(now * 100 + i), version(now, "x".repeat(500)));
                            }
                            to.putMeta("round", new byte[] {(byte) now});
                            to.putMeta(TreeMeta.HIGHEST_COMMIT_TS, TreeMeta.ofLong(now));
                          });
                    }
                    written.set(true);
                  });
      do {
        Path copy = directory.resolve("copy" + copies.size());
        tree.copyTo(copy);
        copies.add(copy);
      } while (!written.get());
      writer.join();
      assertTrue(tree.statistics().mapBytes() > 1 << 21, "the map did not grow");
    }
    for (Path copy : copies) {
      try (LmdbTree tree = LmdbTree.openReadOnly(copy, 2)) {
        byte[] round = tree.meta("round");
        TreeReport report = tree.verify();
        assertEquals(List.of(), report.faults());
        assertEquals(round == null ? 0 : round[0] * 100L, report.rows());
        assertThrows(SqlException.class, () -> tree.update(to -> to.putMeta("a", new byte[1])));
      }
    }
  }

  @Test
  void readingOnlyNeitherMakesNorChangesAnything() throws IOException {
    Path none = directory.resolve("none");
    assertThrows(SqlException.class, () -> LmdbTree.openReadOnly(none, 1));
    assertFalse(Files.exists(none));
    Path made = directory.resolve("made");
    try (LmdbTree tree = LmdbTree.open(made, 1, SMALL)) {
      tree.update(to -> to.put(0, key(1), version(5, "row")));
    }
    Files.delete(made.resolve("lock.mdb"));
    byte[] before = Files.readAllBytes(made.resolve("data.mdb"));
    try (LmdbTree tree = LmdbTree.openReadOnly(made, 1)) {
      assertEquals(5, tree.get(0, key(1)).commitTs());
    }
    assertArrayEquals(before, Files.readAllBytes(made.resolve("data.mdb")));
    assertFalse(Files.exists(made.resolve("lock.mdb")));
    SqlException shards = assertThrows(SqlException.class, () -> LmdbTree.openReadOnly(made, 2));
    assertEquals(SqlState.IO_ERROR, shards.state());
  }
}
