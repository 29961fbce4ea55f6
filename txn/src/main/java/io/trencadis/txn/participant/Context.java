package io.trencadis.txn.participant;

import io.trencadis.storage.Write;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunDirectory;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.lock.LockSet;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/// What one transaction has done at this shard: its locks, and its writes until they are installed
/// or dropped.
///
/// Invariant: while `prepared` or `hold` is set, the writes do not change.
final class Context {
  final long txn;
  final LockSet locks = new LockSet();

  /// Null until something is written: most contexts at most shards hold locks or nothing.
  private OwnWrites writes;

  /// Requests with an effect that were applied.
  int requests;

  /// The marks, while the transaction is prepared.
  Prepared prepared;

  /// What it holds, if it is prepared by name or about to be.
  Hold hold;

  /// What it has written, while it is on its way to be kept as a row, and `writes` is that row;
  /// else null.
  private OwnWrites aside;

  /// Whom it ends with its own end; null unless it is COMMIT or ROLLBACK PREPARED.
  Hold ends;

  /// Whether its writes are installed and its locks free already, although its record may not be
  /// durable yet.
  boolean released;

  boolean wroteSchema;

  /// Whether it has written so much that writing stands for locking.
  boolean large;

  /// What [LargeWrites] has counted of it.
  long countedBytes;

  private int lockedRelation;
  private RelationLock lockedMode;

  Context(long txn) {
    this.txn = txn;
  }

  boolean hasWrites() {
    return writes != null && !writes.isEmpty();
  }

  /// Whether own writes may lie in `[from, to)`.
  boolean mayHaveWritten(byte[] from, byte[] to) {
    return hasWrites() && writes.mayBeIn(from, to);
  }

  OwnWrite write(byte[] key) {
    return writes == null ? null : writes.get(key);
  }

  /// The newest own write of a key; null where there is none, or none that is at hand.
  OwnWrite inMemory(byte[] key) {
    return writes == null || !writes.runs().isEmpty() ? null : writes.get(key);
  }

  /// Empty or all own writes.
  OwnWrites writes() {
    if (writes == null) {
      writes = new OwnWrites();
    }
    return writes;
  }

  /// From now on it has written a row that stands for all that it has written, and nothing else.
  void becomeRow(byte[] key, byte[] value) {
    aside = writes();
    writes = new OwnWrites();
    writes.put(key, value, 0, false);
  }

  boolean isOnItsWayToARow() {
    return aside != null;
  }

  /// The row is installed: what it stands for is what is written again.
  void isARow() {
    writes = aside;
    aside = null;
  }

  /// What is written here, as marks.
  MarkedKeys writtenKeys() {
    return hasWrites()
        ? new MarkedKeys(writes.inMemory().keySet().toArray(byte[][]::new), writes.runs())
        : MarkedKeys.NONE;
  }

  /// What is in memory and will be installed, in key order; it does not change any more.
  Collection<? extends Write> installs() {
    return hasWrites() ? Collections.unmodifiableCollection(writes.inMemory().values()) : List.of();
  }

  /// Oldest first; empty unless the transaction is large.
  List<Run> runs() {
    return writes == null ? List.of() : writes.runs();
  }

  void undoFrom(int mark, RunDirectory directory) {
    if (writes != null) {
      writes.undoFrom(mark, directory);
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
