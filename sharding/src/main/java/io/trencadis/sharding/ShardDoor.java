package io.trencadis.sharding;

import io.trencadis.txn.message.ReplyTo;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.participant.Snapshots;

/// The way from a transaction to a shard, here or at another node.
interface ShardDoor {
  /// Runs the request, or has it run. Requests of one thread are run in their order.
  void submit(Request request, ReplyTo replyTo);

  /// Reads that need no step of the shard's machine; null where they would have to leave the
  /// process.
  Snapshots snapshots();
}
