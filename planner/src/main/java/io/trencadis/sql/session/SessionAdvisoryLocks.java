package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.SessionLocks;
import io.trencadis.sharding.Transaction;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;

/// Advisory locks of a session of this node.
///
/// Where there are other nodes, the transaction itself holds those that last as long as it: they
/// are in its part of the commit, which fails if whoever keeps them has lost them. Those that last
/// as long as the session are not there yet: nothing would tell the session that they are lost.
final class SessionAdvisoryLocks implements AdvisoryLocks {
  private static final RelationRef KEYS =
      new RelationRef(SessionLocks.RELATION, 0, "advisory locks");

  private final LocalSession session;

  SessionAdvisoryLocks(LocalSession session) {
    this.session = session;
  }

  private SessionLocks.Name name(Call call) {
    return new SessionLocks.Name(
        session.database().oid(), call.high(), call.low(), call.pair() ? 2 : 1);
  }

  private boolean shared() {
    return session.engine().gateway().isShared();
  }

  /// @return whether it is held now
  private boolean lockInTransaction(Call call, boolean wait) {
    Transaction store = session.transactions().transaction(true);
    if (store.readOnly()) {
      throw SqlException.notSupported("advisory locks of a read-only transaction in a cluster");
    }
    SessionLocks.Name name = name(call);
    try {
      store.lockAndGetNewest(
          SessionLocks.SHARD,
          KEYS,
          name.key(),
          call.shared() ? RowLock.SHARE : RowLock.UPDATE,
          wait ? LockWait.WAIT : LockWait.NOWAIT);
      return true;
    } catch (SqlException taken) {
      if (!wait && taken.state() == SqlState.LOCK_NOT_AVAILABLE) {
        return false;
      }
      throw taken;
    }
  }

  @Override
  public boolean lock(Call call, boolean transaction, boolean wait) {
    TransactionControl transactions = session.transactions();
    if (shared()) {
      if (transaction) {
        return lockInTransaction(call, wait);
      }
      throw SqlException.notSupported("advisory locks of a session in a cluster")
          .hint("Use pg_advisory_xact_lock, whose lock lasts as long as the transaction.");
    }
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
        !shared()
            && session
                .transactions()
                .locks()
                .unlock(name(call), call.shared(), session.interrupts());
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
    if (!shared()) {
      session.transactions().locks().unlockAll();
    }
  }
}
