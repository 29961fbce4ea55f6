package io.trencadis.sharding.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class HandOverTest {
  private static final long MILLI = 1_000_000;

  private final HandOver handOver = new HandOver();
  private final Set<Long> open = new TreeSet<>();
  private final Semaphore given = new Semaphore(0);
  private long now;

  private void begin(long patienceMillis, boolean evenSo) {
    HandOver.Wish wish = new HandOver.Wish(now + patienceMillis * MILLI, evenSo);
    handOver.begin(given::release, wish, Set.copyOf(open), now);
    look();
  }

  private void look() {
    if (handOver.isOn()) {
      handOver.look(() -> Set.copyOf(open), now);
    }
  }

  private void pass(long millis) {
    for (long left = millis; left > 0; left -= 100) {
      now += 100 * MILLI;
      look();
    }
  }

  private void awaitGiven() {
    given.acquireUninterruptibly();
  }

  @Test
  void aShardWithoutTransactionsIsGivenAtOnceAndNewOnesWaitForTheNextLeader() {
    begin(0, false);
    awaitGiven();
    assertTrue(handOver.refusesNew());
    pass(1_100);
    assertFalse(handOver.refusesNew(), "nobody has taken it");
  }

  @Test
  void aLongTransactionKeepsTheShardWhereItIsIfItIsOnlyForBalance() {
    open.add(7L);
    begin(0, false);
    for (int i = 0; i < 10; i++) {
      now += 100 * MILLI;
      assertFalse(handOver.refusesNew(), "others are not kept out while one stays");
      look();
    }
    assertFalse(handOver.isOn());
    assertEquals(0, given.availablePermits());
  }

  @Test
  void shortTransactionsThatFollowEachOtherAreKeptOutForAMoment() {
    open.add(1L);
    begin(0, false);
    for (long txn = 2; !handOver.refusesNew(); txn++) {
      open.clear();
      open.add(txn);
      pass(100);
      assertTrue(txn < 20, "it waits for those who come later");
    }
    open.clear();
    look();
    awaitGiven();
  }

  @Test
  void oneThatIsToGoIsGivenAfterItsPatienceWhoeverIsThere() {
    open.add(7L);
    begin(5_000, true);
    pass(4_000);
    assertEquals(0, given.availablePermits());
    assertFalse(handOver.refusesNew());
    pass(2_000);
    awaitGiven();
  }

  @Test
  void whoeverWantsItSoonerCounts() {
    open.add(7L);
    begin(60_000, true);
    pass(1_000);
    begin(0, true);
    pass(1_000);
    awaitGiven();
    handOver.over();
    assertFalse(handOver.isOn());
  }
}
