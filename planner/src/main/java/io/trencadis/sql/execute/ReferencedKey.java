package io.trencadis.sql.execute;

import io.trencadis.sharding.Transaction;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RowLock;
import java.util.List;

/// The key that a foreign key refers to: how its rows are found. Immutable and thread-safe.
public final class ReferencedKey {
  private final String tableName;
  private final List<Leaf> leaves;
  private final PartitionRouter router;
  private final int[] rootPlaces;
  private final int rootWidth;

  /// A stored table of the referenced one.
  ///
  /// @param index the unique index of the key; null for the table's own key
  /// @param places of the key's columns in its rows, in the order of the constraint
  public record Leaf(StoredTable table, StoredIndex index, int[] places) {}

  /// @param router which leaf a row of the named table belongs to; null where there is one leaf
  /// @param rootPlaces of the key's columns in a row of the named table
  public ReferencedKey(
      String tableName,
      List<Leaf> leaves,
      PartitionRouter router,
      int[] rootPlaces,
      int rootWidth) {
    this.tableName = tableName;
    this.leaves = List.copyOf(leaves);
    this.router = router;
    this.rootPlaces = rootPlaces;
    this.rootWidth = rootWidth;
  }

  String tableName() {
    return tableName;
  }

  /// Whether a row has that key now. If so, the key is locked: the row keeps it until the
  /// transaction ends.
  boolean holds(Object[] key, Execution x) {
    Leaf leaf = leafOf(key, x);
    if (leaf == null) {
      return false;
    }
    StoredTable table = leaf.table;
    Object[] row = new Object[table.width()];
    for (int i = 0; i < key.length; i++) {
      row[leaf.places[i]] = key[i];
    }
    byte[] partition = table.partitionBytes(row, 0);
    Transaction transaction = x.transaction();
    if (leaf.index == null) {
      return transaction.lockAndGetNewest(
              table.placement().shardOf(partition),
              table.relation(),
              table.keyOf(row, 0),
              RowLock.KEY_SHARE,
              LockWait.WAIT)
          != null;
    }
    // Whoever deletes the row or changes its key deletes this entry, and locks it for that.
    return transaction.lockAndGetNewest(
            leaf.index.shardOf(row, partition),
            leaf.index.relation(),
            leaf.index.entryKey(row, null),
            RowLock.KEY_SHARE,
            LockWait.WAIT)
        != null;
  }

  private Leaf leafOf(Object[] key, Execution x) {
    if (router == null) {
      return leaves.getFirst();
    }
    Object[] root = new Object[rootWidth];
    for (int i = 0; i < key.length; i++) {
      root[rootPlaces[i]] = key[i];
    }
    int number = router.leafOf(root, x);
    return number < 0 ? null : leaves.get(number);
  }
}
