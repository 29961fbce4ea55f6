package io.trencadis.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemtableTest {
  private static byte[] key(int n) {
    return new byte[] {0, 0, 0, 1, (byte) (n >>> 8), (byte) n};
  }

  private static byte[] row(long n) {
    return new byte[] {(byte) (n >>> 16), (byte) (n >>> 8), (byte) n};
  }

  @Test
  void aReadSeesTheNewestVersionAtOrBeforeItsTimestamp() {
    Memtable store = new Memtable();
    store.apply(List.of(Write.of(key(1), row(10))), 10, 1);
    store.apply(List.of(Write.of(key(1), row(20))), 20, 2);
    assertNull(store.get(key(1), 9));
    assertArrayEquals(row(10), store.get(key(1), 19));
    assertArrayEquals(row(20), store.get(key(1), 20));
    assertEquals(20, store.latestVersion(key(1)));
    assertEquals(2, store.appliedIndex());
  }

  @Test
  void commitsThatArriveOutOfOrderFindTheirPlaceInTheChain() {
    Memtable store = new Memtable();
    store.apply(List.of(Write.of(key(1), row(20))), 20, 1);
    store.apply(List.of(Write.of(key(1), row(10))), 10, 2);
    assertArrayEquals(row(10), store.get(key(1), 15));
    assertArrayEquals(row(20), store.get(key(1), 25));
    assertEquals(20, store.latestVersion(key(1)));
  }

  @Test
  void aDeletionBelowTheHorizonTakesItsKeyAlong() {
    Memtable store = new Memtable();
    store.apply(List.of(Write.of(key(1), row(10))), 10, 1);
    store.apply(List.of(Write.of(key(1), null)), 20, 2);
    store.discardBelow(19);
    assertArrayEquals(row(10), store.get(key(1), 19));
    assertEquals(1, store.keyCount());
    store.discardBelow(20);
    assertEquals(0, store.keyCount());
    store.apply(List.of(Write.of(key(1), row(30))), 30, 3);
    assertArrayEquals(row(30), store.get(key(1), 30));
  }

  @Test
  void aHotRowKeepsOnlyWhatTheHorizonLeaves() {
    Memtable store = new Memtable();
    for (int ts = 1; ts <= 1000; ts++) {
      store.apply(List.of(Write.of(key(1), row(ts))), ts, ts);
      store.discardBelow(ts - 3);
    }
    int versions = 0;
    for (Version version = store.latest(key(1)); version != null; version = version.previous) {
      versions++;
    }
    assertEquals(4, versions);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void agreesWithATreeMapAtEveryTimestampAboveTheHorizon(long seed) {
    Random random = new Random(seed);
    Memtable store = new Memtable();
    List<NavigableMap<byte[], byte[]>> history = new ArrayList<>();
    NavigableMap<byte[], byte[]> now = new TreeMap<>(Keys.ORDER);
    history.add(now);
    int horizon = 0;
    int keys = seed % 2 == 0 ? 40 : 2000;
    for (int ts = 1; ts <= 300; ts++) {
      now = new TreeMap<>(now);
      NavigableMap<byte[], byte[]> writes = new TreeMap<>(Keys.ORDER);
      for (int i = random.nextInt(12); i >= 0; i--) {
        writes.put(
            key(random.nextInt(keys)),
            random.nextInt(3) == 0 ? null : row(random.nextInt(1 << 20)));
      }
      List<Write> list = new ArrayList<>();
      for (var write : writes.entrySet()) {
        list.add(Write.of(write.getKey(), write.getValue()));
        if (write.getValue() == null) {
          now.remove(write.getKey());
        } else {
          now.put(write.getKey(), write.getValue());
        }
      }
      history.add(now);
      store.apply(list, ts, ts);
      if (random.nextInt(10) == 0) {
        horizon = Math.max(horizon, ts - random.nextInt(20));
        store.discardBelow(horizon);
      }
      int at = horizon + random.nextInt(ts - horizon + 1);
      byte[] from = random.nextInt(4) == 0 ? null : key(random.nextInt(keys));
      byte[] to = random.nextInt(4) == 0 ? null : key(random.nextInt(keys));
      if (from != null && to != null && Keys.compare(from, to) > 0) {
        to = null;
      }
      assertScanEquals(history.get(at), store, from, to, at, random.nextBoolean());
      byte[] key = key(random.nextInt(keys));
      assertArrayEquals(history.get(at).get(key), store.get(key, at));
    }
    store.discardBelow(300);
    assertEquals(now.size(), store.keyCount());
  }

  private static void assertScanEquals(
      NavigableMap<byte[], byte[]> model,
      Memtable store,
      byte[] from,
      byte[] to,
      long ts,
      boolean reverse) {
    NavigableMap<byte[], byte[]> expected = model;
    if (from != null) {
      expected = expected.tailMap(from, true);
    }
    if (to != null) {
      expected = expected.headMap(to, false);
    }
    RowScan scan = store.scan(from, to, ts, reverse);
    for (var entry : (reverse ? expected.descendingMap() : expected).entrySet()) {
      assertEquals(true, scan.next());
      assertArrayEquals(entry.getKey(), scan.key());
      assertArrayEquals(entry.getValue(), scan.value());
    }
    assertEquals(false, scan.next());
  }

  @Test
  void readersSeeWholeSnapshotsWhileAWriterAppliesAndDiscards() throws InterruptedException {
    Memtable store = new Memtable();
    int keys = 64;
    List<Write> first = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      first.add(Write.of(key(i), row(1)));
    }
    store.apply(first, 1, 1);
    int rounds = 3000;
    List<String> faults = java.util.Collections.synchronizedList(new ArrayList<>());
    AtomicLong pinned = new AtomicLong(1);
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  long ts;
                  do {
                    // Pinned first, read after: what the writer discards lies below.
                    pinned.set(store.highestCommitTs());
                    ts = store.highestCommitTs();
                    RowScan scan = store.scan(null, null, ts, (ts & 1) == 0);
                    int rows = 0;
                    while (scan.next()) {
                      rows++;
                      if (!java.util.Arrays.equals(row(ts), scan.value())) {
                        faults.add(
                            "at "
                                + ts
                                + " key "
                                + scan.key()[5]
                                + " had version "
                                + scan.commitTs());
                      }
                    }
                    if (rows != keys / 2 && ts > 1) {
                      faults.add(rows + " rows at " + ts);
                    }
                  } while (ts < rounds);
                });
    for (int ts = 2; ts <= rounds; ts++) {
      // Even rounds leave the even keys alive and odd rounds the odd ones, so nodes come and go.
      List<Write> writes = new ArrayList<>();
      for (int i = 0; i < keys; i++) {
        writes.add(Write.of(key(i), (i + ts) % 2 == 0 ? row(ts) : null));
      }
      store.apply(writes, ts, ts);
      store.discardBelow(pinned.get());
    }
    reader.join();
    assertEquals(List.of(), faults.subList(0, Math.min(3, faults.size())));
  }
}
