package io.trencadis.sql.catalog;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.storage.Keys;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.ShardStore;
import io.trencadis.storage.encoding.KeyWriter;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.StatementRestartException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

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

  /// Where the counters stand in that relation: no object has this oid.
  private static final int COUNTERS = 0;

  private static final int FIRST_RELATION_ID = 16;
  private static final int KEPT_VERSIONS = 256;

  private record Version(long timestamp, Catalog catalog) {}

  private final AtomicInteger nextOid = new AtomicInteger(Catalog.FIRST_NORMAL_OID);
  private final AtomicInteger nextRelationId = new AtomicInteger(FIRST_RELATION_ID);
  private final AtomicLong nextPrivateVersion = new AtomicLong(-1);
  private volatile List<Version> versions;
  private volatile boolean publishing;

  private final Gateway gateway;

  /// Every change of the catalog at or below this timestamp is in the pictures.
  private volatile long complete;

  private CatalogStore(Gateway gateway, long timestamp, Catalog catalog) {
    this.gateway = gateway;
    versions = List.of(new Version(timestamp, catalog));
  }

  /// Reads the catalog, or writes the first one into a store that has none.
  ///
  /// @param initial what a new data directory has
  public static CatalogStore open(Gateway gateway, Supplier<List<? extends Descriptor>> initial) {
    while (true) {
      try {
        return tryToOpen(gateway, initial);
      } catch (SqlException e) {
        if (!gateway.isShared() || !e.state().retryable()) {
          throw e;
        }
        // Another node was faster to write the first one, or a shard has changed its leader.
      } catch (StatementRestartException again) {
        // Likewise.
      }
    }
  }

  private static CatalogStore tryToOpen(
      Gateway gateway, Supplier<List<? extends Descriptor>> initial) {
    Transaction transaction = gateway.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
    try {
      transaction.beginStatement();
      byte[] start = Keys.relationStart(DESCRIPTORS.relationId());
      byte[] end = Keys.relationEnd(DESCRIPTORS.relationId());
      List<Descriptor> found = new ArrayList<>();
      ByteReader counters = null;
      try (RowCursor rows = transaction.scan(META_SHARD, DESCRIPTORS, start, end, false)) {
        while (rows.next()) {
          if (Arrays.equals(rows.key(), key(COUNTERS))) {
            counters = new ByteReader(rows.value());
          } else {
            found.add(DescriptorCodec.decode(rows.value()));
          }
        }
      }
      CatalogStore store;
      if (counters == null) {
        List<? extends Descriptor> first = initial.get();
        store = new CatalogStore(gateway, 0, Catalog.of(1, first));
        Map<Integer, Descriptor> changes = new LinkedHashMap<>();
        first.forEach(descriptor -> changes.put(descriptor.oid(), descriptor));
        store.write(transaction, changes);
      } else {
        store = new CatalogStore(gateway, 0, Catalog.of(transaction.readTimestamp(), found));
        store.nextOid.set(counters.getInt());
        store.nextRelationId.set(counters.getInt());
      }
      long complete = transaction.readTimestamp();
      transaction.commit();
      store.complete = counters == null ? transaction.report().commitTimestamp() : complete;
      return store;
    } catch (RuntimeException | Error e) {
      transaction.rollback();
      throw e;
    }
  }

  /// Reads the catalog straight from its shard, without a transaction.
  ///
  /// @param metaShard the data of the shard numbered [#META_SHARD]
  /// @return null where no server has written one yet
  public static Catalog read(ShardStore metaShard, long timestamp) {
    byte[] start = Keys.relationStart(DESCRIPTORS.relationId());
    byte[] end = Keys.relationEnd(DESCRIPTORS.relationId());
    List<Descriptor> found = new ArrayList<>();
    RowScan rows = metaShard.scan(start, end, timestamp, false);
    boolean written = false;
    while (rows.next()) {
      if (Arrays.equals(rows.key(), key(COUNTERS))) {
        written = true;
      } else {
        found.add(DescriptorCodec.decode(rows.value()));
      }
    }
    return written ? Catalog.of(timestamp, found) : null;
  }

  private static byte[] key(int oid) {
    return new KeyWriter().relation(DESCRIPTORS.relationId()).putInt(oid).toByteArray();
  }

  /// The newest picture.
  public Catalog latest() {
    refresh();
    return versions.getLast().catalog;
  }

  /// The picture that was valid at a timestamp.
  public Catalog at(long timestamp) {
    refresh();
    if (publishing) {
      waitForPublication();
    }
    List<Version> all = versions;
    Catalog found = find(all, timestamp);
    return found != null ? found : all.getFirst().catalog;
  }

  /// Null if the picture is no longer here.
  private static Catalog find(List<Version> all, long timestamp) {
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).timestamp <= timestamp) {
        return all.get(i).catalog;
      }
    }
    return null;
  }

  /// The picture that a transaction sees which reads the past.
  public Catalog at(Transaction past) {
    long timestamp = past.readTimestamp();
    refresh();
    if (publishing) {
      waitForPublication();
    }
    Catalog known = find(versions, timestamp);
    if (known != null) {
      return known;
    }
    List<Descriptor> found = new ArrayList<>();
    byte[] start = Keys.relationStart(DESCRIPTORS.relationId());
    byte[] end = Keys.relationEnd(DESCRIPTORS.relationId());
    try (RowCursor rows = past.scan(META_SHARD, DESCRIPTORS, start, end, false)) {
      while (rows.next()) {
        if (!Arrays.equals(rows.key(), key(COUNTERS))) {
          found.add(DescriptorCodec.decode(rows.value()));
        }
      }
    }
    return Catalog.of(newPrivateVersion(), found);
  }

  /// Takes over what other nodes have changed. Whoever has a timestamp knows by it whether they
  /// have (rule 13); what is still being decided is waited for by reading.
  private void refresh() {
    if (gateway.catalogTimestamp() > complete) {
      readAgain();
    }
  }

  private synchronized void readAgain() {
    while (gateway.catalogTimestamp() > complete) {
      Transaction reader = gateway.begin(IsolationLevel.SERIALIZABLE, true, WaitPolicy.PATIENT);
      try {
        reader.beginStatement();
        reader.readTimestamp();
        long changed = gateway.catalogTimestamp();
        List<Descriptor> found = new ArrayList<>();
        byte[] start = Keys.relationStart(DESCRIPTORS.relationId());
        byte[] end = Keys.relationEnd(DESCRIPTORS.relationId());
        try (RowCursor rows = reader.scan(META_SHARD, DESCRIPTORS, start, end, false)) {
          while (rows.next()) {
            if (Arrays.equals(rows.key(), key(COUNTERS))) {
              ByteReader counters = new ByteReader(rows.value());
              nextOid.accumulateAndGet(counters.getInt(), Math::max);
              nextRelationId.accumulateAndGet(counters.getInt(), Math::max);
            } else {
              found.add(DescriptorCodec.decode(rows.value()));
            }
          }
        }
        // A change may have got its timestamp while this was read; then it is read once more.
        long until = Math.min(changed, reader.readTimestamp());
        publish(new Version(until, Catalog.of(until, found)));
        complete = Math.max(complete, until);
      } finally {
        reader.rollback();
      }
    }
  }

  private void publish(Version version) {
    List<Version> all = new ArrayList<>(versions);
    all.add(version);
    if (all.size() > KEPT_VERSIONS) {
      all.removeFirst();
    }
    versions = List.copyOf(all);
  }

  private synchronized void waitForPublication() {
    // Entering the monitor was the wait: whoever publishes holds it until the picture is in place.
  }

  /// Of relations that have committed rows, those that no picture has which is valid at `horizon`
  /// or later.
  public synchronized Set<Integer> unreachable(Set<Integer> stored, long horizon) {
    // In the monitor: whatever has committed rows is in a picture by now, if it is in any.
    Set<Integer> left = new HashSet<>(stored);
    left.removeIf(id -> id < FIRST_RELATION_ID);
    List<Version> all = versions;
    for (int i = all.size() - 1; i >= 0 && !left.isEmpty(); i--) {
      for (TableDescriptor table : all.get(i).catalog.all(TableDescriptor.class)) {
        left.remove(table.relationId());
        table.indexes().forEach(index -> left.remove(index.relationId()));
        if (table.relocation() != null) {
          left.remove(table.relocation().relationId());
          table.relocation().indexes().forEach(index -> left.remove(index.relationId()));
        }
      }
      if (all.get(i).timestamp <= horizon) {
        return left;
      }
    }
    // The pictures do not reach back so far.
    return Set.of();
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
    if (gateway.isShared()) {
      // Whoever held the lock before may be at another node, and unknown here yet.
      gateway.currentTimestamp();
      refresh();
    }
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
          ops.add(
              descriptor == null
                  ? new Mutation.Delete(key(oid))
                  : new Mutation.Put(key(oid), DescriptorCodec.encode(descriptor)));
        });
    // Relation ids must never come again while rows of an earlier owner may be about.
    ops.add(
        new Mutation.Put(
            key(COUNTERS),
            new ByteWriter(8).putInt(nextOid.get()).putInt(nextRelationId.get()).toByteArray()));
    transaction.changesCatalog();
    transaction.mutate(META_SHARD, DESCRIPTORS, ops);
  }

  /// Commits a transaction that changed the catalog, and publishes what it changed.
  public synchronized void commit(Transaction transaction, Map<Integer, Descriptor> changes) {
    publishing = true;
    try {
      transaction.commit();
      long timestamp = transaction.report().commitTimestamp();
      publish(new Version(timestamp, versions.getLast().catalog.changed(changes, timestamp)));
      complete = Math.max(complete, timestamp);
    } finally {
      publishing = false;
    }
  }
}
