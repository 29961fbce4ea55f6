package io.trencadis.txn.participant;

import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampQuestion;

/// What a participant's step sends out besides replies. Called within the step: whoever runs the
/// machine delivers after it.
public interface ShardOutbox {
  /// To the coordinator of a transaction that is prepared at `fromShard`.
  void ask(int fromShard, TimestampQuestion question);

  /// To another shard of the node, of which a transaction has been chosen to break a circle.
  void toShard(int shard, Request request);
}
