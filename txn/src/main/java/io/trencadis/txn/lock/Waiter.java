package io.trencadis.txn.lock;

/// A place in the queue for one lock. The lock table's user keeps it while it waits.
public final class Waiter {
  final LockEntry entry;
  final long txn;

  /// The transaction that stands still because of this; `txn` itself unless that is a session.
  final long stalled;

  final int mode;
  final int conflictMask;
  final long waitNumber;
  final Object owner;

  Waiter(
      LockEntry entry,
      long txn,
      long stalled,
      int mode,
      int conflictMask,
      long waitNumber,
      Object owner) {
    this.entry = entry;
    this.txn = txn;
    this.stalled = stalled;
    this.mode = mode;
    this.conflictMask = conflictMask;
    this.waitNumber = waitNumber;
    this.owner = owner;
  }

  /// Whose the lock will be: a transaction, or a session.
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
