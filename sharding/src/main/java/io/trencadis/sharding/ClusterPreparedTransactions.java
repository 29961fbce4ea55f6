package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.Keys;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.HeldRow;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.codec.HeldRowCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// The transactions of a cluster that are prepared by name: rows of its shards ([HeldRow]), which
/// every node can read, and whose transactions every node can end. Nothing is kept here.
final class ClusterPreparedTransactions implements PreparedTransactions {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /// For how long an end that failed because a shard's leader changed is tried again.
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final ClusterGateway gateway;

  ClusterPreparedTransactions(ClusterGateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public List<View> list() {
    List<View> all = new ArrayList<>();
    Transaction reader = gateway.begin(IsolationLevel.READ_COMMITTED, true, WaitPolicy.PATIENT);
    try {
      reader.beginStatement();
      try (RowCursor rows =
          reader.scan(
              HeldRow.HOME,
              ClusterTransaction.HELD,
              Keys.relationStart(HeldRow.RELATION),
              Keys.relationEnd(HeldRow.RELATION),
              false)) {
        while (rows.next()) {
          HeldRow row = HeldRowCodec.decode(rows.value());
          all.add(new View(row.txn(), row.name()));
        }
      }
      reader.commit();
    } finally {
      reader.rollback();
    }
    all.sort(
        Comparator.comparingLong((View view) -> view.name().preparedMicros())
            .thenComparingLong(View::transaction));
    return all;
  }

  @Override
  public void prepare(Transaction transaction, GlobalName name, int most) {
    ((ClusterTransaction) transaction).hold(name, most);
  }

  @Override
  public void finish(String gid, boolean commit, Consumer<GlobalName> check) {
    long begun = gateway.outside().clock().nanoTime();
    boolean tried = false;
    while (true) {
      try {
        finishOnce(gid, commit, check);
        return;
      } catch (SqlException failure) {
        // It has happened nowhere. What it ends waits for whoever says so again: the client need
        // not. And what has it locked then may be the try before, until all shards know its end.
        boolean again =
            failure.state() == SqlState.SERIALIZATION_FAILURE
                || tried && failure.state() == SqlState.LOCK_NOT_AVAILABLE;
        if (!again || gateway.outside().clock().nanoTime() - begun > PATIENCE_NANOS) {
          throw failure.state() == SqlState.LOCK_NOT_AVAILABLE
              ? Failures.preparedIsBusy(gid)
              : failure;
        }
      }
      tried = true;
      LockSupport.parkNanos(this, PAUSE_NANOS);
    }
  }

  private void finishOnce(String gid, boolean commit, Consumer<GlobalName> check) {
    byte[] key = HeldRow.key(gid);
    ClusterTransaction ending =
        (ClusterTransaction)
            gateway.begin(IsolationLevel.READ_COMMITTED, false, WaitPolicy.PATIENT);
    try {
      ending.beginStatement();
      // A read of its own, which the leader proves: what it finds missing is missing.
      byte[] row = ending.get(HeldRow.HOME, ClusterTransaction.HELD, key);
      if (row != null) {
        row =
            ending.lockAndGetNewest(
                HeldRow.HOME, ClusterTransaction.HELD, key, RowLock.UPDATE, LockWait.NOWAIT);
      }
      if (row == null) {
        throw Failures.notPrepared(gid);
      }
      HeldRow held = HeldRowCodec.decode(row);
      check.accept(held.name());
      ending.finishHeld(key, held.name(), held.shards(), commit);
      ending.commit();
    } finally {
      ending.rollback();
    }
  }
}
