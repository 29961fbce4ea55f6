package io.trencadis.sql.execute;

/// A stored table's rows as bytes, for those who read whole tables outside of plans.
public final class StoredRows {
  private StoredRows() {}

  /// The first key of the table in any shard.
  public static byte[] firstKey(StoredTable table) {
    return table.firstKey();
  }

  /// The first key after the table.
  public static byte[] endKey(StoredTable table) {
    return KeyCodec.successor(table.firstKey());
  }

  /// All live columns of a stored row.
  public static Object[] decode(StoredTable table, byte[] row) {
    return table.decode(row);
  }
}
