package io.trencadis.txn.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RowLock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LockTableTest {
  private static final byte[] KEY = {1};
  private static final byte[] OTHER = {2};

  private final WaitGraph graph = new WaitGraph();
  private final LockTable table = new LockTable(0, graph);
  private final Map<Long, LockSet> sets = new HashMap<>();
  private final Map<Long, Waiter> waiters = new HashMap<>();

  private LockSet set(long txn) {
    return sets.computeIfAbsent(txn, _ -> new LockSet());
  }

  private LockReply lock(long txn, byte[] key, RowLock mode) {
    LockReply reply = table.lockRow(txn, set(txn), key, mode, 0, "owner");
    if (reply instanceof LockReply.Queued(Waiter waiter)) {
      waiters.put(txn, waiter);
    }
    return reply;
  }

  private void assertGranted(LockReply reply) {
    assertInstanceOf(LockReply.Granted.class, reply);
  }

  private void assertQueued(LockReply reply) {
    assertInstanceOf(LockReply.Queued.class, reply);
  }

  /// @return the transactions whose turn came, in order
  private List<Long> release(long txn) {
    List<Waiter> granted = new ArrayList<>();
    table.releaseAll(txn, set(txn), granted);
    return served(granted);
  }

  private List<Long> served(List<Waiter> granted) {
    granted.forEach(waiter -> LockTable.granted(waiter, set(waiter.txn()), 0));
    return granted.stream().map(Waiter::txn).toList();
  }

  /// PostgreSQL 15 manual, table 13.3: X where requested conflicts with current.
  private static final String[] ROWS = {
    "KEY_SHARE     ...X", //
    "SHARE         ..XX",
    "NO_KEY_UPDATE .XXX",
    "UPDATE        XXXX"
  };

  /// PostgreSQL 15 manual, table 13.2.
  private static final String[] RELATIONS = {
    "ACCESS_SHARE           .......X",
    "ROW_SHARE              ......XX",
    "ROW_EXCLUSIVE          ....XXXX",
    "SHARE_UPDATE_EXCLUSIVE ...XXXXX",
    "SHARE                  ..XX.XXX",
    "SHARE_ROW_EXCLUSIVE    ..XXXXXX",
    "EXCLUSIVE              .XXXXXXX",
    "ACCESS_EXCLUSIVE       XXXXXXXX"
  };

  @ParameterizedTest
  @EnumSource(RowLock.class)
  void rowModesConflictAsPostgresSays(RowLock held) {
    String row = ROWS[held.ordinal()];
    assertTrue(row.startsWith(held.name()));
    String conflicts = row.substring(row.lastIndexOf(' ') + 1);
    for (RowLock wanted : RowLock.values()) {
      LockTable fresh = new LockTable(0, graph);
      fresh.lockRow(1, new LockSet(), KEY, held, 0, null);
      boolean granted =
          fresh.lockRow(2, new LockSet(), KEY, wanted, 0, null) instanceof LockReply.Granted;
      assertEquals(conflicts.charAt(wanted.ordinal()) == 'X', !granted, held + " and " + wanted);
    }
  }

  @ParameterizedTest
  @EnumSource(RelationLock.class)
  void relationModesConflictAsPostgresSays(RelationLock held) {
    String row = RELATIONS[held.ordinal()];
    assertTrue(row.startsWith(held.name()));
    String conflicts = row.substring(row.lastIndexOf(' ') + 1);
    for (RelationLock wanted : RelationLock.values()) {
      LockTable fresh = new LockTable(0, graph);
      fresh.lockRelation(1, new LockSet(), 7, held, 0, null);
      boolean granted =
          fresh.lockRelation(2, new LockSet(), 7, wanted, 0, null) instanceof LockReply.Granted;
      assertEquals(conflicts.charAt(wanted.ordinal()) == 'X', !granted, held + " and " + wanted);
    }
  }

  @Test
  void waitersAreServedInTheirOrder() {
    assertGranted(lock(1, KEY, RowLock.UPDATE));
    assertQueued(lock(2, KEY, RowLock.SHARE));
    assertQueued(lock(3, KEY, RowLock.SHARE));
    assertQueued(lock(4, KEY, RowLock.UPDATE));
    assertQueued(lock(5, KEY, RowLock.SHARE));
    assertEquals(List.of(2L, 3L), release(1));
    assertEquals(List.of(), release(2));
    assertEquals(List.of(4L), release(3));
    assertEquals(List.of(5L), release(4));
    release(5);
    assertEquals(0, table.lockedRows());
    assertEquals(0, graph.size());
  }

  @Test
  void aNewcomerDoesNotOvertakeAWaiterItConflictsWith() {
    assertGranted(lock(1, KEY, RowLock.SHARE));
    assertQueued(lock(2, KEY, RowLock.UPDATE));
    assertQueued(lock(3, KEY, RowLock.SHARE));
    assertEquals(List.of(2L), release(1));
  }

  @Test
  void whoWouldWaitForTheQueueAloneAndIsWaitedForByItGoesFirst() {
    assertGranted(lock(1, KEY, RowLock.SHARE));
    assertGranted(lock(2, OTHER, RowLock.UPDATE));
    assertQueued(lock(3, KEY, RowLock.UPDATE));
    assertQueued(lock(1, OTHER, RowLock.SHARE));
    assertGranted(lock(2, KEY, RowLock.SHARE));
    assertEquals("", victims());
    assertEquals(List.of(1L), release(2));
    assertEquals(List.of(3L), release(1));
  }

  @Test
  void whoWouldWaitForAHolderDoesNotGoBeforeTheQueue() {
    assertGranted(lock(1, KEY, RowLock.UPDATE));
    assertGranted(lock(2, OTHER, RowLock.UPDATE));
    assertQueued(lock(3, KEY, RowLock.UPDATE));
    assertQueued(lock(1, OTHER, RowLock.SHARE));
    lock(2, KEY, RowLock.SHARE);
    assertEquals("2 of [2, 1]", victims());
  }

  @Test
  void aHolderThatWantsMoreGoesBeforeThoseWhoHoldNothing() {
    assertGranted(lock(1, KEY, RowLock.SHARE));
    assertGranted(lock(2, KEY, RowLock.SHARE));
    assertQueued(lock(3, KEY, RowLock.UPDATE));
    assertQueued(lock(1, KEY, RowLock.UPDATE));
    assertEquals(List.of(1L), release(2));
    assertEquals(List.of(3L), release(1));
  }

  @Test
  void aCancelledWaiterLetsOthersPass() {
    assertGranted(lock(1, KEY, RowLock.SHARE));
    assertQueued(lock(2, KEY, RowLock.UPDATE));
    assertQueued(lock(3, KEY, RowLock.SHARE));
    List<Waiter> granted = new ArrayList<>();
    table.cancel(waiters.get(2L), granted);
    assertEquals(List.of(3L), served(granted));
  }

  @Test
  void locksGotAfterAMarkAreReleasedAloneAndWeakenAgain() {
    LockSet set = set(1);
    table.lockRow(1, set, KEY, RowLock.SHARE, 1, null);
    table.lockRow(1, set, KEY, RowLock.UPDATE, 5, null);
    table.lockRow(1, set, OTHER, RowLock.UPDATE, 6, null);
    table.releaseFrom(5, 1, set, new ArrayList<>());
    assertGranted(lock(2, OTHER, RowLock.UPDATE));
    assertGranted(lock(2, KEY, RowLock.SHARE));
    assertQueued(lock(3, KEY, RowLock.UPDATE));
  }

  private String victims() {
    return table.takeVictims().stream()
        .map(v -> v.txn() + " of " + v.circle().stream().map(Wanted.Wait::txn).toList())
        .collect(Collectors.joining(", "));
  }

  @Test
  void theYoungestOfACircleIsTheVictimAndOnlyIt() {
    assertGranted(lock(1, KEY, RowLock.UPDATE));
    assertGranted(lock(2, OTHER, RowLock.UPDATE));
    assertQueued(lock(2, KEY, RowLock.UPDATE));
    assertEquals("", victims());
    assertQueued(lock(1, OTHER, RowLock.UPDATE));
    assertEquals("2 of [2, 1]", victims());
    assertEquals("", victims());
  }

  @Test
  void twoThatBothWantMoreOfOneRowAreACircle() {
    assertGranted(lock(1, KEY, RowLock.SHARE));
    assertGranted(lock(2, KEY, RowLock.SHARE));
    assertQueued(lock(1, KEY, RowLock.UPDATE));
    assertQueued(lock(2, KEY, RowLock.UPDATE));
    assertEquals("2 of [2, 1]", victims());
  }

  @Test
  void aBystanderInTheQueueIsNotSacrificed() {
    assertGranted(lock(1, KEY, RowLock.UPDATE));
    assertGranted(lock(2, OTHER, RowLock.UPDATE));
    assertQueued(lock(9, KEY, RowLock.UPDATE));
    assertQueued(lock(2, KEY, RowLock.UPDATE));
    assertQueued(lock(1, OTHER, RowLock.UPDATE));
    assertEquals("2 of [2, 1]", victims());
  }

  @Test
  void aCircleThroughAReaderQueuedBehindAWriterIsFound() {
    assertGranted(lock(1, KEY, RowLock.SHARE));
    assertGranted(lock(3, OTHER, RowLock.UPDATE));
    assertQueued(lock(2, KEY, RowLock.UPDATE));
    // 3 waits for 2 only because of the queue's order; 2 waits for 1, and 1 for 3.
    assertQueued(lock(3, KEY, RowLock.SHARE));
    assertQueued(lock(1, OTHER, RowLock.UPDATE));
    assertEquals("3 of [3, 2, 1]", victims());
  }
}
