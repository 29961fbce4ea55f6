package io.trencadis.storage.levels;

import io.trencadis.storage.RowScan;
import io.trencadis.storage.Write;
import io.trencadis.storage.history.Kept;
import io.trencadis.storage.history.OffHeapVersions;
import io.trencadis.storage.tree.LmdbSize;
import io.trencadis.storage.tree.LmdbTree;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/// Measures the levels; not a test. Arguments: rows (1,000,000), directory (a temporary one).
public final class StorageFigures {
  private static final int KEY_BYTES = 24;
  private static final int ROW_BYTES = 100;
  private static long sink;

  private final int rows;
  private final NodeStorage node;
  private final LevelledStore store;
  private long ts;

  private StorageFigures(int rows, NodeStorage node) {
    this.rows = rows;
    this.node = node;
    this.store = node.shard(0);
  }

  public static void main(String[] args) throws IOException {
    int rows = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    Path directory =
        args.length > 1 ? Path.of(args[1]) : Files.createTempDirectory("storage-figures");
    try (NodeStorage node =
        NodeStorage.open(
            LmdbTree.open(directory, 1, LmdbSize.DEFAULT),
            OffHeapVersions::create,
            StorageConfig.defaults())) {
      new StorageFigures(rows, node).run();
    }
    if (args.length <= 1) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private static byte[] key(long n) {
    return ByteBuffer.allocate(KEY_BYTES).putInt(1).putLong(n).putLong(n * 31).array();
  }

  private void run() {
    load(0, 2);
    flush("flush of sorted rows into an empty tree", rows / 2);
    load(1, 2);
    flush("flush of sorted rows between others", rows / 2);
    for (int round = 0; round < 3; round++) {
      pointReads("point read, all in the tree");
      scan("scan, all in the tree", false);
      scan("backward scan, all in the tree", true);
    }
    short100("scan of 100 rows, all in the tree");
    updates(rows / 10);
    for (int round = 0; round < 3; round++) {
      pointReads("point read, a tenth in the memtable");
      scan("scan, a tenth in the memtable", false);
    }
    long before = ts - rows / 10 / 100;
    flush("flush of updates in random places, old versions kept", rows / 10);
    ts = before;
    for (int round = 0; round < 3; round++) {
      pointReads("point read, a tenth in the version store");
      scan("scan, a tenth in the version store", false);
    }
    System.out.println("version store: " + node.historyVersions() + ", " + node.historyBytes());
    System.out.println(node.treeStatistics());
  }

  private void load(int first, int step) {
    long start = now();
    List<Write> writes = new ArrayList<>();
    for (int i = first; i < rows; i += step) {
      writes.add(Write.of(key(i), new byte[ROW_BYTES]));
      if (writes.size() == 1000) {
        store.apply(writes, ++ts, ts);
        writes.clear();
      }
    }
    store.apply(writes, ++ts, ts);
    print("apply", start, rows / step);
  }

  private void updates(int count) {
    Random random = new Random(1);
    long start = now();
    for (int i = 0; i < count / 100; i++) {
      Map<Integer, Write> writes = new java.util.HashMap<>();
      while (writes.size() < 100) {
        int n = random.nextInt(rows);
        writes.put(n, Write.of(key(n), new byte[ROW_BYTES]));
      }
      store.apply(writes.values(), ++ts, ts);
    }
    print("apply of updates", start, count);
  }

  private void flush(String what, int count) {
    long wall = System.nanoTime();
    long start = now();
    Flush flush = node.beginFlush(ts, Kept.from(0));
    flush.freeze(0);
    flush.write(Map.of());
    print(what, start, count);
    System.out.printf("  on the wall: %d ms%n", (System.nanoTime() - wall) / 1_000_000);
  }

  private void pointReads(String what) {
    Random random = new Random(2);
    int count = 300_000;
    byte[][] keys = new byte[count][];
    for (int i = 0; i < count; i++) {
      keys[i] = key(random.nextInt(rows));
    }
    long start = now();
    for (byte[] key : keys) {
      sink += store.get(key, ts).length;
    }
    print(what, start, count);
  }

  private void scan(String what, boolean reverse) {
    long start = now();
    RowScan scan = store.scan(null, null, ts, reverse);
    int count = 0;
    while (scan.next()) {
      sink += scan.value().length;
      count++;
    }
    if (count != rows) {
      throw new IllegalStateException(count + " rows");
    }
    print(what, start, count);
  }

  private void short100(String what) {
    Random random = new Random(3);
    int count = 20_000;
    long start = now();
    for (int i = 0; i < count; i++) {
      RowScan scan = store.scan(key(random.nextInt(rows - 100)), null, ts, false);
      for (int row = 0; row < 100 && scan.next(); row++) {
        sink += scan.value().length;
      }
    }
    print(what, start, count);
  }

  /// The thread's own time on a processor: the machine may be busy with something else. Waiting for
  /// the disk does not count, so a flush is printed with the time on the wall as well.
  private static long now() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void print(String what, long start, long count) {
    long nanos = now() - start;
    System.out.printf(
        "%-55s %9d: %8d ns each, %9.0f/s%n", what, count, nanos / count, count * 1e9 / nanos);
  }
}
