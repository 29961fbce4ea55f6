package io.trencadis.storage.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.storage.Keys;
import io.trencadis.storage.disk.DiskFile;
import io.trencadis.storage.disk.FaultyDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunTest {
  private static final Path DIRECTORY = Path.of("/data/runs");

  private final FaultyDisk disk = new FaultyDisk(1);
  private final RunDirectory directory = directory();

  private RunDirectory directory() {
    try {
      return new RunDirectory(disk, DIRECTORY);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] key(Random random) {
    byte[] key = new byte[4 + random.nextInt(random.nextInt(50) == 0 ? 2000 : 20)];
    random.nextBytes(key);
    return key;
  }

  private static byte[] value(Random random) {
    if (random.nextInt(8) == 0) {
      return null;
    }
    byte[] value = new byte[random.nextInt(random.nextInt(200) == 0 ? 400_000 : 200)];
    random.nextBytes(value);
    return value;
  }

  private static Run write(RunDirectory directory, TreeMap<byte[], byte[]> rows, int mark)
      throws IOException {
    try (RunWriter writer = directory.create(3)) {
      for (Map.Entry<byte[], byte[]> row : rows.entrySet()) {
        writer.add(row.getKey(), mark, false, row.getValue());
      }
      return writer.finish();
    }
  }

  private static List<String> rows(RunMerge merge) {
    List<String> found = new ArrayList<>();
    while (merge.next()) {
      found.add(text(merge.key(), merge.entry().value()));
    }
    return found;
  }

  private static String text(byte[] key, byte[] value) {
    return java.util.HexFormat.of().formatHex(key)
        + (value == null ? " deleted" : " " + java.util.Arrays.hashCode(value));
  }

  @Test
  void whatWasWrittenIsReadBackInBothDirectionsFromAnywhere() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      TreeMap<byte[], byte[]> rows = new TreeMap<>(Keys.ORDER);
      for (int i = random.nextInt(3000); i >= 0; i--) {
        rows.put(key(random), value(random));
      }
      Run run = write(directory, rows, 5);
      run.force();
      Run opened = directory.open(run.summary().id());
      assertEquals(run.summary(), opened.summary());
      for (int i = 0; i < 50; i++) {
        byte[] from = random.nextInt(4) == 0 ? null : key(random);
        byte[] to = random.nextInt(4) == 0 ? null : key(random);
        boolean reverse = random.nextBoolean();
        List<String> expected = new ArrayList<>();
        (reverse ? rows.descendingMap() : rows)
            .forEach(
                (key, value) -> {
                  if (Keys.inRange(key, from, to)) {
                    expected.add(text(key, value));
                  }
                });
        Run either = random.nextBoolean() ? run : opened;
        RunMerge merge = new RunMerge(List.of(either), from, to, reverse, Integer.MAX_VALUE);
        assertEquals(expected, rows(merge), "seed " + seed);
        if (!expected.isEmpty()) {
          assertNotNull(either.firstIn(from, to, reverse));
        }
      }
      for (byte[] key : rows.keySet()) {
        assertTrue(opened.mayHave(key));
        assertArrayEquals(rows.get(key), opened.find(key).value());
      }
      assertNull(opened.find(key(random)));
      run.delete();
    }
  }

  @Test
  void ofSeveralRunsTheNewestCountsUnlessItIsTooNew() throws IOException {
    byte[] key = {0, 0, 0, 7, 1};
    TreeMap<byte[], byte[]> rows = new TreeMap<>(Keys.ORDER);
    rows.put(key, new byte[] {1});
    Run older = write(directory, rows, 3);
    rows.put(key, new byte[] {2});
    Run newer = write(directory, rows, 6);
    List<Run> runs = List.of(older, newer);
    assertEquals(List.of(text(key, new byte[] {2})), rows(RunMerge.all(runs)));
    assertEquals(
        List.of(text(key, new byte[] {1})), rows(new RunMerge(runs, null, null, false, 6)));
    assertEquals(List.of(), rows(new RunMerge(runs, null, null, true, 3)));
  }

  @Test
  void aFilterTakesFewKeysForPresent() {
    KeyFilter filter = new KeyFilter(10_000);
    for (int i = 0; i < 10_000; i++) {
      filter.add(KeyFilter.hash(ByteBuffer.allocate(8).putInt(i).array()));
    }
    int wrong = 0;
    for (int i = 0; i < 10_000; i++) {
      assertTrue(filter.mayHave(KeyFilter.hash(ByteBuffer.allocate(8).putInt(i).array())));
      if (filter.mayHave(KeyFilter.hash(ByteBuffer.allocate(8).putInt(-i - 1).array()))) {
        wrong++;
      }
    }
    assertTrue(wrong < 300, wrong + " of 10,000");
  }

  @Test
  void damageAnywhereIsFoundAtOpening() throws IOException {
    Random random = new Random(7);
    TreeMap<byte[], byte[]> rows = new TreeMap<>(Keys.ORDER);
    for (int i = 0; i < 500; i++) {
      rows.put(key(random), value(random));
    }
    Run run = write(directory, rows, 1);
    long id = run.summary().id();
    Path file = directory.files().getFirst();
    for (int i = 0; i < 200; i++) {
      long at = random.nextLong(run.summary().bytes());
      try (DiskFile opened = disk.open(file)) {
        ByteBuffer bits = ByteBuffer.allocate(1);
        opened.read(bits, at);
        byte good = bits.get(0);
        opened.write(ByteBuffer.wrap(new byte[] {(byte) (good ^ 1 << random.nextInt(8))}), at);
        IOException damaged = assertThrows(IOException.class, () -> directory.open(id));
        assertTrue(damaged.getMessage().contains(file.toString()), damaged::getMessage);
        opened.write(ByteBuffer.wrap(new byte[] {good}), at);
      }
    }
    directory.open(id);
  }

  @Test
  void whatNobodyNamesGoesAndIdsAreNotUsedTwice() throws IOException {
    TreeMap<byte[], byte[]> rows = new TreeMap<>(Keys.ORDER);
    rows.put(new byte[] {0, 0, 0, 7}, new byte[0]);
    long first = write(directory, rows, 1).summary().id();
    long second = write(directory, rows, 1).summary().id();
    RunDirectory next = directory();
    next.taken(second + 5);
    next.retain(Set.of(second));
    assertEquals(1, next.files().size());
    assertThrows(IOException.class, () -> next.open(first));
    assertEquals(second + 6, write(next, rows, 1).summary().id());
  }

  @Test
  void whileFilesAreCopiedNoneGoes() throws IOException {
    TreeMap<byte[], byte[]> rows = new TreeMap<>(Keys.ORDER);
    rows.put(new byte[] {0, 0, 0, 7}, new byte[0]);
    Run run = write(directory, rows, 1);
    directory.hold();
    run.delete();
    assertFalse(directory.files().isEmpty());
    directory.release();
    assertTrue(directory.files().isEmpty());
  }
}
