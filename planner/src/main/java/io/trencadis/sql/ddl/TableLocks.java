package io.trencadis.sql.ddl;

import io.trencadis.sharding.Transaction;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.StoredIndex;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.List;
import java.util.function.Supplier;

/// Locks of whole tables, at every shard that holds a part of them.
public final class TableLocks {
  private final Supplier<Catalog> catalog;

  public TableLocks(Supplier<Catalog> catalog) {
    this.catalog = catalog;
  }

  /// Locks a table with its partitions and those that inherit from it.
  public void lock(Transaction store, TableDescriptor table, RelationLock mode, LockWait wait) {
    lock(store, table, mode, wait, false);
  }

  /// @param only whether those that inherit from the table are left out
  public void lock(
      Transaction store, TableDescriptor table, RelationLock mode, LockWait wait, boolean only) {
    List<TableDescriptor> leaves =
        only && table.kind() == 'r' ? List.of(table) : leaves(catalog.get(), table);
    for (TableDescriptor leaf : leaves) {
      StoredTable stored = new StoredTable(leaf);
      store.lockRelation(stored.relation(), stored.placement().shards(), mode, wait);
    }
  }

  /// The stored tables behind a table: itself with those that inherit from it, or its partitions at
  /// all levels. None for a view.
  static List<TableDescriptor> leaves(Catalog catalog, TableDescriptor table) {
    return catalog.family(table);
  }

  /// Writes the table's schema version at every shard that holds it or one of its indexes.
  public static void publishVersion(Transaction store, TableDescriptor table) {
    if (table.placement() == null) {
      return;
    }
    StoredTable stored = new StoredTable(table);
    for (int shard : stored.placement().shards()) {
      store.setSchemaVersion(shard, table.relationId(), table.version());
    }
    for (StoredIndex index : stored.indexes()) {
      for (int shard : index.placement().shards()) {
        store.setSchemaVersion(shard, index.descriptor().relationId(), table.version());
      }
    }
  }
}
