package io.trencadis.sql.session;

import io.trencadis.base.SqlState;
import io.trencadis.sharding.SessionLocks;
import io.trencadis.txn.LockWait;

/// Advisory locks of a session of this node.
final class SessionAdvisoryLocks implements AdvisoryLocks {
  private final LocalSession session;

  SessionAdvisoryLocks(LocalSession session) {
    this.session = session;
  }

  private SessionLocks.Name name(Call call) {
    return new SessionLocks.Name(
        session.database().oid(), call.high(), call.low(), call.pair() ? 2 : 1);
  }

  @Override
  public boolean lock(Call call, boolean transaction, boolean wait) {
    TransactionControl transactions = session.transactions();
    if (!transaction) {
      // Run again, it would count twice.
      session.replay().impossible();
    }
    return transactions
        .locks()
        .lock(
            transactions.transaction(true).id(),
            name(call),
            call.shared(),
            transaction,
            wait ? LockWait.WAIT : LockWait.NOWAIT,
            session.interrupts());
  }

  @Override
  public boolean unlock(Call call) {
    session.replay().impossible();
    boolean held =
        session.transactions().locks().unlock(name(call), call.shared(), session.interrupts());
    if (!held) {
      session.notice(
          Notice.warning(
              SqlState.WARNING,
              "you don't own a lock of type " + (call.shared() ? "ShareLock" : "ExclusiveLock")));
    }
    return held;
  }

  @Override
  public void unlockAll() {
    session.replay().impossible();
    session.transactions().locks().unlockAll();
  }
}
