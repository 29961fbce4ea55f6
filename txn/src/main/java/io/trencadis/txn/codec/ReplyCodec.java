package io.trencadis.txn.codec;

import static io.trencadis.txn.codec.Fields.bytes;
import static io.trencadis.txn.codec.Fields.choice;
import static io.trencadis.txn.codec.Fields.flag;
import static io.trencadis.txn.codec.Fields.list;
import static io.trencadis.txn.codec.Fields.text;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.RowBlock;
import io.trencadis.txn.MutationResult;
import io.trencadis.txn.message.Reply;
import java.util.List;

/// What shards reply to gateways of other nodes.
final class ReplyCodec {
  private enum Kind {
    ROW,
    ROWS,
    CHANGED,
    RESTART,
    SKIPPED,
    UNAVAILABLE,
    MUTATED,
    DONE,
    WOULD_BLOCK,
    CANCELLED,
    DEADLOCK,
    SCHEMA_CHANGED,
    FAILED,
    REFUSED,
    VALID,
    CONFLICT,
    RANGES
  }

  private static final Kind[] KINDS = Kind.values();
  private static final SqlState[] STATES = SqlState.values();

  private ReplyCodec() {}

  static void encode(ByteWriter to, Reply reply) {
    switch (reply) {
      case Reply.Row(byte[] value, boolean own) -> {
        choice(to, Kind.ROW);
        bytes(to, value);
        flag(to, own);
      }
      case Reply.Rows rows -> {
        choice(to, Kind.ROWS);
        rows(to, rows);
      }
      case Reply.Ranges(List<Reply.Rows> ranges) -> {
        choice(to, Kind.RANGES);
        list(to, ranges, ReplyCodec::rows);
      }
      case Reply.Changed(byte[] value, long commitTs) -> {
        choice(to, Kind.CHANGED);
        bytes(to, value);
        to.putLong(commitTs);
      }
      case Reply.Mutated mutated -> {
        choice(to, Kind.MUTATED);
        list(to, mutated.results(), (out, result) -> bytes(out, result.existing()));
      }
      case Reply.Deadlock deadlock -> {
        choice(to, Kind.DEADLOCK);
        list(to, deadlock.circle(), Fields::wait);
      }
      case Reply.SchemaChanged(int relationId, long version) -> {
        choice(to, Kind.SCHEMA_CHANGED);
        to.putInt(relationId).putLong(version);
      }
      case Reply.Failed(Throwable cause) -> {
        choice(to, Kind.FAILED);
        boolean known = cause instanceof SqlException;
        SqlState state = known ? ((SqlException) cause).state() : SqlState.INTERNAL_ERROR;
        to.putShort(state.ordinal());
        text(to, known ? cause.getMessage() : cause.toString());
      }
      case Reply.Restart _ -> choice(to, Kind.RESTART);
      case Reply.Skipped _ -> choice(to, Kind.SKIPPED);
      case Reply.Unavailable _ -> choice(to, Kind.UNAVAILABLE);
      case Reply.Done _ -> choice(to, Kind.DONE);
      case Reply.WouldBlock _ -> choice(to, Kind.WOULD_BLOCK);
      case Reply.Cancelled _ -> choice(to, Kind.CANCELLED);
      case Reply.Refused _ -> choice(to, Kind.REFUSED);
      case Reply.Valid _ -> choice(to, Kind.VALID);
      case Reply.Conflict _ -> choice(to, Kind.CONFLICT);
      case Reply.Prepared _, Reply.Held _, Reply.After _ ->
          throw new IllegalArgumentException("does not travel: " + reply);
    }
  }

  private static void rows(ByteWriter to, Reply.Rows rows) {
    to.putInt(rows.count());
    for (int i = 0; i < rows.count(); i++) {
      bytes(to, rows.rows().key(i));
      bytes(to, rows.rows().value(i));
    }
    flag(to, rows.done());
  }

  static Reply decode(ByteReader from) {
    return switch (choice(from, KINDS)) {
      case ROW -> new Reply.Row(bytes(from), flag(from));
      case ROWS -> rows(from);
      case RANGES -> new Reply.Ranges(list(from, ReplyCodec::rows));
      case CHANGED -> new Reply.Changed(bytes(from), from.getLong());
      case MUTATED ->
          new Reply.Mutated(
              list(
                  from,
                  in -> {
                    byte[] existing = bytes(in);
                    return existing == null ? MutationResult.APPLIED : new MutationResult(existing);
                  }));
      case DEADLOCK -> new Reply.Deadlock(list(from, Fields::wait));
      case SCHEMA_CHANGED -> new Reply.SchemaChanged(from.getInt(), from.getLong());
      case FAILED -> {
        int state = from.getShort();
        if (state < 0 || state >= STATES.length) {
          throw new IllegalArgumentException("no such state: " + state);
        }
        yield new Reply.Failed(new SqlException(STATES[state], text(from)));
      }
      case RESTART -> Reply.Restart.INSTANCE;
      case SKIPPED -> Reply.Skipped.INSTANCE;
      case UNAVAILABLE -> Reply.Unavailable.INSTANCE;
      case DONE -> Reply.Done.INSTANCE;
      case WOULD_BLOCK -> Reply.WouldBlock.INSTANCE;
      case CANCELLED -> Reply.Cancelled.INSTANCE;
      case REFUSED -> Reply.Refused.INSTANCE;
      case VALID -> Reply.Valid.INSTANCE;
      case CONFLICT -> Reply.Conflict.INSTANCE;
    };
  }

  private static Reply.Rows rows(ByteReader from) {
    int count = from.getInt();
    if (count < 0 || count > from.remaining()) {
      throw new IllegalArgumentException("a batch of " + count + " rows");
    }
    RowBlock rows = new RowBlock(count);
    for (int i = 0; i < count; i++) {
      byte[] key = bytes(from);
      rows.add(key, bytes(from));
    }
    return new Reply.Rows(rows, flag(from));
  }
}
