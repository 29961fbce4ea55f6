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

  /// Whether a reply may fail to come, for as long as the shard has no leader that can be reached.
  default boolean mayBeSilent() {
    return false;
  }

  /// Waits for the reply that is owed no longer: it does not come any more, and whatever follows is
  /// answered with [io.trencadis.txn.message.Reply.Refused]. The transaction cannot commit what it
  /// has done there. Only where [#mayBeSilent].
  default void abandon() {
    throw new IllegalStateException("a reply comes");
  }
}
