package io.trencadis.txn.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.txn.Rules;
import io.trencadis.txn.distributed.Channels.Verdict;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelsTest {
  private static final long TERM = 3;
  private static final long TXN = TransactionId.of(5, 2, 7);

  private final Channels channels = new Channels(TERM, Rules.ALL);

  private Verdict judge(long term, int number) {
    Request request = new Request.Undo(TXN, 0, false);
    return channels.judge(new Message.ToShard(TXN, 0, term, number, request));
  }

  private boolean agrees(long term, int number) {
    return channels.agrees(TXN, new Message.ShardState(0, term, number, 1));
  }

  @Test
  void eachIsCarriedOutOnceAndInOrder() {
    assertEquals(Verdict.APPLY, judge(0, 1));
    assertEquals(Verdict.IGNORE, judge(0, 1));
    channels.replied(TXN, 1, Reply.Done.INSTANCE);
    assertEquals(Verdict.REPEAT, judge(0, 1));
    assertSame(Reply.Done.INSTANCE, channels.lastReply(TXN));
    assertEquals(Verdict.IGNORE, judge(TERM, 3));
    assertEquals(Verdict.APPLY, judge(TERM, 2));
    assertEquals(Verdict.IGNORE, judge(TERM, 1));
  }

  @Test
  void onlyTheFirstOpensAndOnlyInItsTerm() {
    assertEquals(Verdict.REFUSE, judge(TERM, 2));
    assertEquals(Verdict.REFUSE, judge(TERM - 1, 1));
    assertEquals(Verdict.APPLY, judge(0, 1));
  }

  @Test
  void prepareNeedsTheLastMessageAnsweredInThisTerm() {
    assertFalse(agrees(TERM, 1));
    judge(0, 1);
    assertFalse(agrees(TERM, 1), "it is still being carried out");
    channels.replied(TXN, 1, Reply.Done.INSTANCE);
    assertTrue(agrees(TERM, 1));
    assertFalse(agrees(TERM, 2));
    assertFalse(agrees(TERM - 1, 1));
  }

  @Test
  void whatIsClosedStaysClosedUntilItsGatewayIsPastIt() {
    judge(0, 1);
    channels.replied(TXN, 1, Reply.Done.INSTANCE);
    assertEquals(List.of(TXN), channels.openBelow(5, TXN + 1));
    channels.close(TXN);
    assertEquals(List.of(), channels.openBelow(5, TXN + 1));
    assertEquals(Verdict.REFUSE, judge(0, 1));
    assertFalse(agrees(TERM, 1));
    channels.forgetBelow(5, TXN);
    assertEquals(Verdict.REFUSE, judge(0, 1));
    channels.forgetBelow(5, TXN + 1);
    assertEquals(Verdict.APPLY, judge(0, 1));
  }

  @Test
  void idsAreOrderedByLifeAndSequenceWithinAGateway() {
    assertTrue(TransactionId.of(5, 2, 7) < TransactionId.of(5, 2, 8));
    assertTrue(TransactionId.of(5, 2, 7) < TransactionId.of(5, 3, 1));
    assertEquals(5, TransactionId.gateway(TXN));
    assertEquals(1023, TransactionId.gateway(TransactionId.of(1023, 65_535, (1L << 37) - 1)));
  }
}
