package io.trencadis.storage.levels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.storage.Keys;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.Write;
import io.trencadis.storage.history.HeapVersions;
import io.trencadis.storage.history.Kept;
import io.trencadis.storage.tree.LmdbSize;
import io.trencadis.storage.tree.LmdbTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that does nothing but commit and flush is killed again and again, and what is on disk
/// is exactly what the position on disk says.
class KilledFlushTest {
  private static final int SHARDS = 2;
  private static final int KEYS = 1000;
  private static final int COMMITS_A_FLUSH = 150;
  private static final int KILLS = 3;

  @TempDir Path directory;

  /// What the log would hold: commit `n` of one shard, the same in every process.
  private static List<Write> commit(long n) {
    Random random = new Random(n);
    NavigableMap<byte[], byte[]> writes = new TreeMap<>(Keys.ORDER);
    for (int i = 0; i < 5; i++) {
      int number = random.nextInt(KEYS);
      byte[] key = ByteBuffer.allocate(number % 9 == 0 ? 1300 : 16).putInt(3).array();
      ByteBuffer.wrap(key).putInt(key.length - 4, number);
      byte[] row = new byte[random.nextInt(50) == 0 ? 9000 : random.nextInt(300)];
      random.nextBytes(row);
      writes.put(key, random.nextInt(4) == 0 ? null : row);
    }
    return writes.entrySet().stream().map(e -> Write.of(e.getKey(), e.getValue())).toList();
  }

  private static int shardOf(long n) {
    return (int) (n % SHARDS);
  }

  private static NodeStorage open(Path directory) {
    return NodeStorage.open(
        LmdbTree.open(directory, SHARDS, new LmdbSize(1 << 20, 1 << 30)),
        _ -> new HeapVersions(),
        new StorageConfig(64 << 20, 1 << 20, 1000));
  }

  /// The process to be killed: tells each position whose flush has returned.
  public static final class Flusher {
    public static void main(String[] args) {
      try (NodeStorage node = open(Path.of(args[0]))) {
        long n = node.coveredPosition();
        while (true) {
          for (int i = 0; i < COMMITS_A_FLUSH; i++) {
            n++;
            node.shard(shardOf(n)).apply(commit(n), n, n);
          }
          Flush flush = node.beginFlush(n, Kept.from(n - 100));
          flush.freeze(0);
          flush.freeze(1);
          flush.write(Map.of("n", ByteBuffer.allocate(8).putLong(n).array()));
          System.out.println(n);
        }
      }
    }
  }

  @Test
  void leavesExactlyWhatItsPositionSays() throws IOException, InterruptedException {
    Random random = new Random(7);
    long told = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      told = runAndKill(told, 3 + random.nextInt(4), random.nextInt(30_000_000));
      try (NodeStorage node = open(directory)) {
        assertTrue(node.coveredPosition() >= told, "position " + told + " was told");
        assertIsAsOf(node, node.coveredPosition());
        assertEquals(List.of(), node.verify().faults());
      }
    }
  }

  /// @return the last position that the process told
  private long runAndKill(long before, int flushes, long moreNanos)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("--")) {
        command.add(argument);
      }
    }
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Flusher.class.getName(), directory.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    long told = before;
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < flushes; i++) {
        told = Long.parseLong(output.readLine());
      }
      // Somewhere inside a later flush: where, the machine decides.
      long until = System.nanoTime() + moreNanos;
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      // By its handle: the process object would close the stream, and with it what was told last.
      assertTrue(process.toHandle().destroyForcibly());
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        told = Math.max(told, Long.parseLong(line));
      }
    }
    assertEquals(128 + 9, process.waitFor());
    return told;
  }

  private static void assertIsAsOf(NodeStorage node, long position) {
    assertEquals(position, ByteBuffer.wrap(node.meta("n")).getLong());
    assertEquals(position, node.highestCommitTs());
    for (int shard = 0; shard < SHARDS; shard++) {
      NavigableMap<byte[], byte[]> expected = new TreeMap<>(Keys.ORDER);
      for (long n = 1; n <= position; n++) {
        if (shardOf(n) == shard) {
          for (Write write : commit(n)) {
            if (write.value() == null) {
              expected.remove(write.key());
            } else {
              expected.put(write.key(), write.value());
            }
          }
        }
      }
      RowScan scan = node.shard(shard).scan(null, null, position, false);
      for (Map.Entry<byte[], byte[]> row : expected.entrySet()) {
        assertTrue(scan.next());
        assertArrayEquals(row.getKey(), scan.key());
        assertArrayEquals(row.getValue(), scan.value());
      }
      assertEquals(false, scan.next());
    }
  }
}
