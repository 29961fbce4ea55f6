package io.trencadis.txn;

/// What to do when a lock is not free.
public enum LockWait {
  /// Queue for it; `lock_timeout` limits how long.
  WAIT,
  /// Fail with 55P03.
  NOWAIT,
  /// Leave the row out. It then does not join the read set. Relation locks have no such mode.
  SKIP_LOCKED
}
