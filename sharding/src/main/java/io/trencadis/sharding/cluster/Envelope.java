package io.trencadis.sharding.cluster;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.txn.codec.MessageCodec;
import io.trencadis.txn.codec.WaitCodec;
import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.lock.WaitGraph;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;
import java.util.List;

/// What is around the messages of transactions between nodes: whom at the node they are for.
final class Envelope {
  enum Kind {
    TO_SHARD,
    TO_GATEWAY,
    QUESTION,
    ANSWER,
    ALIVE,
    WAITS,
    BREAK
  }

  private static final Kind[] KINDS = Kind.values();

  private Envelope() {}

  private static ByteWriter begin(Kind kind) {
    return new ByteWriter(128).putByte(kind.ordinal());
  }

  static Kind kind(ByteReader in) {
    return KINDS[in.getByte()];
  }

  /// @param fromLog -1 from a gateway
  static byte[] toShard(int shard, int fromLog, Message message) {
    ByteWriter out = begin(Kind.TO_SHARD).putInt(shard).putInt(fromLog);
    MessageCodec.encode(out, message);
    return out.toByteArray();
  }

  static byte[] toGateway(Message message) {
    ByteWriter out = begin(Kind.TO_GATEWAY);
    MessageCodec.encode(out, message);
    return out.toByteArray();
  }

  static Message message(ByteReader in) {
    return MessageCodec.decode(in);
  }

  static byte[] question(int shard, TimestampQuestion question) {
    return begin(Kind.QUESTION)
        .putInt(shard)
        .putLong(question.about())
        .putInt(question.attempt())
        .putLong(question.askerTs())
        .toByteArray();
  }

  static TimestampQuestion question(ByteReader in) {
    return new TimestampQuestion(in.getLong(), in.getInt(), in.getLong());
  }

  static byte[] answer(int shard, TimestampAnswer answer) {
    return begin(Kind.ANSWER)
        .putInt(shard)
        .putLong(answer.about())
        .putInt(answer.attempt())
        .putLong(answer.askerTs())
        .putLong(answer.commitTs())
        .toByteArray();
  }

  static TimestampAnswer answer(ByteReader in) {
    return new TimestampAnswer(in.getLong(), in.getInt(), in.getLong(), in.getLong());
  }

  static byte[] waits(List<WaitGraph.Wait> waits) {
    ByteWriter out = begin(Kind.WAITS);
    WaitCodec.encode(out, waits);
    return out.toByteArray();
  }

  static byte[] breakDeadlock(int shard, Request.BreakDeadlock request) {
    ByteWriter out = begin(Kind.BREAK).putInt(shard);
    WaitCodec.encode(out, request);
    return out.toByteArray();
  }

  static byte[] alive(Heartbeats.Heartbeat beat) {
    ByteWriter out = begin(Kind.ALIVE);
    beat.write(out);
    return out.toByteArray();
  }
}
