package io.trencadis.sql.session;

import io.trencadis.base.Clock;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.SessionLocks;
import io.trencadis.sharding.SessionRelations;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.storage.encoding.KeyWriter;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.StatementRestartException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// The advisory locks that one session of a cluster holds for longer than a transaction (rule 20 of
/// `docs/transactions.md`). Confined to the session's thread.
///
/// Who holds such a lock stands in a row, so that no change of a leader takes it away, with the
/// incarnation of the session's node: when that one is gone, so is the lock. The row is written
/// under the lock of the same name that lasts as long as a transaction, which keeps the two kinds
/// apart. Whoever finds a session in his way looks again some times a second.
final class ClusterAdvisoryLocks {
  /// The names as keys without rows: locks that last as long as a transaction.
  static final RelationRef KEYS = new RelationRef(SessionLocks.RELATION, 0, "advisory locks");

  private static final RelationRef ROWS =
      new RelationRef(SessionRelations.LOCK_HOLDERS, 0, "holders of advisory locks");

  private static final int SHARD = SessionLocks.SHARD;
  private static final long FIRST_PAUSE_NANOS = 5_000_000;
  private static final long LONGEST_PAUSE_NANOS = 100_000_000;

  private record Held(SessionLocks.Name name, boolean shared) {}

  private final Gateway gateway;
  private final Clock clock;
  private final int processId;
  private final Map<Held, Integer> held = new LinkedHashMap<>();

  ClusterAdvisoryLocks(Gateway gateway, Clock clock, int processId) {
    this.gateway = gateway;
    this.clock = clock;
    this.processId = processId;
  }

  private static byte[] row(SessionLocks.Name name) {
    return new KeyWriter()
        .relation(ROWS.relationId())
        .putInt(name.database())
        .putInt(name.high())
        .putInt(name.low())
        .putInt(name.space())
        .toByteArray();
  }

  private AdvisoryHolders.Holder self(boolean shared) {
    return new AdvisoryHolders.Holder(gateway.incarnation(), processId, shared);
  }

  static RowLock mode(boolean shared) {
    return shared ? RowLock.SHARE : RowLock.UPDATE;
  }

  // ---- locking

  /// Locks, and counts.
  ///
  /// @return false if it is not free and was not to be waited for
  /// @throws SqlException 55P03 past `lock_timeout`, and what the policy throws
  boolean lock(SessionLocks.Name name, boolean shared, boolean wait, WaitPolicy policy) {
    Held lock = new Held(name, shared);
    if (!held.containsKey(lock)) {
      if (!acquire(name, shared, wait, policy)) {
        return false;
      }
    }
    held.merge(lock, 1, Integer::sum);
    return true;
  }

  private boolean acquire(SessionLocks.Name name, boolean shared, boolean wait, WaitPolicy policy) {
    Pauses pauses = new Pauses(policy);
    while (!tryOnce(name, shared, wait, policy)) {
      if (!wait) {
        return false;
      }
      pauses.next();
    }
    return true;
  }

  private boolean tryOnce(SessionLocks.Name name, boolean shared, boolean wait, WaitPolicy policy) {
    AdvisoryHolders.Holder self = self(shared);
    Transaction store = gateway.begin(IsolationLevel.READ_COMMITTED, false, policy);
    try {
      store.beginStatement();
      store.lockAndGetNewest(
          SHARD, KEYS, name.key(), mode(shared), wait ? LockWait.WAIT : LockWait.NOWAIT);
      AdvisoryHolders holders = lockRow(store, name).without(gateway::isGone);
      if (holders.areInTheWayOf(self)) {
        return false;
      }
      write(store, name, holders.without(self).with(self));
      store.commit();
      return true;
    } catch (StatementRestartException again) {
      return false;
    } catch (SqlException failure) {
      if (!wait && failure.state() == SqlState.LOCK_NOT_AVAILABLE
          || wait && failure.state() == SqlState.SERIALIZATION_FAILURE) {
        return false;
      }
      throw failure;
    } finally {
      store.rollback();
    }
  }

  private static AdvisoryHolders lockRow(Transaction store, SessionLocks.Name name) {
    return AdvisoryHolders.read(
        store.lockAndGetNewest(SHARD, ROWS, row(name), RowLock.UPDATE, LockWait.WAIT));
  }

  private static void write(Transaction store, SessionLocks.Name name, AdvisoryHolders holders) {
    byte[] row = holders.toRow();
    store.mutate(
        SHARD,
        ROWS,
        List.of(
            row == null
                ? new Mutation.Delete(row(name), false)
                : new Mutation.Put(row(name), row, false)));
  }

  /// Waits until no other session holds a name, or says that one does. Whoever asks has locked the
  /// name for his transaction, so no session can get it meanwhile.
  ///
  /// @return false if one does and was not to be waited for
  boolean awaitSessions(SessionLocks.Name name, boolean shared, boolean wait, WaitPolicy policy) {
    Pauses pauses = new Pauses(policy);
    while (read(name, policy).without(gateway::isGone).areInTheWayOf(self(shared))) {
      if (!wait) {
        return false;
      }
      pauses.next();
    }
    return true;
  }

  private AdvisoryHolders read(SessionLocks.Name name, WaitPolicy policy) {
    Transaction reader = gateway.begin(IsolationLevel.READ_COMMITTED, true, policy);
    try {
      reader.beginStatement();
      AdvisoryHolders holders = AdvisoryHolders.read(reader.get(SHARD, ROWS, row(name)));
      reader.commit();
      return holders;
    } finally {
      reader.rollback();
    }
  }

  // ---- unlocking

  /// Takes back one [#lock].
  ///
  /// @return false if there is none, or it was lost with this node's incarnation
  boolean unlock(SessionLocks.Name name, boolean shared, WaitPolicy policy) {
    Held lock = new Held(name, shared);
    Integer count = held.get(lock);
    if (count == null) {
      return false;
    }
    if (count > 1) {
      held.put(lock, count - 1);
      return true;
    }
    boolean was = release(lock, policy);
    held.remove(lock);
    return was;
  }

  /// Takes back all.
  void unlockAll(WaitPolicy policy) {
    for (Held lock : List.copyOf(held.keySet())) {
      release(lock, policy);
      held.remove(lock);
    }
  }

  /// The session is over; nobody waits for that.
  void close() {
    if (!held.isEmpty()) {
      Thread.ofVirtual()
          .name("advisory locks")
          .start(
              () -> {
                try {
                  unlockAll(WaitPolicy.PATIENT);
                } catch (SqlException stops) {
                  // The node ends, and with it this incarnation.
                }
              });
    }
  }

  private boolean release(Held lock, WaitPolicy policy) {
    Pauses pauses = new Pauses(policy);
    while (true) {
      Transaction store = gateway.begin(IsolationLevel.READ_COMMITTED, false, policy);
      try {
        store.beginStatement();
        AdvisoryHolders holders = lockRow(store, lock.name);
        AdvisoryHolders.Holder self = self(lock.shared);
        boolean was = holders.holders().contains(self);
        if (was) {
          write(store, lock.name, holders.without(self));
        }
        store.commit();
        return was;
      } catch (StatementRestartException again) {
        pauses.next();
      } catch (SqlException failure) {
        if (failure.state() != SqlState.SERIALIZATION_FAILURE) {
          throw failure;
        }
        pauses.next();
      } finally {
        store.rollback();
      }
    }
  }

  /// Between one look and the next: longer each time, up to a limit, and no longer in all than the
  /// policy has patience.
  private final class Pauses {
    private final WaitPolicy policy;
    private final long begun = clock.nanoTime();
    private long pause = FIRST_PAUSE_NANOS;

    Pauses(WaitPolicy policy) {
      this.policy = policy;
    }

    void next() {
      policy.checkInterrupts();
      long timeout = policy.lockTimeoutMillis() * 1_000_000;
      long passed = clock.nanoTime() - begun;
      if (timeout > 0 && passed >= timeout) {
        throw new SqlException(
            SqlState.LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout");
      }
      policy.waits(true);
      try {
        LockSupport.parkNanos(this, timeout > 0 ? Math.min(pause, timeout - passed) : pause);
      } finally {
        policy.waits(false);
      }
      if (Thread.interrupted()) {
        policy.checkInterrupts();
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
  }
}
