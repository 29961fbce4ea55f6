package io.trencadis.txn.participant;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.Keys;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.ShardStore;
import io.trencadis.storage.Write;
import io.trencadis.txn.HeldRecord;
import io.trencadis.txn.HeldRow;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.Rule;
import io.trencadis.txn.Rules;
import io.trencadis.txn.codec.HeldRowCodec;
import io.trencadis.txn.lock.HeldLock;
import io.trencadis.txn.lock.LockReply;
import io.trencadis.txn.lock.LockTable;
import io.trencadis.txn.lock.Waiter;
import io.trencadis.txn.message.ReadPart;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/// A shard's transactions that are prepared by name, or on their way there (rule 14). Part of the
/// shard's machine.
///
/// Where transactions commit with one log, that log has what is prepared, and this is told of it.
/// In a cluster each shard keeps a row of it ([HeldRow]): PREPARE TRANSACTION is a commit that
/// writes those rows, and COMMIT PREPARED another one that deletes them and writes what they say.
///
/// Invariant: a settled one with a row is here as long as that row is in the store, whoever leads
/// the shard; only the commit that deletes the row ends it.
final class Holds {
  private final int shard;
  private final Rules rules;
  private final LockTable locks;
  private final Snapshots snapshots;
  private final LargeContexts large;
  private final Map<Long, Context> contexts;

  /// What is set free by an end is to be run again.
  private final Queue<Pending> runnable;

  private final List<Hold> holds = new ArrayList<>(0);

  Holds(
      int shard,
      Rules rules,
      LockTable locks,
      Snapshots snapshots,
      LargeContexts large,
      Map<Long, Context> contexts,
      Queue<Pending> runnable) {
    this.shard = shard;
    this.rules = rules;
    this.locks = locks;
    this.snapshots = snapshots;
    this.large = large;
    this.contexts = contexts;
    this.runnable = runnable;
  }

  boolean isEmpty() {
    return holds.isEmpty();
  }

  /// Who has read the key, which another wants to write; null for nobody.
  Hold readerOf(byte[] key, long txn) {
    if (!holds.isEmpty() && rules.has(Rule.HELD_READS_STAY)) {
      for (Hold hold : holds) {
        if (hold.txn != txn && hold.hasRead(key)) {
          return hold;
        }
      }
    }
    return null;
  }

  /// Who has read one of the keys that another has written, and now wants to mark: it wrote before
  /// that one came to hold what it had read. Null for nobody.
  Hold readerOfAny(MarkedKeys keys, Context writer) {
    if (writer.hold == null && rules.has(Rule.HELD_READS_STAY)) {
      for (Hold other : holds) {
        if (other != writer.ends && other.hasReadAnyOf(keys)) {
          return other;
        }
      }
    }
    return null;
  }

  /// Puts a request to wait for the end of one, or until it is settled.
  static Reply await(Pending pending, Hold hold, boolean mayWait) {
    if (!mayWait) {
      return Reply.WouldBlock.INSTANCE;
    }
    pending.hold = hold;
    hold.waiters.add(pending);
    return null;
  }

  // ---- preparing

  Reply hold(Pending pending, Request.Hold hold) {
    Context known = contexts.get(hold.txn());
    boolean whole = (known == null ? 0 : known.requests) == hold.requests();
    if (known != null && known.hold != null || !whole && rules.has(Rule.PREPARE_COUNTS_REQUESTS)) {
      return Reply.Refused.INSTANCE;
    }
    byte[] row = hold.as() == null ? null : HeldRow.key(hold.as().name().gid());
    Hold namesake = row == null ? null : find(row);
    boolean home = row != null && hold.as().shards().getFirst() == shard;
    if (namesake != null && !(home && namesake.settled)) {
      // Where all names are known: whether this one is taken is not decided yet. Elsewhere: it is
      // free there, so the other one's end is on its way.
      return await(pending, namesake, true);
    }
    Reply refused = home ? refusal(hold.as(), namesake) : null;
    if (refused != null) {
      return refused;
    }
    Context context = contexts.computeIfAbsent(hold.txn(), Context::new);
    if (!context.runs().isEmpty()) {
      return new Reply.Failed(
          SqlException.notSupported("PREPARE TRANSACTION of what is too large for memory"));
    }
    large.showLocks(context);
    MarkedKeys keys = context.writtenKeys();
    for (Hold other : holds) {
      if (other.hasReadAnyOf(keys) || other.hasWrittenAnyOf(hold.reads())) {
        // Two on their way to be held would wait for each other for ever.
        return other.settled ? await(pending, other, true) : Reply.Conflict.INSTANCE;
      }
    }
    if (hold.reads() != null && !holdReads(context, hold.reads())) {
      return Reply.Conflict.INSTANCE;
    }
    context.hold = new Hold(hold.txn(), row, keys, hold.reads());
    holds.add(context.hold);
    if (row == null) {
      return new Reply.Held(context.installs(), LockTable.held(context.locks));
    }
    HeldRecord.Part part =
        new HeldRecord.Part(
            shard,
            List.copyOf(context.installs()),
            LockTable.held(context.locks),
            context.hold.reads);
    context.becomeRow(
        row,
        HeldRowCodec.encode(new HeldRow(hold.txn(), hold.as().name(), hold.as().shards(), part)));
    return Reply.Done.INSTANCE;
  }

  /// Asked where all names are known; null if it may have its name.
  private Reply refusal(Request.HoldAs as, Hold namesake) {
    if (namesake != null) {
      return new Reply.Failed(
          new SqlException(
              SqlState.DUPLICATE_OBJECT, "the name of a prepared transaction is taken"));
    }
    return holds.size() < as.most()
        ? null
        : new Reply.Failed(
            new SqlException(
                SqlState.OUT_OF_MEMORY, "maximum number of prepared transactions reached"));
  }

  /// @return false if somebody has marked what was read, or changes its schema
  private boolean holdReads(Context context, ReadPart reads) {
    // Who has marked its writes waits for nobody, and may commit after this one validates.
    for (Prepared marks : snapshots.prepared()) {
      if (marks.txn != context.txn
          && marks.keys.touch(reads, rules.has(Rule.VALIDATE_RANGES), ChangeTest.ANY)) {
        return false;
      }
    }
    for (int relation : SchemaKeys.relations(reads)) {
      LockReply reply =
          locks.lockRelation(
              context.txn,
              context.locks,
              relation,
              RelationLock.ACCESS_SHARE,
              Integer.MAX_VALUE,
              null);
      if (!(reply instanceof LockReply.Granted)) {
        return false;
      }
    }
    return true;
  }

  /// Nothing but a client's word ends it from now on.
  void settle(Context context) {
    if (context != null && context.hold != null) {
      context.hold.settled = true;
      runWaiters(context.hold);
    }
  }

  private void runWaiters(Hold hold) {
    for (Pending pending : hold.waiters) {
      pending.hold = null;
      runnable.add(pending);
    }
    hold.waiters.clear();
  }

  /// It is over, one way or the other.
  void drop(Context context) {
    if (context.hold != null) {
      holds.remove(context.hold);
      runWaiters(context.hold);
    }
  }

  // ---- ending one that is kept as a row

  private Hold find(byte[] row) {
    for (Hold hold : holds) {
      if (Arrays.equals(hold.row, row)) {
        return hold;
      }
    }
    return null;
  }

  /// Whether only the commit that deletes its row ends it.
  static boolean isKept(Context context) {
    return context.hold != null && context.hold.settled && context.hold.row != null;
  }

  /// Who ends it has the row locked.
  Reply finish(Pending pending, Context context, Request.FinishHeld finish) {
    Hold held = find(finish.row());
    if (held == null) {
      return Reply.Refused.INSTANCE;
    }
    if (!held.settled) {
      // That it is prepared is decided, and this shard hears of it soon.
      return await(pending, held, finish.mayWait());
    }
    if (finish.commit()) {
      for (OwnWrite write : contexts.get(held.txn).writes().inMemory().values()) {
        context.writes().put(write.key(), write.value(), finish.mark(), write.keepsKey());
      }
    }
    context.writes().put(finish.row(), null, finish.mark(), false);
    context.ends = held;
    return Reply.Done.INSTANCE;
  }

  /// What a transaction holds here, and whoever it ends: that one's locks go with its own.
  List<HeldLock> locksOf(Context context) {
    large.showLocks(context);
    List<HeldLock> all = LockTable.held(context.locks);
    if (context.ends != null) {
      all = new ArrayList<>(all);
      all.addAll(LockTable.held(contexts.get(context.ends.txn).locks));
    }
    return all;
  }

  /// The commit that has deleted its row is installed.
  void ended(Hold held, List<Waiter> granted) {
    Context context = contexts.remove(held.txn);
    drop(context);
    large.ended(context);
    locks.releaseAll(context.txn, context.locks, granted);
  }

  // ---- lives

  /// Brings back what a store has the rows of.
  void restore(ShardStore store) {
    if (!rules.has(Rule.HELD_ROWS_HOLD)) {
      return;
    }
    RowScan rows =
        store.scan(
            Keys.relationStart(HeldRow.RELATION),
            Keys.relationEnd(HeldRow.RELATION),
            store.highestCommitTs(),
            false);
    while (rows.next()) {
      HeldRow row = HeldRowCodec.decode(rows.value());
      restore(row.txn(), row.part(), rows.key());
    }
  }

  /// @param row as in [Hold]
  void restore(long txn, HeldRecord.Part part, byte[] row) {
    Context context = contexts.computeIfAbsent(txn, Context::new);
    for (Write write : part.writes()) {
      context.writes().put(write.key(), write.value(), 0, false);
    }
    for (HeldLock lock : part.locks()) {
      locks.restore(txn, context.locks, lock);
    }
    context.hold = new Hold(txn, row, context.writtenKeys(), part.reads());
    context.hold.settled = true;
    holds.add(context.hold);
  }

  /// A transaction that was prepared in several logs had written this: a row in its own name, or an
  /// end of another's, belongs to what is here.
  ///
  /// @return false for an ordinary write
  boolean restorePrepared(Context context, Write write) {
    if (!HeldRow.isKey(write.key())) {
      return false;
    }
    if (write.value() == null) {
      context.ends = find(write.key());
      return false;
    }
    if (context.hold == null) {
      HeldRow row = HeldRowCodec.decode(write.value());
      restore(
          context.txn,
          new HeldRecord.Part(shard, row.part().writes(), List.of(), row.part().reads()),
          write.key());
    }
    // Also where the row is in the store already: that it is prepared will be said again.
    context.hold.settled = false;
    context.becomeRow(write.key(), write.value());
    return true;
  }
}
