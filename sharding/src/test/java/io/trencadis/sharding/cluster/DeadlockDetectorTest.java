package io.trencadis.sharding.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.txn.lock.WaitGraph;
import io.trencadis.txn.lock.Wanted;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlockDetectorTest {
  private static final long FRESH = 100;

  private final DeadlockDetector detector = new DeadlockDetector(FRESH);

  private static WaitGraph.Wait wait(long txn, int shard, long number, Long... blockers) {
    return new WaitGraph.Wait(
        txn,
        txn,
        shard,
        number,
        List.of(blockers),
        new Wanted(7, new byte[] {(byte) shard}, 3),
        List.of());
  }

  private List<Long> look(long now) {
    return detector.look(now).stream().map(WaitGraph.Wait::txn).toList();
  }

  @Test
  void aCircleOverTwoNodesCostsOneWhenItHasLasted() {
    detector.report(0, List.of(wait(1, 0, 1, 2L)), 0);
    detector.report(1, List.of(wait(2, 1, 1, 1L)), 0);
    assertEquals(List.of(), look(1));
    assertEquals(List.of(2L), look(2));
  }

  @Test
  void theVictimIsToldTheCircle() {
    detector.report(0, List.of(wait(1, 0, 1, 3L), wait(3, 0, 2, 2L)), 0);
    detector.report(1, List.of(wait(2, 1, 1, 1L)), 0);
    look(1);
    WaitGraph.Wait victim = detector.look(2).getFirst();
    assertEquals(List.of(3L, 2L, 1L), victim.circle().stream().map(Wanted.Wait::txn).toList());
  }

  @Test
  void aWaitThatWasEndedAndBegunAgainIsAnotherOne() {
    detector.report(0, List.of(wait(1, 0, 1, 2L)), 0);
    detector.report(1, List.of(wait(2, 1, 1, 1L)), 0);
    look(1);
    detector.report(1, List.of(wait(2, 1, 5, 1L)), 2);
    assertEquals(List.of(), look(2));
    assertEquals(List.of(2L), look(3));
  }

  @Test
  void whatANodeSaidLongAgoDoesNotCount() {
    detector.report(0, List.of(wait(1, 0, 1, 2L)), 0);
    detector.report(1, List.of(wait(2, 1, 1, 1L)), 0);
    look(1);
    detector.report(0, List.of(wait(1, 0, 1, 2L)), FRESH + 2);
    assertEquals(List.of(), look(FRESH + 2));
  }

  @Test
  void aQueueIsNoCircle() {
    detector.report(0, List.of(wait(1, 0, 1, 2L), wait(4, 0, 2, 2L)), 0);
    detector.report(1, List.of(wait(2, 1, 1, 3L)), 0);
    look(1);
    assertTrue(detector.look(2).isEmpty());
  }
}
