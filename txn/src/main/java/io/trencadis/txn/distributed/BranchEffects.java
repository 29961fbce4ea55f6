package io.trencadis.txn.distributed;

import io.trencadis.txn.lock.HeldLock;
import io.trencadis.txn.message.Request;
import java.util.List;

/// What a step of [Branches] wants done. Called within the step; the host does it at once, or in
/// the same order after it.
public interface BranchEffects {
  /// The position of a record that is not durable yet.
  long NOT_KNOWN = 0;

  /// Has a shard carry out a request; its reply goes to [Branches#ran].
  void run(Message.ToShard message);

  /// Has a shard end the wait of a transaction's request; what it replies goes to [Branches#ran].
  void endWait(long txn, int shard);

  /// Has a shard mark what a transaction wrote; its reply goes to [Branches#marked].
  void mark(int shard, Request.Prepare request);

  /// What a transaction holds at a shard.
  List<HeldLock> locks(long txn, int shard);

  /// Gives a shard back what a transaction had prepared there in an earlier life.
  void restore(long txn, BranchRecord.Part part);

  /// It has committed: installs what it wrote at a shard.
  ///
  /// @param position where the record that says so ends; [#NOT_KNOWN] if it is only appended: then
  ///   another life may install the same again
  void commit(long txn, int shard, long commitTs, long position);

  /// It has ended at a shard, with nothing to install.
  void abort(long txn, int shard);

  /// Appends a record; [Branches#durable] is called once it would survive.
  void append(BranchRecord record);

  /// To the gateway that has the transaction.
  void toGateway(Message message);

  void toLog(int log, Message message);

  /// Calls [Branches#wake] some time later: seconds, not milliseconds.
  void later(long txn);
}
