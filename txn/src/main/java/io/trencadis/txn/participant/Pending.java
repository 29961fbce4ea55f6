package io.trencadis.txn.participant;

import io.trencadis.txn.MutationResult;
import io.trencadis.txn.lock.Waiter;
import io.trencadis.txn.message.ReplyTo;
import io.trencadis.txn.message.Request;
import java.util.ArrayList;
import java.util.List;

/// A request on its way through the machine, and why it waits. It is run again from its start when
/// its wait is over; what it has already got, it gets again at once, and a mutation goes on with
/// the op it had come to.
final class Pending {
  final Request request;
  final ReplyTo replyTo;

  /// The place in a lock's queue, if it waits for a lock.
  Waiter waiter;

  /// The marks it met, if it waits for their timestamp or their fate, and the timestamp that makes
  /// it ask.
  Prepared doubt;

  long doubtTs;

  /// Who holds what it would change, if it waits for a transaction that is prepared by name.
  Hold hold;

  int nextOp;

  /// Up to where the log has to be durable before anybody outside learns of the reply; 0 for
  /// nowhere.
  long after;

  /// The highest timestamp of whom it comes after.
  long afterTs;

  private List<MutationResult> results;

  Pending(Request request, ReplyTo replyTo) {
    this.request = request;
    this.replyTo = replyTo;
  }

  List<MutationResult> results(int ops) {
    if (results == null) {
      results = new ArrayList<>(ops);
    }
    return results;
  }
}
