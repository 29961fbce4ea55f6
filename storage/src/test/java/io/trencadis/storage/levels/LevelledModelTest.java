package io.trencadis.storage.levels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.Keys;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.Version;
import io.trencadis.storage.Write;
import io.trencadis.storage.history.HeapVersions;
import io.trencadis.storage.history.Kept;
import io.trencadis.storage.tree.MemoryTree;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Random commits, reads, scans, flushes, failures and crashes against maps of all versions. A seed
/// that fails is named; `-Dseed=…` runs it alone.
class LevelledModelTest {
  private static final int SEEDS = 2000;
  private static final int STEPS = 120;

  @Test
  void agreesWithAMapOfAllVersionsUnderFlushesAndCrashes() {
    Long only = Long.getLong("seed");
    for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
      try {
        new Run(seed).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e, e);
      }
    }
  }

  private record Logged(int shard, List<Write> writes, long ts, long position) {}

  private record OpenScan(
      RowScan scan, Iterator<Map.Entry<byte[], byte[]>> expected, long ts, NodeStorage of) {}

  private static final class Run {
    final Random random;
    final int shards;
    final int keys;
    final boolean lateCommitsOfOneKey;
    final boolean tightHistory;

    /// How far the horizon lags behind: as for open snapshots, or for those who ask for the past.
    final int retention;

    final MemoryTree tree;
    final List<NavigableMap<byte[], NavigableMap<Long, byte[]>>> model = new ArrayList<>();
    final List<Logged> log = new ArrayList<>();
    final List<Logged> undecided = new ArrayList<>();
    final List<OpenScan> scans = new ArrayList<>();

    /// Snapshots that stay open, however far the horizon goes on.
    final List<Long> pins = new ArrayList<>();

    NodeStorage node;
    long floorAtStart;
    Flush flush;
    Map<String, byte[]> flushMeta;
    long flushPosition;
    boolean[] frozen;
    long clock;
    long horizon;
    long position;

    Run(long seed) {
      random = new Random(seed);
      shards = 1 + random.nextInt(3);
      keys = random.nextBoolean() ? 8 : 200;
      lateCommitsOfOneKey = random.nextInt(4) == 0;
      tightHistory = random.nextInt(4) == 0;
      retention = random.nextBoolean() ? 20 : 400;
      tree = new MemoryTree(shards);
      for (int i = 0; i < shards; i++) {
        model.add(new TreeMap<>(Keys.ORDER));
      }
      open();
    }

    void open() {
      node =
          NodeStorage.open(
              tree,
              _ -> new HeapVersions(),
              new StorageConfig(1 << 20, tightHistory ? 2000 : 1 << 20, 1 + random.nextInt(10)));
      floorAtStart = node.historyFloor();
      flush = null;
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        switch (random.nextInt(18)) {
          case 0, 1, 2, 3 -> commit();
          case 4 -> decideLater();
          case 5 -> settleOne();
          case 6, 7 -> read();
          case 8, 9 -> openScan();
          case 10 -> stepScans(random.nextInt(20));
          case 11, 12, 13 -> stepFlush();
          case 14 -> raiseHorizon();
          case 15 -> pin();
          case 16 -> unpin();
          default -> {
            if (random.nextInt(6) == 0) {
              crash();
            }
          }
        }
      }
      stepScans(Integer.MAX_VALUE);
      for (int i = 0; i < 20; i++) {
        read();
        openScan();
      }
      stepScans(Integer.MAX_VALUE);
      assertTrue(tree.verify().isSound());
    }

    byte[] key() {
      return ByteBuffer.allocate(6).putInt(7).putShort((short) random.nextInt(keys)).array();
    }

    Logged write() {
      NavigableMap<byte[], byte[]> writes = new TreeMap<>(Keys.ORDER);
      for (int i = random.nextInt(5); i >= 0; i--) {
        byte[] value = new byte[random.nextInt(20)];
        random.nextBytes(value);
        writes.put(key(), random.nextInt(3) == 0 ? null : value);
      }
      List<Write> list = new ArrayList<>();
      int shard = random.nextInt(shards);
      writes.forEach(
          (key, value) -> {
            if (!isUndecided(shard, key)) {
              list.add(Write.of(key, value));
            }
          });
      return new Logged(shard, list, ++clock, 0);
    }

    boolean isUndecided(int shard, byte[] key) {
      return !lateCommitsOfOneKey
          && undecided.stream()
              .filter(other -> other.shard == shard)
              .flatMap(other -> other.writes.stream())
              .anyMatch(write -> Keys.compare(write.key(), key) == 0);
    }

    void commit() {
      apply(write());
    }

    void decideLater() {
      undecided.add(write());
    }

    void settleOne() {
      if (!undecided.isEmpty()) {
        apply(undecided.remove(random.nextInt(undecided.size())));
      }
    }

    void apply(Logged commit) {
      Logged logged = new Logged(commit.shard, commit.writes, commit.ts, ++position);
      log.add(logged);
      for (Write write : logged.writes) {
        model
            .get(logged.shard)
            .computeIfAbsent(write.key(), _ -> new TreeMap<>())
            .put(logged.ts, write.value() == null ? new byte[] {-9, -9, -9} : write.value());
      }
      node.shard(logged.shard).apply(logged.writes, logged.ts, logged.position);
    }

    /// What is complete: everything below the first undecided commit.
    long readable() {
      return undecided.stream().mapToLong(Logged::ts).min().orElse(clock + 1) - 1;
    }

    void pin() {
      if (pins.size() < 3 && readable() >= Math.max(horizon, floorAtStart)) {
        pins.add(readable());
      }
    }

    void unpin() {
      if (!pins.isEmpty()) {
        long ts = pins.get(random.nextInt(pins.size()));
        if (scans.stream().noneMatch(scan -> scan.ts == ts)) {
          pins.remove(ts);
        }
      }
    }

    long lowest() {
      return pins.stream().mapToLong(Long::longValue).reduce(horizon, Math::min);
    }

    long randomTs() {
      if (!pins.isEmpty() && random.nextInt(3) == 0) {
        return pins.get(random.nextInt(pins.size()));
      }
      long top = readable();
      return top <= horizon || random.nextInt(4) == 0
          ? Math.max(top, horizon)
          : horizon + random.nextLong(top - horizon + 1);
    }

    byte[] expected(int shard, byte[] key, long ts) {
      NavigableMap<Long, byte[]> versions = model.get(shard).get(key);
      Map.Entry<Long, byte[]> found = versions == null ? null : versions.floorEntry(ts);
      return found == null || isDeletion(found.getValue()) ? null : found.getValue();
    }

    static boolean isDeletion(byte[] value) {
      return value.length == 3 && value[0] == -9 && value[1] == -9 && value[2] == -9;
    }

    void mayBeTooOld(SqlException e, NodeStorage of, long ts) {
      assertEquals(SqlState.SNAPSHOT_TOO_OLD, e.state());
      assertTrue(ts < of.historyFloor(), "72000 at " + ts + ", floor " + of.historyFloor());
      assertTrue(tightHistory || ts < floorAtStart, "nothing above the horizon had to go");
    }

    void read() {
      int shard = random.nextInt(shards);
      byte[] key = key();
      long ts = randomTs();
      try {
        assertArrayEquals(expected(shard, key, ts), node.shard(shard).get(key, ts));
      } catch (SqlException e) {
        mayBeTooOld(e, node, ts);
      }
      Version latest = node.shard(shard).latest(key);
      NavigableMap<Long, byte[]> versions = model.get(shard).get(key);
      if (latest != null) {
        assertEquals(versions.lastKey(), latest.commitTs());
      } else if (versions != null) {
        // Only a deletion that no read can need may be forgotten.
        assertTrue(isDeletion(versions.lastEntry().getValue()));
        assertTrue(versions.lastKey() <= horizon);
      }
    }

    void openScan() {
      int shard = random.nextInt(shards);
      byte[] a = random.nextInt(3) == 0 ? null : key();
      byte[] b = random.nextInt(3) == 0 ? null : key();
      byte[] from = a != null && b != null && Keys.compare(a, b) > 0 ? b : a;
      byte[] to = from == a ? b : a;
      long ts = randomTs();
      boolean reverse = random.nextBoolean();
      NavigableMap<byte[], byte[]> expected = new TreeMap<>(Keys.ORDER);
      for (byte[] key : model.get(shard).keySet()) {
        byte[] value = expected(shard, key, ts);
        if (Keys.inRange(key, from, to) && value != null) {
          expected.put(key, value);
        }
      }
      RowScan scan = node.shard(shard).scan(from, to, ts, reverse);
      scans.add(
          new OpenScan(
              scan,
              (reverse ? expected.descendingMap() : expected).entrySet().iterator(),
              ts,
              node));
      if (scans.size() > 4) {
        stepScan(scans.removeFirst(), Integer.MAX_VALUE);
      }
    }

    void stepScans(int rows) {
      scans.removeIf(scan -> stepScan(scan, rows));
    }

    /// @return whether the scan is over
    boolean stepScan(OpenScan open, int rows) {
      if (open.of != node) {
        return true;
      }
      try {
        for (int i = 0; i < rows; i++) {
          if (!open.scan.next()) {
            assertFalse(open.expected.hasNext(), "the scan ends early");
            return true;
          }
          assertTrue(open.expected.hasNext(), "the scan goes on");
          Map.Entry<byte[], byte[]> row = open.expected.next();
          assertArrayEquals(row.getKey(), open.scan.key());
          assertArrayEquals(row.getValue(), open.scan.value());
        }
        return false;
      } catch (SqlException e) {
        mayBeTooOld(e, node, open.ts);
        return true;
      }
    }

    void raiseHorizon() {
      long lowestScan =
          scans.stream()
              .mapToLong(OpenScan::ts)
              .filter(ts -> !pins.contains(ts))
              .min()
              .orElse(Long.MAX_VALUE);
      long to = Math.min(lowestScan, Math.max(horizon, readable() - random.nextInt(retention)));
      horizon = Math.max(horizon, to);
      for (int i = 0; i < shards; i++) {
        node.shard(i).discardBelow(lowest());
      }
    }

    void stepFlush() {
      if (flush == null) {
        flushPosition = position;
        long[] open = pins.stream().mapToLong(Long::longValue).sorted().toArray();
        flush =
            node.beginFlush(
                position, new Kept(lowest(), horizon, LongStream.of(open).distinct().toArray()));
        frozen = new boolean[shards];
        flushMeta = new HashMap<>();
        flushMeta.put("position", ByteBuffer.allocate(8).putLong(position).array());
        flushMeta.put("absent", null);
      }
      for (int i = 0; i < shards; i++) {
        if (!frozen[i] && random.nextBoolean()) {
          flush.freeze(i);
          frozen[i] = true;
        }
      }
      for (boolean each : frozen) {
        if (!each) {
          return;
        }
      }
      if (random.nextInt(4) == 0) {
        tree.failNextCommit(new SqlException(SqlState.DISK_FULL, "disk full"));
        try {
          flush.write(flushMeta);
          fail("the disk is full");
        } catch (SqlException e) {
          assertEquals(SqlState.DISK_FULL, e.state());
          return;
        }
      }
      flush.write(flushMeta);
      assertEquals(flushPosition, node.coveredPosition());
      flush = null;
    }

    void crash() {
      NodeStorage before = node;
      pins.clear();
      open();
      assertEquals(before.coveredPosition(), node.coveredPosition());
      byte[] kept = node.meta("position");
      assertEquals(node.coveredPosition(), kept == null ? 0 : ByteBuffer.wrap(kept).getLong());
      long from = node.coveredPosition();
      if (!lateCommitsOfOneKey) {
        from = Math.max(0, from - random.nextInt(5));
      }
      for (Logged logged : log) {
        if (logged.position > from) {
          node.shard(logged.shard).apply(logged.writes, logged.ts, logged.position);
        }
      }
      horizon = Math.max(horizon, Math.min(node.historyFloor(), readable()));
    }
  }
}
