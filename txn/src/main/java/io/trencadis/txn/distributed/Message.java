package io.trencadis.txn.distributed;

import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import java.util.List;

/// What travels between nodes for a transaction over several logs. Any message may be late, lost,
/// or come twice.
public sealed interface Message {
  /// A commit timestamp that stands for an abort.
  long ABORTED = 0;

  long txn();

  /// A gateway's request for a shard.
  ///
  /// @param term the shard's term, as it named itself with its first reply; 0 before that
  /// @param number counts the transaction's messages to this shard from 1; negative for a read by a
  ///   transaction that has done nothing at the shard, which any leader may answer, at any time
  record ToShard(long txn, int shard, long term, int number, Request request) implements Message {}

  /// The reply to a numbered request.
  ///
  /// @param term the shard's
  /// @param reply [Reply.Refused] where the request does not fit what the shard knows
  record FromShard(long txn, int shard, long term, int number, Reply reply) implements Message {}

  /// The transaction is over for this shard, where it has prepared nothing. Not answered.
  record EndAtShard(long txn, int shard) implements Message {}

  /// A request of the transaction at a shard is to wait no longer; it is answered then, with
  /// [Reply.Cancelled] or what came just before. Not answered itself.
  ///
  /// @param number the request's, so that a late copy of this ends no other one
  record CancelAtShard(long txn, int shard, int number) implements Message {}

  /// What the gateway believes of a shard that was written.
  ///
  /// @param number the last message it sent there
  /// @param requests how many of them had an effect
  record ShardState(int shard, long term, int number, int requests) {}

  /// Prepare what was written at a log's shards.
  ///
  /// @param anchor the log that will have the decision
  /// @param logs all logs that were written; one alone needs no record before its decision
  /// @param mayWait whether it waits where something that was written was read by a transaction
  ///   that is prepared by name, for as long as that takes; else it is refused there
  record Prepare(
      long txn, int log, List<ShardState> shards, int anchor, List<Integer> logs, boolean mayWait)
      implements Message {}

  /// A log's answer to [Prepare].
  ///
  /// @param prepared whether the writes will survive
  record Prepared(long txn, int log, boolean prepared) implements Message {}

  /// A log's answer to [Prepare] when that is said again: it waits, for as long as it takes, for a
  /// transaction that is prepared by name.
  record Waits(long txn, int log) implements Message {}

  /// Commit, if nothing was decided before: for the anchor.
  record Decide(long txn, long commitTs) implements Message {}

  /// What the anchor's log says, durably.
  ///
  /// @param commitTs [#ABORTED] for an abort
  record Decision(long txn, long commitTs) implements Message {}

  /// What was decided: for a log that prepared.
  record Resolve(long txn, long commitTs) implements Message {}

  /// A log has resolved, durably: for the anchor.
  record Resolved(long txn, int log) implements Message {}

  /// A log has an old prepare, and asks its gateway whether it is still at it.
  record StillThere(long txn, int log) implements Message {}

  /// The gateway's answer to [StillThere].
  ///
  /// @param alive whether the transaction is
  record GatewaySays(long txn, boolean alive) implements Message {}

  /// A log has an old prepare whose gateway is silent or has forgotten it, and asks the anchor: it
  /// decides now, if it had not.
  record Inquire(long txn, int log) implements Message {}
}
