package io.trencadis.txn.participant;

import io.trencadis.storage.Keys;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.lock.LockSet;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What one transaction has done at this shard: its locks, and its writes until they are installed
/// or dropped.
///
/// Invariants: `writes` maps each written key to its newest own write; `log` has every own write in
/// order, with marks that only grow; while `prepared` or `hold` is set, neither changes.
final class Context {
  final long txn;
  final LockSet locks = new LockSet();

  /// Null until something is written: most contexts at most shards hold locks or nothing.
  private TreeMap<byte[], OwnWrite> writes;

  private List<OwnWrite> log;

  /// Requests with an effect that were applied.
  int requests;

  /// The marks, while the transaction is prepared.
  Prepared prepared;

  /// What it holds, if it is prepared by name or about to be.
  Hold hold;

  boolean wroteSchema;

  private int lockedRelation;
  private RelationLock lockedMode;

  Context(long txn) {
    this.txn = txn;
  }

  boolean hasWrites() {
    return writes != null && !writes.isEmpty();
  }

  OwnWrite write(byte[] key) {
    return writes == null ? null : writes.get(key);
  }

  /// Empty or all own writes by key.
  TreeMap<byte[], OwnWrite> writes() {
    if (writes == null) {
      writes = new TreeMap<>(Keys.ORDER);
      log = new ArrayList<>();
    }
    return writes;
  }

  /// The written keys, in order.
  byte[][] writtenKeys() {
    return hasWrites() ? writes.keySet().toArray(byte[][]::new) : new byte[0][];
  }

  void put(byte[] key, byte[] value, int mark) {
    TreeMap<byte[], OwnWrite> map = writes();
    OwnWrite fresh = new OwnWrite(key, value, null, mark);
    OwnWrite existing = map.putIfAbsent(key, fresh);
    if (existing == null) {
      log.add(fresh);
    } else if (existing.mark == mark) {
      // No savepoint, statement or scan lies between the two: nobody can ask for the earlier one.
      existing.overwrite(value);
    } else {
      OwnWrite covering = new OwnWrite(existing.key(), value, existing, mark);
      map.put(existing.key(), covering);
      log.add(covering);
    }
  }

  int logSize() {
    return log == null ? 0 : log.size();
  }

  void undoFrom(int mark) {
    if (log == null) {
      return;
    }
    while (!log.isEmpty() && log.getLast().mark >= mark) {
      OwnWrite write = log.removeLast();
      if (write.covered == null) {
        writes.remove(write.key());
      } else {
        writes.put(write.key(), write.covered);
      }
    }
  }

  /// Whether the last relation lock noted covers this one: spares the lock table's lookup for each
  /// row.
  boolean holdsRelation(int relationId, RelationLock mode) {
    return lockedMode != null && lockedRelation == relationId && lockedMode.covers(mode);
  }

  void noteRelation(int relationId, RelationLock mode) {
    if (!holdsRelation(relationId, mode)) {
      lockedRelation = relationId;
      lockedMode = mode;
    }
  }

  void forgetRelation() {
    lockedMode = null;
  }
}
