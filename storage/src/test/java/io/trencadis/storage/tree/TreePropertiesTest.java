package io.trencadis.storage.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.storage.Keys;
import io.trencadis.storage.StoredVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Both trees against a [TreeMap], with keys of every length that share long beginnings.
class TreePropertiesTest {
  private static final LmdbSize SMALL = new LmdbSize(1 << 20, 1 << 28);

  @TempDir Path directory;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void lmdbAgreesWithATreeMap(long seed) {
    try (LmdbTree tree = LmdbTree.open(directory, 2, SMALL)) {
      agreesWithATreeMap(tree, new Random(seed));
    }
    try (LmdbTree tree = LmdbTree.open(directory, 2, SMALL)) {
      assertEquals(List.of(), tree.verify().faults());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void theTwinInMemoryAgreesWithATreeMap(long seed) {
    agreesWithATreeMap(new MemoryTree(2), new Random(seed));
  }

  private static void agreesWithATreeMap(BaseTree tree, Random random) {
    List<NavigableMap<byte[], StoredVersion>> model =
        List.of(new TreeMap<>(Keys.ORDER), new TreeMap<>(Keys.ORDER));
    List<byte[]> known = new ArrayList<>();
    long clock = 0;
    for (int round = 0; round < 20; round++) {
      boolean sorted = random.nextBoolean();
      List<byte[]> keys = new ArrayList<>();
      for (int i = random.nextInt(60); i >= 0; i--) {
        keys.add(randomKey(random, known));
      }
      if (sorted) {
        keys.sort(Keys.ORDER);
      }
      int shard = random.nextInt(2);
      List<StoredVersion> versions = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        byte[] row = random.nextInt(6) == 0 ? null : randomRow(random);
        versions.add(random.nextInt(4) == 0 ? null : new StoredVersion(++clock, clock - 1, row));
      }
      tree.update(
          writer -> {
            // From the start each time: the work is done again when the file has to grow.
            NavigableMap<byte[], StoredVersion> now = new TreeMap<>(model.get(shard));
            for (int i = 0; i < keys.size(); i++) {
              byte[] key = keys.get(i);
              assertSame(now.get(key), writer.get(shard, key));
              if (versions.get(i) == null) {
                writer.delete(shard, key);
                now.remove(key);
              } else {
                writer.put(shard, key, versions.get(i));
                now.put(key, versions.get(i));
              }
            }
          });
      for (int i = 0; i < keys.size(); i++) {
        if (versions.get(i) == null) {
          model.get(shard).remove(keys.get(i));
        } else {
          model.get(shard).put(keys.get(i), versions.get(i));
        }
      }
      known.addAll(keys);
      for (byte[] key : keys) {
        assertSame(model.get(shard).get(key), tree.get(shard, key));
        assertSame(model.get(1 - shard).get(key), tree.get(1 - shard, key));
      }
      assertFound(tree, model.get(shard), shard, known, random);
      for (int i = 0; i < 10; i++) {
        byte[] a = random.nextInt(4) == 0 ? null : randomKey(random, known);
        byte[] b = random.nextInt(4) == 0 ? null : randomKey(random, known);
        boolean swap = a != null && b != null && Keys.compare(a, b) > 0;
        assertScan(tree, model.get(shard), shard, swap ? b : a, swap ? a : b, random);
      }
    }
    TreeReport report = tree.verify();
    assertEquals(List.of(), report.faults());
    assertTrue(report.isSound());
    long rows =
        model.stream()
            .flatMap(shard -> shard.values().stream())
            .filter(v -> v.value() != null)
            .count();
    assertEquals(rows, report.rows());
    tree.update(
        writer -> {
          for (int shard = 0; shard < 2; shard++) {
            for (byte[] key : model.get(shard).keySet()) {
              writer.delete(shard, key);
            }
          }
        });
    RowBatch batch = new RowBatch();
    for (int shard = 0; shard < 2; shard++) {
      tree.read(shard, null, null, false, batch);
      assertEquals(0, batch.size());
      assertTrue(batch.isEnd());
    }
    assertEquals(List.of(), tree.verify().faults());
  }

  /// Several keys at once, in order or not, some of them twice and some of them not there.
  private static void assertFound(
      BaseTree tree,
      NavigableMap<byte[], StoredVersion> model,
      int shard,
      List<byte[]> known,
      Random random) {
    byte[][] keys = new byte[random.nextInt(40)][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = randomKey(random, known);
    }
    if (random.nextBoolean()) {
      Arrays.sort(keys, Keys.ORDER);
    }
    StoredVersion[] found = new StoredVersion[keys.length];
    tree.get(shard, keys, keys.length, found);
    for (int i = 0; i < keys.length; i++) {
      assertSame(model.get(keys[i]), found[i]);
    }
  }

  private static void assertScan(
      BaseTree tree,
      NavigableMap<byte[], StoredVersion> model,
      int shard,
      byte[] from,
      byte[] to,
      Random random) {
    NavigableMap<byte[], StoredVersion> expected = model;
    if (from != null) {
      expected = expected.tailMap(from, true);
    }
    if (to != null) {
      expected = expected.headMap(to, false);
    }
    boolean reverse = random.nextBoolean();
    Iterator<Map.Entry<byte[], StoredVersion>> rows =
        (reverse ? expected.descendingMap() : expected).entrySet().iterator();
    RowBatch batch = new RowBatch();
    batch.limit(1 + random.nextInt(random.nextBoolean() ? 20 : 200));
    byte[] lower = from;
    byte[] upper = to;
    do {
      tree.read(shard, lower, upper, reverse, batch);
      for (int i = 0; i < batch.size(); i++) {
        assertTrue(rows.hasNext(), "a row too many");
        Map.Entry<byte[], StoredVersion> row = rows.next();
        assertArrayEquals(row.getKey(), batch.key(i));
        assertSame(row.getValue(), batch.version(i));
      }
      if (batch.size() > 0) {
        byte[] last = batch.key(batch.size() - 1);
        lower = reverse ? lower : Keys.successor(last);
        upper = reverse ? last : upper;
      }
    } while (!batch.isEnd());
    assertFalse(rows.hasNext(), "rows are missing");
  }

  private static void assertSame(StoredVersion expected, StoredVersion actual) {
    if (expected == null) {
      assertNull(actual);
    } else {
      assertEquals(expected.commitTs(), actual.commitTs());
      assertEquals(expected.predecessorTs(), actual.predecessorTs());
      assertArrayEquals(expected.value(), actual.value());
    }
  }

  private static byte[] randomRow(Random random) {
    byte[] row = new byte[random.nextInt(20) == 0 ? random.nextInt(20_000) : random.nextInt(200)];
    random.nextBytes(row);
    return row;
  }

  /// Lengths around every border of the encoding, bytes of three kinds only, and beginnings taken
  /// from keys that are there, so that many share hundreds of bytes.
  private static byte[] randomKey(Random random, List<byte[]> known) {
    int[] borders = {4, 20, 510, 511, 512, 1012, 1013, 1514, 1515, 2016, 2018, 2518, 2520, 2704};
    int length = borders[random.nextInt(borders.length)] - random.nextInt(3);
    byte[] key = new byte[length];
    byte[] digits = {0, 1, -1};
    byte common = digits[random.nextInt(3)];
    Arrays.fill(key, common);
    for (int i = random.nextInt(4); i > 0; i--) {
      key[random.nextInt(length)] = digits[random.nextInt(3)];
    }
    if (!known.isEmpty() && random.nextInt(3) > 0) {
      byte[] like = known.get(random.nextInt(known.size()));
      if (random.nextInt(4) == 0) {
        return like;
      }
      System.arraycopy(like, 0, key, 0, Math.min(like.length, random.nextInt(length + 1)));
    }
    return key;
  }
}
