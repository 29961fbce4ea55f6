package io.trencadis.sql.ddl;

import io.trencadis.sharding.Transaction;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.StoredIndex;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Locks of whole tables, at every shard that holds a part of them.
public final class TableLocks {
  private final Supplier<Catalog> catalog;

  public TableLocks(Supplier<Catalog> catalog) {
    this.catalog = catalog;
  }

  /// Locks a table and, if it is partitioned, its partitions.
  public void lock(Transaction store, TableDescriptor table, RelationLock mode, LockWait wait) {
    for (TableDescriptor leaf : leaves(catalog.get(), table)) {
      StoredTable stored = new StoredTable(leaf);
      store.lockRelation(stored.relation(), stored.placement().shards(), mode, wait);
    }
  }

  /// The stored tables behind a table: itself, or its partitions at all levels. None for a view.
  static List<TableDescriptor> leaves(Catalog catalog, TableDescriptor table) {
    List<TableDescriptor> leaves = new ArrayList<>();
    collect(catalog, table, leaves);
    return leaves;
  }

  private static void collect(
      Catalog catalog, TableDescriptor table, List<TableDescriptor> leaves) {
    if (table.isPartitioned()) {
      for (TableDescriptor partition : catalog.partitionsOf(table.oid())) {
        collect(catalog, partition, leaves);
      }
    } else if (!table.isView()) {
      leaves.add(table);
    }
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
