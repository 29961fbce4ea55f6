package io.trencadis.txn.participant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.trencadis.storage.Keys;
import io.trencadis.storage.disk.RealDisk;
import io.trencadis.storage.run.RunDirectory;
import io.trencadis.storage.run.RunMerge;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a transaction finds of its own writes, whatever the order they came in: rows that ascend,
/// by themselves or between others, take another way than rows by chance.
class OwnWritesTest {
  private static final int SEEDS = 200;
  private static final int ROWS = 400;

  private static byte[] key(int relation, int row) {
    return ByteBuffer.allocate(8).putInt(relation).putInt(row).array();
  }

  private static byte[] value(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  /// What was written of each key, the oldest first.
  private static final class Model {
    private record Entry(int mark, byte[] value) {}

    private final TreeMap<byte[], List<Entry>> writes = new TreeMap<>(Keys.ORDER);

    void put(byte[] key, byte[] value, int mark) {
      List<Entry> all = writes.computeIfAbsent(key, _ -> new ArrayList<>());
      if (!all.isEmpty() && all.getLast().mark == mark) {
        all.removeLast();
      }
      all.add(new Entry(mark, value));
    }

    void undoFrom(int mark) {
      writes.values().forEach(all -> all.removeIf(entry -> entry.mark >= mark));
      writes.values().removeIf(List::isEmpty);
    }

    TreeMap<byte[], byte[]> newest(byte[] from, byte[] to) {
      TreeMap<byte[], byte[]> found = new TreeMap<>(Keys.ORDER);
      writes.forEach(
          (key, all) -> {
            if (Keys.inRange(key, from, to)) {
              found.put(key, all.getLast().value);
            }
          });
      return found;
    }
  }

  private static void assertSame(Map<byte[], byte[]> expected, Map<byte[], byte[]> found) {
    assertEquals(expected.size(), found.size());
    var other = found.entrySet().iterator();
    for (Map.Entry<byte[], byte[]> row : expected.entrySet()) {
      Map.Entry<byte[], byte[]> next = other.next();
      assertArrayEquals(row.getKey(), next.getKey());
      assertArrayEquals(row.getValue(), next.getValue());
    }
  }

  private static TreeMap<byte[], byte[]> all(OwnWrites writes, byte[] from, byte[] to) {
    TreeMap<byte[], byte[]> found = new TreeMap<>(Keys.ORDER);
    RunMerge runs = new RunMerge(writes.runs(), from, to, false, Integer.MAX_VALUE);
    while (runs.next()) {
      found.put(runs.key(), runs.entry().value());
    }
    NavigableMap<byte[], OwnWrite> inMemory = writes.inMemory(from, to);
    inMemory.forEach((key, write) -> found.put(key, write.value()));
    return found;
  }

  @Test
  void whatWasWrittenIsFoundInAnyOrderOfWriting(@TempDir Path path) throws IOException {
    RunDirectory directory = new RunDirectory(new RealDisk(), path.resolve("runs"));
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      OwnWrites writes = new OwnWrites();
      Model model = new Model();
      int[] next = {0, random.nextInt(ROWS), random.nextInt(ROWS)};
      int mark = 1;
      int number = 0;
      for (int step = 0; step < 60; step++) {
        int relation = 1 + random.nextInt(2);
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> {
            for (int n = random.nextInt(150); n > 0; n--) {
              put(writes, model, key(relation, next[relation]++), ++number, mark);
            }
          }
          case 3, 4 -> {
            for (int n = random.nextInt(10); n > 0; n--) {
              put(writes, model, key(relation, random.nextInt(ROWS)), ++number, mark);
            }
          }
          case 5 -> next[relation] = random.nextInt(ROWS);
          case 6 -> mark++;
          case 7 -> {
            int from = Math.max(1, mark - random.nextInt(3));
            writes.undoFrom(from, directory);
            model.undoFrom(from);
            mark++;
          }
          case 8 -> {
            mark++;
            writes.spill(directory, 0, _ -> false);
          }
          default -> {
            byte[] from = random.nextInt(4) == 0 ? null : key(relation, random.nextInt(ROWS));
            byte[] to = random.nextInt(4) == 0 ? null : key(2, random.nextInt(ROWS));
            assertSame(model.newest(from, to), all(writes, from, to));
          }
        }
        byte[] asked = key(relation, random.nextInt(2 * ROWS));
        OwnWrite found = writes.get(asked);
        List<Model.Entry> expected = model.writes.get(asked);
        if (expected == null) {
          assertNull(found, "seed " + seed);
        } else {
          assertNotNull(found, "seed " + seed);
          assertArrayEquals(expected.getLast().value, found.value(), "seed " + seed);
        }
      }
      assertSame(model.newest(null, null), all(writes, null, null));
      writes.drop();
    }
  }

  private static void put(OwnWrites writes, Model model, byte[] key, int number, int mark) {
    byte[] value = number % 7 == 0 ? null : value(number);
    writes.put(key, value, mark, false);
    model.put(key, value, mark);
  }
}
