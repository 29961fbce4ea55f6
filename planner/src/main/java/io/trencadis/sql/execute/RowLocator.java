package io.trencadis.sql.execute;

import java.util.Arrays;

/// Where a row that a scan found is: what UPDATE, DELETE and FOR UPDATE need to get back to it. The
/// value of a `ctid` column inside a plan.
///
/// @param row the row's bytes as they were read
/// @param locked whether the scan has locked it already
/// @param lockedBy the transaction that had locked the row before it made this version of it; 0 for
///   none
public record RowLocator(
    StoredTable table, int shard, byte[] key, byte[] row, boolean locked, long lockedBy) {
  public RowLocator(StoredTable table, int shard, byte[] key, byte[] row, boolean locked) {
    this(table, shard, key, row, locked, 0);
  }

  @Override
  public String toString() {
    return "(" + shard + "," + Integer.toUnsignedString(Arrays.hashCode(key) & 0xffff) + ")";
  }

  /// Whether another locator is of the same row, whatever version.
  public boolean isAt(RowLocator other) {
    return other != null
        && table.descriptor().oid() == other.table.descriptor().oid()
        && Arrays.equals(key, other.key);
  }

  /// The value of a column of the row, as it was read.
  public Object value(String column) {
    for (int i = 0; i < table.width(); i++) {
      if (table.column(i).name().equals(column)) {
        return table.decode(row, i);
      }
    }
    return null;
  }
}
