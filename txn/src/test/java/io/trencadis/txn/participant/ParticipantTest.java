package io.trencadis.txn.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.trencadis.storage.Memtable;
import io.trencadis.storage.encoding.ColumnBits;
import io.trencadis.storage.encoding.RowWriter;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.HeldRow;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.Rules;
import io.trencadis.txn.lock.WaitGraph;
import io.trencadis.txn.message.ReadPart;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParticipantTest implements ShardOutbox {
  private static final RelationRef REL = new RelationRef(7, 0, "t");
  private static final byte[][] NO_KEYS = {};

  private final Memtable store = new Memtable();
  private final WaitGraph graph = new WaitGraph();
  private Participant shard = new Participant(0, store, graph, Rules.ALL, 4, null);
  private final Map<Long, Reply> replies = new HashMap<>();
  private final List<TimestampQuestion> questions = new ArrayList<>();

  @Override
  public void ask(int fromShard, TimestampQuestion question) {
    questions.add(question);
  }

  @Override
  public void toShard(int number, Request request) {
    throw new AssertionError("there is only one shard");
  }

  private static byte[] key(int n) {
    return new byte[] {0, 0, 0, 7, (byte) n};
  }

  private Reply send(Request request) {
    replies.remove(request.txn());
    shard.handle(request, (_, reply) -> replies.put(request.txn(), reply), this);
    return replies.get(request.txn());
  }

  private void put(long txn, int key, long readTs) {
    send(
        new Request.Mutate(
            txn, REL, List.of(new Mutation.Put(key(key), key(key))), readTs, 1, true));
  }

  private void commit(long txn, int key, long commitTs) {
    put(txn, key, commitTs - 1);
    send(new Request.Prepare(txn, 1, 1, true));
    send(new Request.Commit(txn, commitTs, 0, 0, 0));
  }

  private Reply validate(long txn, int key, long after, long upTo) {
    return send(
        new Request.Validate(
            txn,
            new ReadPart(new byte[][] {key(key)}, NO_KEYS, NO_KEYS),
            after,
            upTo,
            false,
            true));
  }

  @Test
  void prepareIsRefusedByAShardThatForgotEarlierRequests() {
    put(1, 1, 10);
    shard = new Participant(0, store, graph, Rules.ALL);
    put(1, 2, 10);
    assertSame(Reply.Refused.INSTANCE, send(new Request.Prepare(1, 2, 1, true)));
    shard = new Participant(0, store, graph, Rules.ALL);
    assertSame(Reply.Refused.INSTANCE, send(new Request.Prepare(1, 2, 1, true)));
  }

  @Test
  void whoWaitsWhileItIsTakenForDeadIsRefused() {
    put(1, 1, 10);
    put(2, 1, 10);
    assertNull(replies.get(2L), "the row is locked");
    assertSame(Reply.Refused.INSTANCE, send(new Request.Abort(2)));
  }

  @Test
  void aReaderPassesMarksWhoseTimestampHasNotBeenAskedFor() {
    put(1, 1, 10);
    send(new Request.Prepare(1, 1, 1, true));
    assertNull(send(new Request.Get(2, REL, key(1), 20, true)));
    assertEquals(List.of(new TimestampQuestion(1, 1, 20)), questions);
    shard.handle(new TimestampAnswer(1, 1, 20, TimestampAnswer.NOT_ASKED), this);
    assertEquals(Reply.Row.NONE, replies.get(2L));
  }

  @Test
  void aReaderAtATimestampSeenBeforeThePreparePassesWithoutAsking() {
    put(1, 1, 10);
    send(new Request.Get(3, REL, key(9), 15, true));
    send(new Request.Prepare(1, 1, 1, true));
    assertEquals(Reply.Row.NONE, send(new Request.Get(2, REL, key(1), 15, true)));
    assertEquals(List.of(), questions);
  }

  @Test
  void aReaderAboveTheMarksWaitsForTheirFate() {
    put(1, 1, 10);
    send(new Request.Prepare(1, 1, 1, true));
    assertNull(send(new Request.Get(2, REL, key(1), 20, true)));
    shard.handle(new TimestampAnswer(1, 1, 20, 18), this);
    assertNull(replies.get(2L));
    assertEquals(Reply.Row.NONE, send(new Request.Get(3, REL, key(1), 17, true)));
    assertSame(Reply.WouldBlock.INSTANCE, send(new Request.Get(4, REL, key(1), 19, false)));
    send(new Request.Commit(1, 18, 0, 0, 0));
    assertInstanceOf(Reply.Row.class, replies.get(2L));
    assertEquals(0, shard.waitingRequests());
  }

  private static byte[] row(int a, int b) {
    RowWriter row = new RowWriter().begin();
    row.body().putInt(a);
    row.endColumn();
    row.body().putInt(b);
    row.endColumn();
    return row.finish();
  }

  private void putRow(long txn, int key, byte[] row, long readTs) {
    send(new Request.Mutate(txn, REL, List.of(new Mutation.Put(key(key), row)), readTs, 1, true));
    send(new Request.Prepare(txn, 1, 1, true));
  }

  private Reply validateColumn(long txn, int key, int column, long after, long upTo) {
    ReadPart reads =
        new ReadPart(
            new byte[][] {key(key)},
            new long[] {ColumnBits.of(column)},
            new byte[][] {key(key)},
            new byte[][] {key(key + 1)},
            new long[] {ColumnBits.of(column)});
    return send(new Request.Validate(txn, reads, after, upTo, false, true));
  }

  @Test
  void marksOnAColumnThatWasNotLookedAtAreInNobodysWay() {
    putRow(1, 1, row(5, 6), 1);
    send(new Request.Commit(1, 8, 0, 0, 0));
    putRow(2, 1, row(5, 7), 9);
    assertSame(Reply.Valid.INSTANCE, validateColumn(3, 1, 0, 8, 20));
    assertEquals(List.of(), questions);
    assertNull(validateColumn(4, 1, 1, 8, 20));
    assertEquals(List.of(new TimestampQuestion(2, 1, 20)), questions);
    shard.handle(new TimestampAnswer(2, 1, 20, 15), this);
    send(new Request.Commit(2, 15, 0, 0, 0));
    assertSame(Reply.Conflict.INSTANCE, replies.get(4L));
    assertSame(Reply.Valid.INSTANCE, validateColumn(5, 1, 0, 8, 20));
  }

  @Test
  void aRowThatComesOrGoesChangesAllItsColumns() {
    putRow(1, 1, row(5, 6), 1);
    send(new Request.Commit(1, 8, 0, 0, 0));
    assertSame(Reply.Conflict.INSTANCE, validateColumn(2, 1, 0, 7, 9));
    send(new Request.Mutate(3, REL, List.of(new Mutation.Delete(key(1))), 9, 1, true));
    send(new Request.Prepare(3, 1, 1, true));
    send(new Request.Commit(3, 10, 0, 0, 0));
    assertSame(Reply.Conflict.INSTANCE, validateColumn(4, 1, 0, 9, 12));
  }

  @Test
  void anAnswerAboutAnEarlierAttemptIsIgnored() {
    put(1, 1, 10);
    send(new Request.Prepare(1, 1, 1, true));
    send(new Request.Unprepare(1));
    send(new Request.Prepare(1, 1, 2, true));
    assertNull(send(new Request.Get(2, REL, key(1), 20, true)));
    shard.handle(new TimestampAnswer(1, 1, 20, TimestampAnswer.NOT_ASKED), this);
    assertNull(replies.get(2L));
    shard.handle(new TimestampAnswer(1, 2, 20, TimestampAnswer.NOT_ASKED), this);
    assertEquals(Reply.Row.NONE, replies.get(2L));
  }

  @Test
  void validationFindsCommitsAfterTheSnapshotOnly() {
    commit(1, 1, 10);
    assertSame(Reply.Valid.INSTANCE, validate(2, 1, 10, 20));
    assertSame(Reply.Conflict.INSTANCE, validate(2, 1, 9, 20));
    assertSame(Reply.Valid.INSTANCE, validate(2, 2, 9, 20));
  }

  @Test
  void whatTheWindowHasForgottenIsAConflict() {
    for (int i = 1; i <= 6; i++) {
      commit(i, i, 10 * i);
    }
    assertSame(Reply.Valid.INSTANCE, validate(9, 9, 25, 100));
    assertSame(Reply.Conflict.INSTANCE, validate(9, 9, 15, 100));
  }

  @Test
  void aRestartedShardsWindowBeginsAtItsLastCommit() {
    commit(1, 1, 10);
    shard = new Participant(0, store, graph, Rules.ALL);
    assertSame(Reply.Conflict.INSTANCE, validate(2, 9, 9, 20));
    assertSame(Reply.Valid.INSTANCE, validate(2, 9, 10, 20));
  }

  @Test
  void schemaVersionsSurviveInTheStore() {
    send(new Request.SetSchema(1, 7, 3, 1));
    send(new Request.Prepare(1, 1, 1, true));
    send(new Request.Commit(1, 10, 0, 0, 0));
    shard = new Participant(0, store, graph, Rules.ALL);
    assertEquals(new Reply.SchemaChanged(7, 3), send(new Request.Get(2, REL, key(1), 20, true)));
    assertEquals(Reply.Row.NONE, send(new Request.Get(2, REL, key(1), 9, true)));
  }

  @Test
  void anEndedWaitLeavesNothingBehind() {
    put(1, 1, 10);
    assertNull(
        send(
            new Request.LockRow(
                2, REL, key(1), RowLock.UPDATE, LockWait.WAIT, false, 20, 1, true)));
    send(new Request.CancelWait(2));
    shard.handle(new Request.Abort(2), (_, _) -> {}, this);
    shard.handle(new Request.Abort(1), (_, _) -> {}, this);
    assertEquals(
        0, shard.lockedRows() + shard.openContexts() + shard.waitingRequests() + graph.size());
  }

  /// A transaction prepared by name in a cluster: what was said to it before that may come late,
  /// also to a new leader, which knows nothing but the row.
  @Test
  void onlyTheCommitThatDeletesItsRowEndsWhatIsPreparedByName() {
    put(1, 5, 10);
    GlobalName name = new GlobalName("a", 1, 2, 3);
    Request.Hold hold = new Request.Hold(1, 1, null, new Request.HoldAs(name, List.of(0), 9));
    assertSame(Reply.Done.INSTANCE, send(hold));
    assertSame(Reply.Refused.INSTANCE, send(hold));
    send(new Request.Prepare(1, 1, 1, true));
    send(new Request.Commit(1, 20, 0, 0, 0));
    assertNull(store.latest(key(5)));
    for (int life = 0; life < 2; life++) {
      send(new Request.Abort(1));
      send(new Request.Mutate(1, REL, List.of(new Mutation.Put(key(6), key(6))), 10, 1, true));
      assertSame(Reply.Refused.INSTANCE, replies.get(1L));
      assertSame(Reply.Refused.INSTANCE, send(hold));
      assertInstanceOf(
          Reply.Failed.class,
          send(new Request.Hold(2, 0, null, new Request.HoldAs(name, List.of(0), 9))));
      assertInstanceOf(
          Reply.Unavailable.class,
          send(
              new Request.LockRow(
                  3, REL, key(5), RowLock.UPDATE, LockWait.NOWAIT, true, 30, 1, true)));
      send(new Request.Abort(3));
      shard = new Participant(0, store, graph, Rules.ALL, 4, null);
    }
    byte[] row = HeldRow.key("a");
    assertSame(Reply.Done.INSTANCE, send(new Request.FinishHeld(4, row, true, 1, true)));
    // Who ends it has its locks written down beside his own: the row's, the relation's and the
    // key's.
    assertEquals(3, shard.locksOf(4).size());
    send(new Request.Prepare(4, 1, 1, true));
    send(new Request.Commit(4, 40, 0, 0, 0));
    assertEquals(40, store.latest(key(5)).commitTs());
    assertNull(store.latest(key(6)));
    assertNull(store.latest(row).value());
    assertEquals(0, shard.openContexts());
    assertEquals(0, shard.lockedRows());
  }

  @Test
  void aLargeTransactionThatIsPreparedIsWrittenDownWithTheLocksOfItsRows() {
    List<Mutation> ops = new ArrayList<>();
    for (int n = 0; n < 1_500; n++) {
      ops.add(new Mutation.Put(new byte[] {0, 0, 0, 7, (byte) (n >>> 8), (byte) n}, key(1)));
    }
    for (List<Mutation> part : List.of(ops.subList(0, 1_100), ops.subList(1_100, 1_500))) {
      send(new Request.Mutate(1, REL, part, 10, 1, true));
    }
    assertEquals(1_500, shard.locksOf(1).stream().filter(lock -> lock.key() != null).count());
  }
}
