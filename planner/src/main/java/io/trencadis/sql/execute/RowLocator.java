package io.trencadis.sql.execute;

/// Where a row that a scan found is: what UPDATE, DELETE and FOR UPDATE need to get back to it. The
/// value of a `ctid` column inside a plan.
///
/// @param row the row's bytes as they were read
/// @param locked whether the scan has locked it already
public record RowLocator(StoredTable table, int shard, byte[] key, byte[] row, boolean locked) {
  @Override
  public String toString() {
    return "("
        + shard
        + ","
        + Integer.toUnsignedString(java.util.Arrays.hashCode(key) & 0xffff)
        + ")";
  }
}
