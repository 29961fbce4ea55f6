package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.SessionLocks;
import io.trencadis.sharding.Transaction;
import io.trencadis.txn.LockWait;
import java.util.HashSet;
import java.util.Set;

/// Advisory locks of a session of this node.
///
/// Where there are other nodes, the transaction itself holds those that last as long as it: they
/// are in its part of the commit, which fails if whoever keeps them has lost them. Those that last
/// as long as the session are [ClusterAdvisoryLocks].
final class SessionAdvisoryLocks implements AdvisoryLocks {
  private final LocalSession session;

  /// Null before the first one of a session in a cluster.
  private ClusterAdvisoryLocks cluster;

  /// What a transaction has locked: of the one with that id.
  private final Set<SessionLocks.Name> inTransaction = new HashSet<>();

  private long transactionId;

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
    int before = store.savepoint();
    try {
      store.lockAndGetNewest(
          SessionLocks.SHARD,
          ClusterAdvisoryLocks.KEYS,
          name.key(),
          ClusterAdvisoryLocks.mode(call.shared()),
          wait ? LockWait.WAIT : LockWait.NOWAIT);
      if (!cluster().awaitSessions(name, call.shared(), wait, session.interrupts())) {
        store.rollbackTo(before);
        return false;
      }
      store.release(before);
      namesOf(store.id()).add(name);
      return true;
    } catch (SqlException taken) {
      if (!wait && taken.state() == SqlState.LOCK_NOT_AVAILABLE) {
        return false;
      }
      throw taken;
    }
  }

  private ClusterAdvisoryLocks cluster() {
    if (cluster == null) {
      cluster =
          new ClusterAdvisoryLocks(
              session.engine().gateway(), session.engine().outside().clock(), session.processId());
    }
    return cluster;
  }

  private Set<SessionLocks.Name> namesOf(long transaction) {
    if (transactionId != transaction) {
      transactionId = transaction;
      inTransaction.clear();
    }
    return inTransaction;
  }

  private boolean lockInCluster(Call call, boolean wait) {
    SessionLocks.Name name = name(call);
    if (namesOf(session.transactions().runningId()).contains(name)) {
      throw SqlException.notSupported(
          "an advisory lock for the session of what its transaction has locked, in a cluster");
    }
    return cluster().lock(name, call.shared(), wait, session.interrupts());
  }

  @Override
  public boolean lock(Call call, boolean transaction, boolean wait) {
    TransactionControl transactions = session.transactions();
    if (shared()) {
      if (transaction) {
        return lockInTransaction(call, wait);
      }
      session.replay().impossible();
      return lockInCluster(call, wait);
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
        shared()
            ? cluster().unlock(name(call), call.shared(), session.interrupts())
            : session
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
    } else if (cluster != null) {
      cluster.unlockAll(session.interrupts());
    }
  }

  /// The session is over.
  void close() {
    if (cluster != null) {
      cluster.close();
    }
  }
}
