package io.trencadis.sharding.raft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/// What a start makes of a group's records, wherever the log's beginning went.
class GroupEntriesTest {
  private final GroupEntries entries = new GroupEntries();

  private static byte[] entry(long index) {
    return new byte[] {(byte) index, 1};
  }

  private void assertHolds(long from, long to) {
    assertEquals(from, entries.first());
    assertEquals(to, entries.last());
    for (long index = from; index <= to; index++) {
      assertArrayEquals(entry(index), entries.get(index));
    }
    assertEquals(2 * (to - from + 1), entries.bytes());
  }

  @Test
  void entriesWrittenAgainComeBeforeALaterOneThatStandsInTheLogAsItWas() {
    // The first seven stood before what is left of the log, the eighth did not.
    entries.append(8, entry(8), 1_000);
    for (long index = 1; index <= 8; index++) {
      entries.moved(index, entry(index), 2_000 + index);
    }
    entries.append(9, entry(9), 3_000);
    assertHolds(1, 9);
    assertEquals(2_001, entries.firstPosition());
  }

  @Test
  void entriesWrittenAgainWithoutAllThatFollowAreNotTaken() {
    entries.append(8, entry(8), 1_000);
    entries.moved(5, entry(5), 2_000);
    entries.truncatePrefix(8);
    entries.moved(6, entry(6), 2_001);
    entries.moved(8, entry(8), 2_002);
    assertHolds(8, 8);
    assertNull(entries.get(6));
  }

  @Test
  void entriesWrittenAgainAreTheWholeOfAGroupWhoseOthersAreGone() {
    for (long index = 4; index <= 6; index++) {
      entries.moved(index, entry(index), index);
    }
    entries.append(6, entry(6), 10);
    assertHolds(4, 6);
    entries.truncateSuffix(4);
    assertHolds(4, 4);
  }
}
