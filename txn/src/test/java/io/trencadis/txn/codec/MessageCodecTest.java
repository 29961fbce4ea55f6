package io.trencadis.txn.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.RowBlock;
import io.trencadis.storage.Write;
import io.trencadis.storage.run.RunEntry;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.HeldRecord;
import io.trencadis.txn.HeldRow;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.MutationResult;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.distributed.BranchRecord;
import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.lock.HeldLock;
import io.trencadis.txn.lock.WaitGraph;
import io.trencadis.txn.lock.Wanted;
import io.trencadis.txn.message.ReadPart;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Whatever is written is read again, and nothing else is: not a piece of it.
class MessageCodecTest {
  private static final long TXN = 0x1234_5678_9abc_def0L;
  private static final RelationRef REL = new RelationRef(70, 1L << 40, "");
  private static final byte[] KEY = {0, 0, 0, 70, -1};
  private static final byte[] ROW = {1, 2, 3};
  private static final ReadPart READS =
      new ReadPart(new byte[][] {KEY}, new byte[][] {null, KEY}, new byte[][] {KEY, null});
  private static final GlobalName NAME = new GlobalName("näme", 1L << 50, 10, 16_384);
  private static final Wanted.Wait WAIT = new Wanted.Wait(TXN, new Wanted(7, KEY, 3));

  private static final List<Request> REQUESTS =
      List.of(
          new Request.Get(TXN, REL, KEY, 5, true),
          new Request.Scan(TXN, REL, KEY, null, true, 5, 6, 7, false),
          new Request.ReadAll(
              TXN, REL, new byte[][] {KEY, KEY}, new byte[][] {null, {0, 0, 0, 71}}, 5, 6, 7, true),
          new Request.LockRow(
              TXN, REL, KEY, RowLock.KEY_SHARE, LockWait.SKIP_LOCKED, true, 5, 6, true),
          new Request.Mutate(
              TXN,
              REL,
              List.of(
                  new Mutation.Put(KEY, ROW, true),
                  new Mutation.Delete(KEY),
                  new Mutation.Insert(KEY, ROW)),
              5,
              6,
              true),
          new Request.LockRelation(
              TXN, 7, RelationLock.ACCESS_EXCLUSIVE, LockWait.NOWAIT, 6, false),
          new Request.LockForSession(TXN, 9, KEY, RowLock.UPDATE, LockWait.WAIT, true),
          new Request.UnlockForSession(TXN, KEY, RowLock.SHARE),
          new Request.Hold(TXN, 3, READS, new Request.HoldAs(NAME, List.of(0, 5), 64)),
          new Request.Hold(TXN, 3, null, new Request.HoldAs(NAME, List.of(0), 64)),
          new Request.FinishHeld(TXN, KEY, true, 6, false),
          new Request.SetSchema(TXN, 7, 1L << 50, 6),
          new Request.Undo(TXN, 6, true),
          new Request.Validate(TXN, READS, 5, 6, true, false));

  private static final List<Reply> REPLIES =
      List.of(
          new Reply.Row(ROW, true),
          Reply.Row.NONE,
          new Reply.Rows(oneRow(), true),
          new Reply.Ranges(
              List.of(new Reply.Rows(oneRow(), true), new Reply.Rows(oneRow(), false))),
          new Reply.Changed(null, 9),
          new Reply.Mutated(List.of(MutationResult.APPLIED, new MutationResult(ROW))),
          new Reply.Deadlock(List.of(WAIT)),
          new Reply.SchemaChanged(7, 1L << 50),
          new Reply.Failed(new SqlException(SqlState.SNAPSHOT_TOO_OLD, "snapshot too old")),
          Reply.Restart.INSTANCE,
          Reply.Skipped.INSTANCE,
          Reply.Unavailable.INSTANCE,
          Reply.Done.INSTANCE,
          Reply.WouldBlock.INSTANCE,
          Reply.Cancelled.INSTANCE,
          Reply.Refused.INSTANCE,
          Reply.Valid.INSTANCE,
          Reply.Conflict.INSTANCE);

  private static final List<Message> MESSAGES =
      List.of(
          new Message.EndAtShard(TXN, 3),
          new Message.CancelAtShard(TXN, 3, -2),
          new Message.Prepare(
              TXN, 3, List.of(new Message.ShardState(3, 4, 5, 6)), 1, List.of(1, 3), true),
          new Message.Prepared(TXN, 3, true),
          new Message.Decide(TXN, 77),
          new Message.Decision(TXN, Message.ABORTED),
          new Message.Resolve(TXN, 77),
          new Message.Resolved(TXN, 3),
          new Message.StillThere(TXN, 3),
          new Message.Waits(TXN, 4),
          new Message.GatewaySays(TXN, true),
          new Message.Inquire(TXN, 3));

  private static final List<BranchRecord> RECORDS =
      List.of(
          new BranchRecord.Prepared(
              TXN,
              1,
              List.of(1, 3),
              List.of(
                  new BranchRecord.Part(
                      3,
                      List.of(Write.of(KEY, ROW), Write.of(KEY, null)),
                      List.of(new HeldLock(7, KEY, 5), new HeldLock(8, null, 1))))),
          new BranchRecord.Decided(TXN, 77, List.of(1), List.of()),
          new BranchRecord.Resolved(TXN, Message.ABORTED),
          new BranchRecord.Forgotten(List.of(TXN, 1L)),
          new BranchRecord.Piece(
              TXN, 7, List.of(new RunEntry(KEY, 0, true, ROW), new RunEntry(KEY, 0, false, null))),
          new BranchRecord.Dropped(TXN));

  private static RowBlock oneRow() {
    RowBlock rows = new RowBlock(1);
    rows.add(KEY, ROW);
    return rows;
  }

  private static <T> void survives(
      T value, BiConsumer<ByteWriter, T> encode, Function<ByteReader, T> decode) {
    ByteWriter out = new ByteWriter();
    encode.accept(out, value);
    byte[] bytes = out.toByteArray();
    ByteReader in = new ByteReader(bytes);
    T read = decode.apply(in);
    assertEquals(0, in.remaining(), value::toString);
    assertEquals(value.getClass(), read.getClass());
    ByteWriter again = new ByteWriter();
    encode.accept(again, read);
    assertArrayEquals(bytes, again.toByteArray(), value::toString);
    for (int length = 0; length < bytes.length; length++) {
      int cut = length;
      assertThrows(
          RuntimeException.class,
          () -> decode.apply(new ByteReader(bytes, 0, cut)),
          () -> value + " cut to " + cut);
    }
  }

  @Test
  void requestsOfEveryKindAreReadAsTheyWereWritten() {
    for (Request request : REQUESTS) {
      survives(
          new Message.ToShard(TXN, 3, 4, 5, request), MessageCodec::encode, MessageCodec::decode);
      ByteWriter out = new ByteWriter();
      MessageCodec.encode(out, new Message.ToShard(TXN, 3, 4, 5, request));
      Message.ToShard read =
          (Message.ToShard) MessageCodec.decode(new ByteReader(out.toByteArray()));
      assertEquals(request.getClass(), read.request().getClass());
      assertEquals(TXN, read.request().txn());
    }
  }

  @Test
  void repliesOfEveryKindAreReadAsTheyWereWritten() {
    for (Reply reply : REPLIES) {
      survives(
          new Message.FromShard(TXN, 3, 4, 5, reply), MessageCodec::encode, MessageCodec::decode);
    }
  }

  @Test
  void messagesOfEveryKindAreReadAsTheyWereWritten() {
    for (Message message : MESSAGES) {
      survives(message, MessageCodec::encode, MessageCodec::decode);
    }
  }

  @Test
  void recordsOfEveryKindAreReadAsTheyWereWritten() {
    for (BranchRecord record : RECORDS) {
      survives(record, BranchRecordCodec::encode, BranchRecordCodec::decode);
    }
  }

  @Test
  void rowsOfPreparedTransactionsAreReadAsTheyWereWritten() {
    for (ReadPart reads : new ReadPart[] {READS, null}) {
      HeldRecord.Part part =
          new HeldRecord.Part(
              5,
              List.of(Write.of(KEY, ROW), Write.of(KEY, null)),
              List.of(new HeldLock(7, KEY, 5), new HeldLock(8, null, 1)),
              reads);
      survives(
          new HeldRow(TXN, NAME, List.of(0, 5), part),
          (out, row) -> out.putBytes(HeldRowCodec.encode(row)),
          in -> HeldRowCodec.decode(in.getBytes(in.remaining())));
    }
  }

  @Test
  void waitsAreReadAsTheyWereWritten() {
    WaitGraph.Wait wait =
        new WaitGraph.Wait(TXN, 1, 2, 3, List.of(4L, 5L), new Wanted(7, null, 2), List.of());
    survives(List.of(wait), WaitCodec::encode, in -> List.copyOf(WaitCodec.decode(in)));
    survives(
        new Request.BreakDeadlock(TXN, 9, List.of(WAIT)),
        WaitCodec::encode,
        WaitCodec::decodeBreak);
  }
}
