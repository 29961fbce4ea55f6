package io.trencadis.sql.execute;

import io.trencadis.sql.catalog.PlacementDescriptor;

/// A stored table's rows as bytes, for those who read whole tables outside of plans.
public final class StoredRows {
  private StoredRows() {}

  /// The shards that hold what is placed so, or copies of it.
  public static int[] holders(PlacementDescriptor placement) {
    return PlacementFactory.of(placement).holders();
  }

  /// The first key of the table in any shard.
  public static byte[] firstKey(StoredTable table) {
    return table.firstKey();
  }

  /// The first key after the table.
  public static byte[] endKey(StoredTable table) {
    return KeyCodec.successor(table.firstKey());
  }

  /// Whether a row of `from` has the same bytes in `to`.
  public static boolean same(StoredTable from, StoredTable to) {
    return to.storesLike(from);
  }

  /// Some columns of a stored row, in an array with places for all; null for all of them.
  public static Object[] decode(StoredTable table, byte[] row, int[] places) {
    if (places == null) {
      return table.decode(row);
    }
    Object[] values = new Object[table.width()];
    table.decode(row, places, values);
    return values;
  }

  /// All live columns of a stored row.
  public static Object[] decode(StoredTable table, byte[] row) {
    return table.decode(row);
  }
}
