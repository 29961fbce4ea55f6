package io.trencadis.txn.lock;

/// A place in the queue for one lock. The lock table's user keeps it while it waits.
public final class Waiter {
  final LockEntry entry;
  final long txn;
  final int mode;
  final int conflictMask;
  final long waitNumber;
  final Object owner;

  Waiter(LockEntry entry, long txn, int mode, int conflictMask, long waitNumber, Object owner) {
    this.entry = entry;
    this.txn = txn;
    this.mode = mode;
    this.conflictMask = conflictMask;
    this.waitNumber = waitNumber;
    this.owner = owner;
  }

  public long txn() {
    return txn;
  }

  /// Tells this wait from every other of the shard, so that a late verdict on an earlier one harms
  /// nobody.
  public long waitNumber() {
    return waitNumber;
  }

  /// What was given to the request: whatever the user needs to go on.
  public Object owner() {
    return owner;
  }
}
