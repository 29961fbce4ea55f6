package io.trencadis.txn.coordinator;

import io.trencadis.txn.TxnRecord;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;

/// What a coordinator's step wants done. Called within the step: whoever runs the machine does it
/// after.
public interface Effects {
  /// Sends a request to a shard; its reply, if it has one, goes to [Coordinator#on].
  void send(int shard, Request request);

  /// Asks the oracle; what it issues goes to [Coordinator#timestamp].
  void askTimestamp();

  /// Logs the decision, or another record of the transaction; [Coordinator#decided] is called once
  /// it is durable, or [Coordinator#refused] if the log does not take it.
  void decide(TxnRecord record);

  /// Answers a shard's question.
  void answer(int shard, TimestampAnswer answer);
}
