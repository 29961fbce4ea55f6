package io.trencadis.sql.catalog;

import java.util.List;

/// Which tables were made to have their rows in the same shards, by `WITH (colocate_with = …)`. All
/// that name one table belong together, and still do when that one is gone. Static functions;
/// thread-safe.
public final class Colocation {
  private Colocation() {}

  /// Stands for all that belong to a table: its oid, or of the one that it has named.
  public static int root(TableDescriptor table) {
    return table.colocatedWith() == 0 ? table.oid() : table.colocatedWith();
  }

  /// The tables that belong to one, itself among them, ordered by oid.
  public static List<TableDescriptor> group(Catalog catalog, TableDescriptor table) {
    return catalog.all(TableDescriptor.class, table.databaseOid()).stream()
        .filter(each -> root(each) == root(table))
        .toList();
  }

  /// The other tables that belong to one and are divided as it is, ordered by oid.
  public static List<TableDescriptor> alike(Catalog catalog, TableDescriptor table) {
    return group(catalog, table).stream()
        .filter(each -> each.oid() != table.oid())
        .filter(each -> isDividedAlike(each.placement(), table.placement()))
        .toList();
  }

  /// The table that one is shown to be colocated with: the one it named, or if that is gone the
  /// first of those that named it, too.
  ///
  /// @return null where it named none, or is that one itself
  public static TableDescriptor shown(Catalog catalog, TableDescriptor table) {
    if (table.colocatedWith() == 0) {
      return null;
    }
    TableDescriptor named = catalog.table(table.colocatedWith());
    TableDescriptor first = named != null ? named : group(catalog, table).getFirst();
    return first.oid() == table.oid() ? null : first;
  }

  /// Whether a partition of one is a partition of the other, be it in another shard.
  private static boolean isDividedAlike(PlacementDescriptor one, PlacementDescriptor other) {
    return switch (one) {
      case PlacementDescriptor.Hash hash ->
          other instanceof PlacementDescriptor.Hash its
              && !hash.columns().isEmpty()
              && !its.columns().isEmpty()
              && its.bucketShards().size() == hash.bucketShards().size();
      case PlacementDescriptor.Range range ->
          other instanceof PlacementDescriptor.Range its && its.splits().equals(range.splits());
      case PlacementDescriptor.Single _ -> other instanceof PlacementDescriptor.Single;
      case PlacementDescriptor.Replicated _ -> false;
      case null -> false;
    };
  }
}
