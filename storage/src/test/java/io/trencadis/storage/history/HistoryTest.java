package io.trencadis.storage.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.storage.StoredVersion;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static byte[] key(int n) {
    return new byte[] {(byte) (n >> 8), (byte) n};
  }

  private static void trim(History history, long horizon) {
    history.keepFor(Kept.from(horizon));
    history.trim();
  }

  @Test
  void makesItsStoreOnlyWhenThereIsSomethingToKeep() {
    int[] made = {0};
    History history =
        new History(
            _ -> {
              made[0]++;
              return new HeapVersions();
            },
            10_000,
            0);
    history.begin(0, 10);
    history.finish();
    trim(history, 5);
    assertNull(history.get(0, key(1), 1));
    assertEquals(0, made[0]);
    history.begin(0, 10);
    history.keep(0, key(1), new StoredVersion(1, 0, null), 7);
    history.finish();
    assertEquals(1, made[0]);
    assertNotNull(history.get(0, key(1), 1));
  }

  @Test
  void letsGoWhatTheHorizonHasPassed() {
    History history = new History(_ -> new HeapVersions(), 1 << 20, 0);
    history.begin(0, 160);
    for (int i = 0; i < 160; i++) {
      history.keep(0, key(i), new StoredVersion(i + 1, 0, null), i + 2);
    }
    history.finish();
    history.raiseFloor(80);
    trim(history, 80);
    for (int i = 80; i < 160; i++) {
      assertNotNull(history.get(0, key(i), i + 1), "version " + i);
    }
    assertTrue(history.count() < 100);
    trim(history, 200);
    assertEquals(0, history.count());
  }

  @Test
  void cutsTheOldestAndRaisesTheFloorWhenTheBudgetIsExceeded() {
    History history = new History(_ -> new HeapVersions(), 10_000, 0);
    for (int flush = 0; flush < 10; flush++) {
      history.begin(flush * 100L, flush * 100L + 100);
      for (int i = 1; i <= 50; i++) {
        long ts = flush * 100 + i;
        history.keep(0, key(i), new StoredVersion(ts, 0, new byte[20]), ts + 1);
      }
      history.finish();
      trim(history, 0);
      assertTrue(history.bytes() <= 10_000, "bytes " + history.bytes());
      for (int i = 1; i <= 50; i++) {
        long ts = flush * 100 + i;
        // A read at ts needs that version: it is there, or the floor says that it is not.
        assertTrue(history.get(0, key(i), ts) != null || history.floor() > ts);
      }
    }
    assertTrue(history.floor() > 800, "floor " + history.floor());
    assertTrue(history.count() > 50);
  }

  @Test
  void whatLacksRoomGoesOldestFirstHoweverFarBackTheHorizonIs() {
    History history = new History(_ -> new HeapVersions(), 10_000, 0);
    history.begin(0, 100_000);
    history.finish();
    history.begin(0, 100_160);
    for (int i = 1; i <= 160; i++) {
      history.keep(0, key(i), new StoredVersion(99_999, 0, new byte[60]), 100_000 + i);
    }
    history.finish();
    assertTrue(history.floor() > 100_000, "there is room for all");
    assertTrue(history.floor() < 100_120, "floor " + history.floor());
    for (int i = 1; i <= 160; i++) {
      assertTrue(history.get(0, key(i), 99_999) != null || history.floor() >= 100_000 + i);
    }
  }

  @Test
  void aFlushThatIsRepeatedKeepsNothingTwice() {
    History history = new History(_ -> new HeapVersions(), 10_000, 0);
    for (int attempt = 0; attempt < 3; attempt++) {
      history.begin(0, 10);
      history.keep(0, key(1), new StoredVersion(3, 1, null), 5);
    }
    history.finish();
    assertEquals(1, history.count());
    trim(history, 5);
    assertEquals(0, history.count());
    assertEquals(0, history.bytes());
  }
}
