package io.trencadis.txn.distributed;

import io.trencadis.txn.MutationResult;
import io.trencadis.txn.Rule;
import io.trencadis.txn.Rules;
import io.trencadis.txn.message.Reply;

/// Where a replicated log's leader has to prove that it leads, so that nobody is answered by one
/// that was deposed without having heard of it.
///
/// A proof is a round to a majority, obtained after the message arrived. Two things spare one:
/// - **A record is a proof.** What is answered when a record of the leader's term is durable was
///   proven by that record: in this term there was no other leader up to then.
/// - **The end proves what came before it.** A transaction that has done something at a shard, in a
///   term, commits only if that very term is found again at its end, by a prepare record or by a
///   validation (rules 7 and 16). All that it was told there before was told by the rightful leader
///   then, and what it was told by another one never commits. So replies that let it go on wait for
///   no round of their own. Those that may end it, errors above all, do: nothing that follows would
///   prove them.
///
/// Static functions; thread-safe.
public final class Proof {
  private Proof() {}

  /// Whether a message may be carried out only after a proof. Whether its answer needs one is the
  /// matter of [#isNeededToSend].
  ///
  /// @param branches of the leader that has got the message
  public static boolean isNeededToTake(Message message, Branches branches) {
    return branches.rules().has(Rule.LEADERS_PROVE) && isUnproven(message, branches);
  }

  private static boolean isUnproven(Message message, Branches branches) {
    return switch (message) {
      // Reads that leave nothing behind at the shard are not proven by their transaction's end.
      case Message.ToShard request -> isRead(request);
      // Answered with a record, or by one that is there, or with a refusal, which says nothing
      // about what others know.
      case Message.Prepare _ -> false;
      // Who does not know the transaction may not know any more than that.
      case Message.Decide _ -> !branches.holds(message.txn());
      // To whoever was deposed, an anchor that has forgotten a commit says that it was aborted, as
      // all have resolved it; reads that wait there would miss what it has written.
      case Message.Resolve resolve ->
          (resolve.commitTs() == Message.ABORTED) == branches.holds(message.txn());
      case Message.Inquire _ -> true;
      // What only lets go, or is answered by nobody.
      case Message.EndAtShard _,
          Message.CancelAtShard _,
          Message.Resolved _,
          Message.GatewaySays _ ->
          false;
      case Message.FromShard _,
          Message.Prepared _,
          Message.Waits _,
          Message.Decision _,
          Message.StillThere _ ->
          throw new IllegalArgumentException("not for a log: " + message);
    };
  }

  /// Whether it is a read by a transaction that has done nothing at the shard.
  public static boolean isRead(Message.ToShard request) {
    return request.number() < 0;
  }

  /// Whether a message to a gateway may leave only after a proof that was asked for when it was
  /// made.
  public static boolean isNeededToSend(Message message, Rules rules) {
    return rules.has(Rule.LEADERS_PROVE)
        && message instanceof Message.FromShard answer
        && answer.number() > 0
        && !letsGoOn(answer.reply());
  }

  private static boolean letsGoOn(Reply reply) {
    return switch (reply) {
      case Reply.Row _,
          Reply.Rows _,
          Reply.Ranges _,
          Reply.Done _,
          Reply.Changed _,
          Reply.Skipped _ ->
          true;
      case Reply.Mutated mutated -> mutated.results().stream().allMatch(MutationResult::applied);
      case Reply.Restart _,
          Reply.Unavailable _,
          Reply.After _,
          Reply.WouldBlock _,
          Reply.Cancelled _,
          Reply.Deadlock _,
          Reply.SchemaChanged _,
          Reply.Failed _,
          Reply.Prepared _,
          Reply.Held _,
          Reply.Refused _,
          Reply.Valid _,
          Reply.Conflict _ ->
          false;
    };
  }
}
