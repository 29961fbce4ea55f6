package io.trencadis.sql.catalog;

import io.trencadis.sharding.Transaction;
import io.trencadis.storage.encoding.KeyWriter;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.StatementRestartException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Keeps the catalog: as rows of a system relation on the first shard, written by the transactions
/// that run DDL, and as pictures in memory, one for each version that a running transaction may
/// still need.
///
/// Which picture a transaction plans with is decided by its read timestamp. Between a DDL
/// transaction's commit timestamp and the moment its picture is here, askers wait: [#at] never
/// gives a picture older than the timestamp asked for. (Rule 13 of the transaction protocol, in its
/// form for one process.)
///
/// Thread-safe.
public final class CatalogStore {
  /// The shard that holds the catalog's rows.
  public static final int META_SHARD = 0;

  private static final RelationRef DESCRIPTORS = new RelationRef(1, 0, "system descriptors");
  private static final int FIRST_RELATION_ID = 16;
  private static final int KEPT_VERSIONS = 256;

  private record Version(long timestamp, Catalog catalog) {}

  private final AtomicInteger nextOid = new AtomicInteger(Catalog.FIRST_NORMAL_OID);
  private final AtomicInteger nextRelationId = new AtomicInteger(FIRST_RELATION_ID);
  private final AtomicLong nextPrivateVersion = new AtomicLong(-1);
  private volatile List<Version> versions;
  private volatile boolean publishing;

  /// @param initial what a new data directory has
  public CatalogStore(Catalog initial) {
    versions = List.of(new Version(0, initial));
  }

  /// The newest picture.
  public Catalog latest() {
    return versions.getLast().catalog;
  }

  /// The picture that was valid at a timestamp.
  public Catalog at(long timestamp) {
    if (publishing) {
      waitForPublication();
    }
    List<Version> all = versions;
    for (int i = all.size() - 1; i > 0; i--) {
      if (all.get(i).timestamp <= timestamp) {
        return all.get(i).catalog;
      }
    }
    return all.getFirst().catalog;
  }

  private synchronized void waitForPublication() {
    // Entering the monitor was the wait: whoever publishes holds it until the picture is in place.
  }

  /// An oid that no object has had.
  public int newOid() {
    return nextOid.getAndIncrement();
  }

  /// A key prefix that no relation has had.
  public int newRelationId() {
    return nextRelationId.getAndIncrement();
  }

  /// A version number for a transaction's private picture.
  public long newPrivateVersion() {
    return nextPrivateVersion.getAndDecrement();
  }

  /// Makes the transaction the only one that changes the catalog until it ends, and makes sure that
  /// it sees the newest picture.
  ///
  /// @throws StatementRestartException where another DDL committed after the transaction's snapshot
  public void lock(Transaction transaction) {
    transaction.lockRelation(
        DESCRIPTORS, new int[] {META_SHARD}, RelationLock.EXCLUSIVE, LockWait.WAIT);
    List<Version> all = versions;
    if (all.getLast().timestamp > transaction.readTimestamp()) {
      throw new StatementRestartException();
    }
  }

  /// Writes changed descriptors; null removes one. The transaction must hold the [#lock].
  public void write(Transaction transaction, Map<Integer, Descriptor> changes) {
    List<Mutation> ops = new ArrayList<>();
    changes.forEach(
        (oid, descriptor) -> {
          byte[] key = new KeyWriter().relation(DESCRIPTORS.relationId()).putInt(oid).toByteArray();
          ops.add(
              descriptor == null
                  ? new Mutation.Delete(key)
                  : new Mutation.Put(key, DescriptorCodec.encode(descriptor)));
        });
    transaction.mutate(META_SHARD, DESCRIPTORS, ops);
  }

  /// Commits a transaction that changed the catalog, and publishes what it changed.
  public synchronized void commit(Transaction transaction, Map<Integer, Descriptor> changes) {
    publishing = true;
    try {
      transaction.commit();
      long timestamp = transaction.report().commitTimestamp();
      List<Version> all = new ArrayList<>(versions);
      all.add(new Version(timestamp, latest().changed(changes, timestamp)));
      if (all.size() > KEPT_VERSIONS) {
        all.removeFirst();
      }
      versions = List.copyOf(all);
    } finally {
      publishing = false;
    }
  }
}
