package io.trencadis.txn.participant;

import io.trencadis.storage.ShardStore;
import io.trencadis.storage.Version;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunDirectory;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.lock.LockTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// A shard's *large* transactions: those that have written many rows here. What they write is
/// locked by having been written; it has no entry in the lock table until somebody else asks for
/// it. And when it is too much for memory it moves to runs.
///
/// Single-threaded: the shard's machine calls it.
final class LargeContexts {
  /// Who has written more rows is large.
  private static final int LARGE_COUNT = 1024;

  private final int shard;
  private final ShardStore store;
  private final LockTable locks;
  private final HighestRow highestRow;

  /// Null where writes stay in memory.
  private final LargeWrites writes;

  private final List<Context> contexts = new ArrayList<>(0);

  LargeContexts(int shard, ShardStore store, LockTable locks, LargeWrites writes) {
    this.shard = shard;
    this.store = store;
    this.locks = locks;
    this.writes = writes;
    this.highestRow = new HighestRow(store);
  }

  /// Where runs are; null if there can be none.
  RunDirectory runs() {
    return writes == null ? null : writes.directory();
  }

  /// If a large transaction has written the key, its lock is to be seen in the lock table from now
  /// on, where others can queue for it.
  void showLock(Context asker, byte[] key) {
    for (int i = 0; i < contexts.size(); i++) {
      Context holder = contexts.get(i);
      OwnWrite written = holder == asker ? null : holder.writes().get(key);
      if (written != null) {
        RowLock mode = written.keepsKey() ? RowLock.NO_KEY_UPDATE : RowLock.UPDATE;
        locks.lockRow(holder.txn, holder.locks, key, mode, written.mark, null);
      }
    }
  }

  /// All that the transaction has in memory and locked by writing is to be seen in the lock table.
  void showLocks(Context context) {
    if (context.large) {
      for (OwnWrite write : context.writes().inMemory().values()) {
        RowLock mode = write.keepsKey() ? RowLock.NO_KEY_UPDATE : RowLock.UPDATE;
        locks.lockRow(context.txn, context.locks, write.key(), mode, write.mark, null);
      }
    }
  }

  /// Whether the transaction may write the key without an entry in the lock table.
  boolean needsNoEntry(Context context, byte[] key) {
    if (!context.large || !locks.isFree(key)) {
      return false;
    }
    for (int i = 0; i < contexts.size(); i++) {
      Context other = contexts.get(i);
      if (other != context && other.writes().get(key) != null) {
        return false;
      }
    }
    return true;
  }

  /// The newest version of a key that a transaction is about to insert, or null.
  Version newest(Context context, byte[] key) {
    return context.large && highestRow.isBelow(key) ? null : store.latest(key);
  }

  /// To be called after writes.
  ///
  /// @throws io.trencadis.base.SqlException 53100, 58030: the writes stay in memory
  void wrote(Context context) {
    if (context.writes().count() > LARGE_COUNT) {
      enter(context);
    }
    if (writes != null && writes.tooLarge(context)) {
      moveToRun(context);
    }
  }

  /// Moves the transaction's writes to a run, and lets go of the locks that the run stands for.
  ///
  /// @throws io.trencadis.base.SqlException 53100, 58030: then nothing has changed
  void moveToRun(Context context) {
    Predicate<byte[]> moved =
        context
            .writes()
            .spill(writes.directory(), shard, key -> locks.holds(context.txn, key, RowLock.UPDATE));
    writes.moved(context);
    enter(context);
    locks.releaseCovered(context.txn, context.locks, moved);
  }

  /// A transaction that is prepared had written this to runs in an earlier life.
  void restore(Context context, List<Run> runs) {
    if (!runs.isEmpty()) {
      context.writes().restore(runs);
      enter(context);
    }
  }

  private void enter(Context context) {
    if (!context.large) {
      context.large = true;
      contexts.add(context);
    }
  }

  /// The transaction's writes have been installed or dropped.
  void ended(Context context) {
    if (context.large) {
      contexts.remove(context);
    }
    if (writes != null) {
      writes.moved(context);
    }
    highestRow.forget();
  }
}
