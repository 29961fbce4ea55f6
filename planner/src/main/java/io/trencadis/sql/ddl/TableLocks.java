package io.trencadis.sql.ddl;

import io.trencadis.sharding.Transaction;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.StoredIndex;
import io.trencadis.sql.execute.StoredRows;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Locks of whole tables, at every shard that holds a part of them.
public final class TableLocks {
  private final Supplier<Catalog> catalog;

  public TableLocks(Supplier<Catalog> catalog) {
    this.catalog = catalog;
  }

  /// Locks a table with its partitions and those that inherit from it, in order to make others of
  /// their rows or to look at all of them: what was committed until then is seen.
  public void lock(Transaction store, TableDescriptor table, RelationLock mode, LockWait wait) {
    lock(store, table, mode, wait, false);
  }

  /// @param only whether those that inherit from the table are left out
  public void lock(
      Transaction store, TableDescriptor table, RelationLock mode, LockWait wait, boolean only) {
    List<StoredTable> held = hold(store, table, mode, wait, only);
    if (!held.isEmpty() && !store.catchUp()) {
      for (StoredTable stored : held) {
        store.requireUnchanged(stored.relation(), stored.placement().holders());
      }
    }
  }

  /// Locks the same, and leaves the snapshot as it is.
  ///
  /// @return what is locked
  public List<StoredTable> hold(
      Transaction store, TableDescriptor table, RelationLock mode, LockWait wait, boolean only) {
    List<StoredTable> held = new ArrayList<>();
    for (TableDescriptor leaf :
        only && table.kind() == 'r' ? List.of(table) : leaves(catalog.get(), table)) {
      StoredTable stored = new StoredTable(leaf);
      store.lockRelation(stored.relation(), stored.placement().holders(), mode, wait);
      held.add(stored);
    }
    return held;
  }

  /// The stored tables behind a table: itself with those that inherit from it, or its partitions at
  /// all levels. None for a view.
  static List<TableDescriptor> leaves(Catalog catalog, TableDescriptor table) {
    return catalog.family(table);
  }

  /// Has whoever still means relations that tables do not have any more, because their rows are
  /// somewhere else now or the tables are gone, find that out: he may have waited for a table's
  /// lock with a plan from before. To be called when the transaction itself reads them no more.
  ///
  /// @param before the catalog without the transaction's changes
  /// @param changes by oid; null for what is dropped
  public static void retire(Transaction store, Catalog before, Map<Integer, Descriptor> changes) {
    changes.forEach(
        (oid, after) -> {
          if (before.byOid(oid) instanceof TableDescriptor table) {
            Set<Integer> kept =
                after instanceof TableDescriptor changed ? relations(changed) : Set.of();
            retire(store, table, kept);
          }
        });
  }

  private static void retire(Transaction store, TableDescriptor before, Set<Integer> kept) {
    if (before.placement() == null || kept.containsAll(relations(before))) {
      return;
    }
    // Not by a stored table: the types of its columns may be gone with it.
    retire(store, before.placement(), before.relationId(), before.version(), kept);
    for (IndexDescriptor index : before.indexes()) {
      retire(store, index.placement(), index.relationId(), before.version(), kept);
    }
  }

  private static void retire(
      Transaction store,
      PlacementDescriptor placement,
      int relationId,
      long version,
      Set<Integer> kept) {
    if (!kept.contains(relationId)) {
      publish(store, StoredRows.holders(placement), relationId, version + 1);
    }
  }

  private static Set<Integer> relations(TableDescriptor table) {
    Set<Integer> ids = new HashSet<>();
    ids.add(table.relationId());
    table.indexes().forEach(index -> ids.add(index.relationId()));
    return ids;
  }

  private static void publish(Transaction store, int[] shards, int relationId, long version) {
    for (int shard : shards) {
      store.setSchemaVersion(shard, relationId, version);
    }
  }

  /// Writes the table's schema version at every shard that holds it or one of its indexes, or is to
  /// do so.
  public static void publishVersion(Transaction store, TableDescriptor table) {
    if (table.placement() == null) {
      return;
    }
    StoredTable stored = new StoredTable(table);
    publish(store, stored.placement().holders(), table.relationId(), table.version());
    for (StoredIndex index : stored.indexes()) {
      int relation = index.descriptor().relationId();
      publish(store, index.placement().shards(), relation, table.version());
    }
    if (table.relocation() != null) {
      publishVersion(store, table.relocated());
    }
  }
}
