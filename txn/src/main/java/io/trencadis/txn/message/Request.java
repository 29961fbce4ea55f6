package io.trencadis.txn.message;

import io.trencadis.txn.GlobalName;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.lock.Wanted;
import java.util.List;

/// From a transaction's gateway to a shard. A transaction has at most one request that may wait at
/// a shard at a time.
///
/// `mayWait` false asks for [Reply.WouldBlock] instead of a wait. `mark` is the point in the
/// transaction that a write or lock belongs to; marks only grow.
public sealed interface Request {
  long txn();

  /// Whether somebody is told how it has ended; what others carry out for the transaction, after it
  /// or between its requests, is not answered.
  default boolean isAnswered() {
    return switch (this) {
      case UnlockForSession _,
          CancelWait _,
          BreakDeadlock _,
          Settle _,
          Release _,
          Unprepare _,
          Commit _,
          Abort _ ->
          false;
      case Get _,
          Scan _,
          ReadAll _,
          LockRow _,
          Mutate _,
          LockRelation _,
          LockForSession _,
          SetSchema _,
          Undo _,
          Prepare _,
          Hold _,
          FinishHeld _,
          Validate _ ->
          true;
    };
  }

  /// Reads one row at `readTs`; own writes come first.
  record Get(long txn, RelationRef rel, byte[] key, long readTs, boolean mayWait)
      implements Request {}

  /// Reads up to `limit` rows of `[from, to)` at `readTs`, with own writes made before `ownBefore`.
  record Scan(
      long txn,
      RelationRef rel,
      byte[] from,
      byte[] to,
      boolean reverse,
      long readTs,
      int ownBefore,
      int limit,
      boolean mayWait)
      implements Request {}

  /// Reads several keys and short ranges at `readTs`, with own writes made before `ownBefore`.
  ///
  /// @param tos where each range ends; null for one that is a key
  /// @param mostEach of a range that has more rows, they are not given
  record ReadAll(
      long txn,
      RelationRef rel,
      byte[][] froms,
      byte[][] tos,
      long readTs,
      int ownBefore,
      int mostEach,
      boolean mayWait)
      implements Request {}

  /// Locks a key, then reads it: at `readTs`, or with `newest` whatever is there.
  record LockRow(
      long txn,
      RelationRef rel,
      byte[] key,
      RowLock mode,
      LockWait lockWait,
      boolean newest,
      long readTs,
      int mark,
      boolean mayWait)
      implements Request {}

  /// Writes, in order.
  record Mutate(
      long txn, RelationRef rel, List<Mutation> ops, long readTs, int mark, boolean mayWait)
      implements Request {}

  /// Locks a relation at this shard.
  record LockRelation(
      long txn, int relationId, RelationLock mode, LockWait lockWait, int mark, boolean mayWait)
      implements Request {}

  /// Locks a key for a session. It is the session's until [UnlockForSession], whatever becomes of
  /// the transaction.
  ///
  /// @param txn the session's id, which no transaction has
  /// @param running the transaction that stands still while this waits
  record LockForSession(
      long txn, long running, byte[] key, RowLock mode, LockWait lockWait, boolean mayWait)
      implements Request {}

  /// Lets go of one mode of a session's lock. Not answered.
  record UnlockForSession(long txn, byte[] key, RowLock mode) implements Request {}

  /// Writes a relation's schema version.
  record SetSchema(long txn, int relationId, long version, int mark) implements Request {}

  /// Takes back the writes made at `fromMark` or later, and with `releaseLocks` the locks.
  record Undo(long txn, int fromMark, boolean releaseLocks) implements Request {}

  /// Ends the wait of the transaction's request, if it still waits; that request is then answered
  /// [Reply.Cancelled]. This one is not answered.
  record CancelWait(long txn) implements Request {}

  /// The graph has chosen this wait to break a circle; ends it with [Reply.Deadlock] if it is still
  /// the same one. Not answered.
  record BreakDeadlock(long txn, long waitNumber, List<Wanted.Wait> circle) implements Request {}

  /// Marks all keys written here. Waits where one of them was read by a transaction that is
  /// prepared by name.
  ///
  /// @param requests how many requests with an effect the transaction sent here: one missing and
  ///   the shard refuses
  /// @param attempt tells this commit from an earlier one that was taken back
  record Prepare(long txn, int requests, int attempt, boolean mayWait) implements Request {}

  /// Lets the transaction do nothing more here, and holds what it has read against whoever would
  /// change it: the first step of preparing it by name (rule 14). Sets no marks. Waits for others
  /// that are prepared by name and in its way; [Reply.Conflict] for anybody else who is.
  ///
  /// @param requests as for [Prepare]
  /// @param reads null for none
  /// @param as what the shard is to keep it as; null where the gateway's log keeps it, and is told
  ///   with the reply what it has here
  record Hold(long txn, int requests, ReadPart reads, HoldAs as) implements Request {}

  /// How a shard of a cluster is to keep a transaction that is prepared by name: it writes a
  /// [io.trencadis.txn.HeldRow] in its name, in the place of all that it has written, which is
  /// installed when another transaction ends it.
  ///
  /// @param shards all that hold something of it, the one that knows all names first
  /// @param most how many there may be at a time
  record HoldAs(GlobalName name, List<Integer> shards, int most) {}

  /// Ends a transaction that is kept as a row here, with the end of this one: writes what it has
  /// written, or nothing of it, and deletes the row. Waits until it is prepared; [Reply.Refused] if
  /// there is none.
  ///
  /// @param row the row's key
  record FinishHeld(long txn, byte[] row, boolean commit, int mark, boolean mayWait)
      implements Request {}

  /// The transaction is prepared by name, and its record durable: nothing but a client's word ends
  /// it. Not answered.
  record Settle(long txn) implements Request {}

  /// The transaction's record is in the log, and not durable yet: installs its writes and lets go
  /// of its locks, but keeps its marks (rule 6). Whoever locks one of its rows from now on is
  /// answered with [Reply.After]. Not answered; does nothing where that would help nobody, or is
  /// too much.
  ///
  /// @param position where the record ends in the log
  record Release(long txn, long commitTs, long position) implements Request {}

  /// Takes the marks back, but nothing else: the commit could not wait and will be tried again. Not
  /// answered.
  record Unprepare(long txn) implements Request {}

  /// Is what was read still current at `upTo`? That is: has nothing committed in `(after, upTo]`
  /// touched it?
  ///
  /// @param refresh whether the snapshot is to move there (rule 4), rather than the transaction to
  ///   commit there
  record Validate(long txn, ReadPart reads, long after, long upTo, boolean refresh, boolean mayWait)
      implements Request {}

  /// It has committed: installs its writes and drops marks and locks. Not answered.
  ///
  /// @param position where the decision ends in the log
  /// @param horizon the oldest snapshot that anybody still holds, as far as the gateway knows
  /// @param keepHorizon from where on rows are kept as they were, for those snapshots and for
  ///   whoever asks for the past; no higher than an oldest snapshot
  record Commit(long txn, long commitTs, long position, long horizon, long keepHorizon)
      implements Request {}

  /// It has ended without writes here: drops everything. Not answered.
  record Abort(long txn) implements Request {}
}
