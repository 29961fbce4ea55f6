package io.trencadis.sharding.replica;

import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampQuestion;

/// Where a shard's messages go. None of them waits; any may be lost. Thread-safe.
public interface ReplicaNetwork {
  /// To the gateway that has the message's transaction.
  void toGateway(Message message);

  /// From a log to whoever leads another one.
  void toLog(int fromLog, int log, Message message);

  /// To the gateway that has the transaction asked about.
  void ask(int fromShard, TimestampQuestion question);

  /// To a shard that this node leads.
  void toLocalShard(int shard, Request request);
}
