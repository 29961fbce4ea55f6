package io.trencadis.txn.codec;

import static io.trencadis.txn.codec.Fields.choice;
import static io.trencadis.txn.codec.Fields.flag;
import static io.trencadis.txn.codec.Fields.list;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.txn.distributed.Message;

/// The messages of transactions between nodes.
public final class MessageCodec {
  private enum Kind {
    TO_SHARD,
    FROM_SHARD,
    END_AT_SHARD,
    CANCEL_AT_SHARD,
    PREPARE,
    PREPARED,
    DECIDE,
    DECISION,
    RESOLVE,
    RESOLVED,
    STILL_THERE,
    GATEWAY_SAYS,
    INQUIRE,
    WAITS
  }

  private static final Kind[] KINDS = Kind.values();

  private MessageCodec() {}

  public static void encode(ByteWriter to, Message message) {
    switch (message) {
      case Message.ToShard m -> {
        head(to, Kind.TO_SHARD, m);
        to.putInt(m.shard()).putLong(m.term()).putInt(m.number());
        RequestCodec.encode(to, m.request());
      }
      case Message.FromShard m -> {
        head(to, Kind.FROM_SHARD, m);
        to.putInt(m.shard()).putLong(m.term()).putInt(m.number());
        ReplyCodec.encode(to, m.reply());
      }
      case Message.EndAtShard m -> head(to, Kind.END_AT_SHARD, m).putInt(m.shard());
      case Message.CancelAtShard m ->
          head(to, Kind.CANCEL_AT_SHARD, m).putInt(m.shard()).putInt(m.number());
      case Message.Prepare m -> {
        head(to, Kind.PREPARE, m).putInt(m.log());
        list(
            to,
            m.shards(),
            (out, s) ->
                out.putInt(s.shard()).putLong(s.term()).putInt(s.number()).putInt(s.requests()));
        to.putInt(m.anchor());
        list(to, m.logs(), ByteWriter::putInt);
        flag(to, m.mayWait());
      }
      case Message.Prepared m -> {
        head(to, Kind.PREPARED, m).putInt(m.log());
        flag(to, m.prepared());
      }
      case Message.Decide m -> head(to, Kind.DECIDE, m).putLong(m.commitTs());
      case Message.Decision m -> head(to, Kind.DECISION, m).putLong(m.commitTs());
      case Message.Resolve m -> head(to, Kind.RESOLVE, m).putLong(m.commitTs());
      case Message.Resolved m -> head(to, Kind.RESOLVED, m).putInt(m.log());
      case Message.StillThere m -> head(to, Kind.STILL_THERE, m).putInt(m.log());
      case Message.GatewaySays m -> {
        head(to, Kind.GATEWAY_SAYS, m);
        flag(to, m.alive());
      }
      case Message.Inquire m -> head(to, Kind.INQUIRE, m).putInt(m.log());
      case Message.Waits m -> head(to, Kind.WAITS, m).putInt(m.log());
    }
  }

  private static ByteWriter head(ByteWriter to, Kind kind, Message message) {
    choice(to, kind);
    return to.putLong(message.txn());
  }

  /// @throws RuntimeException for bytes that are no message
  public static Message decode(ByteReader from) {
    Kind kind = choice(from, KINDS);
    long txn = from.getLong();
    return switch (kind) {
      case TO_SHARD ->
          new Message.ToShard(
              txn, from.getInt(), from.getLong(), from.getInt(), RequestCodec.decode(from, txn));
      case FROM_SHARD ->
          new Message.FromShard(
              txn, from.getInt(), from.getLong(), from.getInt(), ReplyCodec.decode(from));
      case END_AT_SHARD -> new Message.EndAtShard(txn, from.getInt());
      case CANCEL_AT_SHARD -> new Message.CancelAtShard(txn, from.getInt(), from.getInt());
      case PREPARE ->
          new Message.Prepare(
              txn,
              from.getInt(),
              list(
                  from,
                  in ->
                      new Message.ShardState(in.getInt(), in.getLong(), in.getInt(), in.getInt())),
              from.getInt(),
              list(from, ByteReader::getInt),
              flag(from));
      case PREPARED -> new Message.Prepared(txn, from.getInt(), flag(from));
      case DECIDE -> new Message.Decide(txn, from.getLong());
      case DECISION -> new Message.Decision(txn, from.getLong());
      case RESOLVE -> new Message.Resolve(txn, from.getLong());
      case RESOLVED -> new Message.Resolved(txn, from.getInt());
      case STILL_THERE -> new Message.StillThere(txn, from.getInt());
      case GATEWAY_SAYS -> new Message.GatewaySays(txn, flag(from));
      case INQUIRE -> new Message.Inquire(txn, from.getInt());
      case WAITS -> new Message.Waits(txn, from.getInt());
    };
  }
}
