package io.trencadis.storage.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.storage.disk.DiskFullException;
import io.trencadis.storage.disk.FaultyDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The log against a map of what was appended, over disks that lose power, forces and room.
/// `-Dseed=…` replays one seed.
class LogModelTest {
  private static final Path DIRECTORY = Path.of("/data/wal");
  private static final int SEEDS_A_BLOCK = 250;

  @ParameterizedTest(name = "seeds of block {0}")
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void nothingAcknowledgedIsLostAndNothingPartialComesBack(int block) throws IOException {
    Long only = Long.getLong("seed");
    if (only != null) {
      new Run(only).run();
      return;
    }
    for (long seed = block * SEEDS_A_BLOCK; seed < (block + 1) * SEEDS_A_BLOCK; seed++) {
      try {
        new Run(seed).run();
      } catch (AssertionError | IOException | RuntimeException fault) {
        throw new AssertionError("seed " + seed + ": " + fault, fault);
      }
    }
  }

  private static final class Run {
    private final Random random;
    private final SplittableRandom contents;
    private final FaultyDisk disk;
    private final LogConfig config;
    private final NavigableMap<Long, byte[]> appended = new TreeMap<>();
    private final List<Long> told = new ArrayList<>();
    private WriteAheadLog log;
    private long acknowledged;
    private long from;
    private LogFailedException failure;

    Run(long seed) {
      random = new Random(seed * 0x9E3779B97F4A7C15L);
      contents = new SplittableRandom(seed);
      disk = new FaultyDisk(seed);
      int segment = 4096 << random.nextInt(3);
      config = new LogConfig(4096, segment, 4096 << random.nextInt(3), random.nextInt(3));
    }

    void run() throws IOException {
      for (int life = 0; life < 5; life++) {
        open();
        live();
      }
      disk.crash();
      disk.limitTo(-1);
      open();
    }

    private void open() throws IOException {
      while (true) {
        try {
          if (random.nextInt(3) == 0) {
            disk.powerOffAfter(1 + random.nextInt(12));
          }
          recover();
          return;
        } catch (DiskFullException full) {
          disk.limitTo(-1);
        } catch (IOException fault) {
          if (!disk.isOff()) {
            throw fault;
          }
          disk.crash();
        }
      }
    }

    private void recover() throws IOException {
      NavigableMap<Long, byte[]> found = new TreeMap<>();
      List<Long> order = new ArrayList<>();
      List<Long> seen = new ArrayList<>();
      LogReport report =
          disk.list(DIRECTORY).stream().noneMatch(path -> path.toString().endsWith(".wal"))
              ? null
              : LogFiles.check(disk, DIRECTORY, from, (end, _) -> seen.add(end));
      failure = null;
      log =
          WriteAheadLog.openStepped(
              disk,
              DIRECTORY,
              config,
              from,
              (end, body) -> {
                byte[] bytes = new byte[body.remaining()];
                body.get(bytes);
                found.put(end, bytes);
                order.add(end);
              },
              reason -> {
                assertNull(failure, "told of the failure twice");
                failure = reason;
              });
      assertEquals(new ArrayList<>(found.keySet()), order, "out of order");
      if (report != null) {
        // Who only looks finds what an opening finds.
        assertNull(report.damage());
        assertEquals(order, seen);
        assertEquals(order.size(), report.records());
      }
      long last = found.isEmpty() ? from : found.lastKey();
      assertTrue(last >= acknowledged, () -> "lost: " + acknowledged + ", found up to " + last);
      NavigableMap<Long, byte[]> expected = appended.subMap(from, false, last, true);
      assertEquals(expected.keySet(), found.keySet());
      for (Map.Entry<Long, byte[]> entry : expected.entrySet()) {
        assertArrayEquals(entry.getValue(), found.get(entry.getKey()));
      }
      // What was not found is gone, and never comes back.
      appended.tailMap(last, false).clear();
      acknowledged = last;
      assertTrue(log.durable() >= last);
    }

    /// Appends, steps and recycles until something goes wrong, or in order to the end.
    private void live() throws IOException {
      int trouble = random.nextInt(10);
      if (trouble < 6) {
        disk.powerOffAfter(1 + random.nextInt(60));
      } else if (trouble < 8) {
        disk.failForce(1 + random.nextInt(20));
      }
      try {
        for (int action = random.nextInt(80); action >= 0; action--) {
          act();
        }
        if (random.nextBoolean()) {
          log.close();
          acknowledged = appended.isEmpty() ? acknowledged : Math.max(acknowledged, last());
        }
      } catch (LogFailedException expected) {
        assertNotNull(failure);
      }
      if (failure == null || disk.isOff() || random.nextBoolean()) {
        disk.crash();
      }
      // Else only the process dies, and what its operating system has cached is still there.
      disk.failForce(Integer.MAX_VALUE);
      disk.powerOffAfter(Long.MAX_VALUE);
    }

    private long last() {
      return appended.lastKey();
    }

    private void act() throws IOException {
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3, 4 -> append();
        case 5, 6, 7 -> log.step();
        case 8 -> {
          if (random.nextInt(4) == 0) {
            disk.limitTo(random.nextBoolean() ? -1 : random.nextInt(20_000));
          } else if (!appended.isEmpty()) {
            log.awaitDurable(last());
            acknowledged = Math.max(acknowledged, last());
          }
        }
        default -> recycle();
      }
    }

    private void append() throws IOException {
      byte[] body = new byte[size()];
      contents.nextBytes(body);
      long before = log.end();
      long end;
      try {
        end = log.append(body);
      } catch (DiskFullException refused) {
        assertEquals(before, log.end(), "a refused record used positions");
        return;
      }
      assertTrue(end > before);
      appended.put(end, body);
      if (random.nextInt(3) == 0) {
        log.whenDurable(
            end,
            reason -> {
              if (reason == null) {
                assertTrue(log.durable() >= end);
                acknowledged = Math.max(acknowledged, end);
                told.add(end);
              }
            });
      }
    }

    private int size() {
      return switch (random.nextInt(12)) {
        case 0 -> 0;
        case 1 -> random.nextInt(9);
        case 2 -> 3000 + random.nextInt(12_000);
        default -> random.nextInt(600);
      };
    }

    private void recycle() {
      Long upTo = appended.floorKey(log.durable());
      if (upTo != null && upTo > from) {
        from = random.nextBoolean() ? upTo : appended.higherKey(from);
        log.recycle(from);
      }
    }
  }
}
