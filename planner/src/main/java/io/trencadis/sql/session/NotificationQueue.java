package io.trencadis.sql.session;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.base.Timestamp;
import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.RowCursor;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What transactions of all nodes of a cluster notify, as rows of a system relation.
///
/// A transaction writes its messages with the rest of what it writes, under a lock that all who
/// notify take right before they commit (as PostgreSQL 15 does, `async.c`), and with a timestamp
/// issued under that lock for a key. So keys grow in the order of commits, and whoever has read at
/// a snapshot up to some key has seen all that is before it: a node with listeners reads on from
/// where it was, some times a second, and misses nothing as long as it comes by before the rows are
/// removed. Thread-safe.
final class NotificationQueue {
  private static final System.Logger LOG = System.getLogger(NotificationQueue.class.getName());

  private static final RelationRef ROWS =
      new RelationRef(SessionRelations.NOTIFICATIONS, 0, "notifications");

  private static final int SHARD = SessionLocks.SHARD;

  private static final long POLL_MILLIS = 100;

  /// A node that reads nothing for so long has no sessions any more that could hear of it.
  private static final long KEPT_MILLIS = 60_000;

  private static final long CLEAN_NANOS = 20_000_000_000L;
  private static final int CLEAN_ROWS = 1_000;

  private final Gateway gateway;
  private final Outside outside;
  private final Notifications listeners;

  // Guarded by this object's monitor.
  private byte[] last;
  private boolean following;
  private long cleaned;

  NotificationQueue(Gateway gateway, Outside outside, Notifications listeners) {
    this.gateway = gateway;
    this.outside = outside;
    this.listeners = listeners;
  }

  private static byte[] firstKey() {
    return new KeyWriter().relation(ROWS.relationId()).toByteArray();
  }

  private static byte[] key(long timestamp, int number) {
    return new KeyWriter()
        .relation(ROWS.relationId())
        .putLong(timestamp)
        .putInt(number)
        .toByteArray();
  }

  // ---- who notifies

  /// Adds messages to what a transaction commits; the last that it does before.
  void write(Transaction store, int databaseOid, List<Notification> messages) {
    store.lockAndGetNewest(SHARD, ROWS, firstKey(), RowLock.UPDATE, LockWait.WAIT);
    long timestamp = gateway.currentTimestamp();
    List<Mutation> rows = new ArrayList<>();
    for (Notification message : messages) {
      byte[] row =
          new ByteWriter()
              .putInt(databaseOid)
              .putInt(message.processId())
              .putInt(message.channel().length())
              .putUtf8(message.channel() + message.payload())
              .toByteArray();
      rows.add(new Mutation.Put(key(timestamp, rows.size()), row, true));
    }
    store.mutate(SHARD, ROWS, rows);
  }

  // ---- who listens

  /// From now on this node reads what is notified. Before the LISTEN that wants it commits.
  void follow() {
    synchronized (this) {
      if (following) {
        return;
      }
      read(false);
      following = true;
    }
    later();
  }

  private void later() {
    outside
        .timers()
        .after(POLL_MILLIS, () -> Thread.ofVirtual().name("notifications").start(this::goOn));
  }

  private void goOn() {
    synchronized (this) {
      if (!listeners.any()) {
        following = false;
        last = null;
        return;
      }
    }
    deliver();
    later();
  }

  /// Hands on all that was committed before the call; if it cannot be read now, a later call does.
  synchronized void deliver() {
    try {
      if (following) {
        read(true);
      }
    } catch (SqlException | StatementRestartException unreachable) {
      LOG.log(System.Logger.Level.DEBUG, "notifications cannot be read now", unreachable);
    }
  }

  private void read(boolean hand) {
    byte[] from = last == null ? firstKey() : Arrays.copyOf(last, last.length + 1);
    Map<Integer, List<Notification>> byDatabase = new LinkedHashMap<>();
    Transaction reader = gateway.begin(IsolationLevel.REPEATABLE_READ, true, WaitPolicy.PATIENT);
    try {
      reader.beginStatement();
      byte[] reached = last;
      try (RowCursor rows = reader.scan(SHARD, ROWS, from, null, false)) {
        while (rows.next()) {
          reached = rows.key();
          if (hand) {
            ByteReader row = new ByteReader(rows.value());
            int database = row.getInt();
            int processId = row.getInt();
            int channel = row.getInt();
            String text = row.getUtf8(row.remaining());
            byDatabase
                .computeIfAbsent(database, _ -> new ArrayList<>())
                .add(
                    new Notification(
                        processId, text.substring(0, channel), text.substring(channel)));
          }
        }
      }
      reader.commit();
      last = reached == null ? null : reached.clone();
    } finally {
      reader.rollback();
    }
    byDatabase.forEach(listeners::send);
    cleanIfDue();
  }

  /// To be called now and then by whoever notifies, too: there may be no listeners.
  synchronized void cleanIfDue() {
    long now = outside.clock().nanoTime();
    if (cleaned != 0 && now - cleaned < CLEAN_NANOS) {
      return;
    }
    cleaned = now;
    Thread.ofVirtual().name("notifications").start(this::clean);
  }

  private void clean() {
    Transaction store = gateway.begin(IsolationLevel.READ_COMMITTED, false, WaitPolicy.PATIENT);
    try {
      store.beginStatement();
      long before = store.readTimestamp() - Timestamp.ofMillis(KEPT_MILLIS);
      List<Mutation> gone = new ArrayList<>();
      try (RowCursor rows = store.scan(SHARD, ROWS, firstKey(), key(before, 0), false)) {
        while (gone.size() < CLEAN_ROWS && rows.next()) {
          gone.add(new Mutation.Delete(rows.key().clone(), false));
        }
      }
      if (!gone.isEmpty()) {
        store.mutate(SHARD, ROWS, gone);
      }
      store.commit();
    } catch (SqlException | StatementRestartException another) {
      // Another node cleans, or the next time.
      store.rollback();
    }
  }
}
