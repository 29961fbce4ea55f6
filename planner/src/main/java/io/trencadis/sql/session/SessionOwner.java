package io.trencadis.sql.session;

import io.trencadis.sharding.SessionLocks;

/// By what a session is known to the shards' lock tables.
///
/// @param running its transaction's id; 0 for none
/// @param writes whether that has written something
/// @param locks the id of its advisory locks; 0 for none
record SessionOwner(int processId, long running, boolean writes, long locks) {
  static SessionOwner of(LocalSession session) {
    TransactionControl control = session.transactions();
    SessionLocks locks = control.locksIfAny();
    long running = control.runningId();
    return new SessionOwner(
        session.processId(),
        running,
        running != 0 && control.runningWrites(),
        locks == null ? 0 : locks.id());
  }
}
