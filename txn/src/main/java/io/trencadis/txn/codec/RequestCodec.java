package io.trencadis.txn.codec;

import static io.trencadis.txn.codec.Fields.bytes;
import static io.trencadis.txn.codec.Fields.choice;
import static io.trencadis.txn.codec.Fields.flag;
import static io.trencadis.txn.codec.Fields.list;
import static io.trencadis.txn.codec.Fields.reads;
import static io.trencadis.txn.codec.Fields.readsOfColumns;
import static io.trencadis.txn.codec.Fields.relation;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.message.Request;
import java.util.List;

/// The requests that gateways send to shards of other nodes. Those by which a node's own machines
/// end a transaction at a shard do not travel.
final class RequestCodec {
  private enum Kind {
    GET,
    SCAN,
    LOCK_ROW,
    MUTATE,
    LOCK_RELATION,
    LOCK_FOR_SESSION,
    UNLOCK_FOR_SESSION,
    SET_SCHEMA,
    UNDO,
    VALIDATE,
    HOLD,
    FINISH_HELD,
    READ_ALL
  }

  private enum Change {
    PUT,
    DELETE,
    INSERT
  }

  private static final Kind[] KINDS = Kind.values();
  private static final Change[] CHANGES = Change.values();
  private static final RowLock[] ROW_LOCKS = RowLock.values();
  private static final RelationLock[] RELATION_LOCKS = RelationLock.values();
  private static final LockWait[] WAITS = LockWait.values();

  private RequestCodec() {}

  /// @param request of the transaction that is written beside it
  static void encode(ByteWriter to, Request request) {
    switch (request) {
      case Request.Get get -> {
        choice(to, Kind.GET);
        relation(to, get.rel());
        bytes(to, get.key());
        to.putLong(get.readTs());
        flag(to, get.mayWait());
      }
      case Request.Scan scan -> {
        choice(to, Kind.SCAN);
        relation(to, scan.rel());
        bytes(to, scan.from());
        bytes(to, scan.to());
        flag(to, scan.reverse());
        to.putLong(scan.readTs()).putInt(scan.ownBefore()).putInt(scan.limit());
        flag(to, scan.mayWait());
      }
      case Request.ReadAll all -> {
        choice(to, Kind.READ_ALL);
        relation(to, all.rel());
        to.putInt(all.froms().length);
        for (int i = 0; i < all.froms().length; i++) {
          bytes(to, all.froms()[i]);
          bytes(to, all.tos()[i]);
        }
        to.putLong(all.readTs()).putInt(all.ownBefore()).putInt(all.mostEach());
        flag(to, all.mayWait());
      }
      case Request.LockRow lock -> {
        choice(to, Kind.LOCK_ROW);
        relation(to, lock.rel());
        bytes(to, lock.key());
        choice(to, lock.mode());
        choice(to, lock.lockWait());
        flag(to, lock.newest());
        to.putLong(lock.readTs()).putInt(lock.mark());
        flag(to, lock.mayWait());
      }
      case Request.Mutate mutate -> {
        choice(to, Kind.MUTATE);
        relation(to, mutate.rel());
        list(to, mutate.ops(), RequestCodec::change);
        to.putLong(mutate.readTs()).putInt(mutate.mark());
        flag(to, mutate.mayWait());
      }
      case Request.LockRelation lock -> {
        choice(to, Kind.LOCK_RELATION);
        to.putInt(lock.relationId());
        choice(to, lock.mode());
        choice(to, lock.lockWait());
        to.putInt(lock.mark());
        flag(to, lock.mayWait());
      }
      case Request.LockForSession lock -> {
        choice(to, Kind.LOCK_FOR_SESSION);
        to.putLong(lock.running());
        bytes(to, lock.key());
        choice(to, lock.mode());
        choice(to, lock.lockWait());
        flag(to, lock.mayWait());
      }
      case Request.UnlockForSession unlock -> {
        choice(to, Kind.UNLOCK_FOR_SESSION);
        bytes(to, unlock.key());
        choice(to, unlock.mode());
      }
      case Request.SetSchema set -> {
        choice(to, Kind.SET_SCHEMA);
        to.putInt(set.relationId()).putLong(set.version()).putInt(set.mark());
      }
      case Request.Undo undo -> {
        choice(to, Kind.UNDO);
        to.putInt(undo.fromMark());
        flag(to, undo.releaseLocks());
      }
      case Request.Validate validate -> {
        choice(to, Kind.VALIDATE);
        readsOfColumns(to, validate.reads());
        to.putLong(validate.after()).putLong(validate.upTo());
        flag(to, validate.refresh());
        flag(to, validate.mayWait());
      }
      case Request.Hold hold when hold.as() != null -> {
        choice(to, Kind.HOLD);
        to.putInt(hold.requests());
        flag(to, hold.reads() != null);
        if (hold.reads() != null) {
          reads(to, hold.reads());
        }
        HeldRowCodec.name(to, hold.as().name());
        list(to, hold.as().shards(), ByteWriter::putInt);
        to.putInt(hold.as().most());
      }
      case Request.FinishHeld finish -> {
        choice(to, Kind.FINISH_HELD);
        bytes(to, finish.row());
        flag(to, finish.commit());
        to.putInt(finish.mark());
        flag(to, finish.mayWait());
      }
      default -> throw new IllegalArgumentException("does not travel: " + request);
    }
  }

  private static void change(ByteWriter to, Mutation op) {
    switch (op) {
      case Mutation.Put(byte[] key, byte[] value, boolean unlocked) -> {
        choice(to, Change.PUT);
        bytes(to, key);
        bytes(to, value);
        flag(to, unlocked);
      }
      case Mutation.Delete(byte[] key, boolean unlocked) -> {
        choice(to, Change.DELETE);
        bytes(to, key);
        flag(to, unlocked);
      }
      case Mutation.Insert(byte[] key, byte[] value, boolean unlocked) -> {
        choice(to, Change.INSERT);
        bytes(to, key);
        bytes(to, value);
        flag(to, unlocked);
      }
    }
  }

  private static Mutation change(ByteReader from) {
    return switch (choice(from, CHANGES)) {
      case PUT -> new Mutation.Put(bytes(from), bytes(from), flag(from));
      case DELETE -> new Mutation.Delete(bytes(from), flag(from));
      case INSERT -> new Mutation.Insert(bytes(from), bytes(from), flag(from));
    };
  }

  private static Request readAll(ByteReader from, long txn) {
    RelationRef relation = relation(from);
    record Range(byte[] from, byte[] to) {}
    List<Range> ranges = list(from, in -> new Range(bytes(in), bytes(in)));
    return new Request.ReadAll(
        txn,
        relation,
        ranges.stream().map(Range::from).toArray(byte[][]::new),
        ranges.stream().map(Range::to).toArray(byte[][]::new),
        from.getLong(),
        from.getInt(),
        from.getInt(),
        flag(from));
  }

  static Request decode(ByteReader from, long txn) {
    return switch (choice(from, KINDS)) {
      case GET -> new Request.Get(txn, relation(from), bytes(from), from.getLong(), flag(from));
      case SCAN ->
          new Request.Scan(
              txn,
              relation(from),
              bytes(from),
              bytes(from),
              flag(from),
              from.getLong(),
              from.getInt(),
              from.getInt(),
              flag(from));
      case LOCK_ROW ->
          new Request.LockRow(
              txn,
              relation(from),
              bytes(from),
              choice(from, ROW_LOCKS),
              choice(from, WAITS),
              flag(from),
              from.getLong(),
              from.getInt(),
              flag(from));
      case MUTATE ->
          new Request.Mutate(
              txn,
              relation(from),
              list(from, RequestCodec::change),
              from.getLong(),
              from.getInt(),
              flag(from));
      case LOCK_RELATION ->
          new Request.LockRelation(
              txn,
              from.getInt(),
              choice(from, RELATION_LOCKS),
              choice(from, WAITS),
              from.getInt(),
              flag(from));
      case LOCK_FOR_SESSION ->
          new Request.LockForSession(
              txn,
              from.getLong(),
              bytes(from),
              choice(from, ROW_LOCKS),
              choice(from, WAITS),
              flag(from));
      case UNLOCK_FOR_SESSION ->
          new Request.UnlockForSession(txn, bytes(from), choice(from, ROW_LOCKS));
      case SET_SCHEMA -> new Request.SetSchema(txn, from.getInt(), from.getLong(), from.getInt());
      case UNDO -> new Request.Undo(txn, from.getInt(), flag(from));
      case VALIDATE ->
          new Request.Validate(
              txn, readsOfColumns(from), from.getLong(), from.getLong(), flag(from), flag(from));
      case HOLD ->
          new Request.Hold(
              txn,
              from.getInt(),
              flag(from) ? reads(from) : null,
              new Request.HoldAs(
                  HeldRowCodec.name(from), list(from, ByteReader::getInt), from.getInt()));
      case READ_ALL -> readAll(from, txn);
      case FINISH_HELD ->
          new Request.FinishHeld(txn, bytes(from), flag(from), from.getInt(), flag(from));
    };
  }
}
