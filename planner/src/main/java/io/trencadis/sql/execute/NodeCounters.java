package io.trencadis.sql.execute;

/// What EXPLAIN ANALYZE reports of one node.
public final class NodeCounters {
  long rows;
  long loops;
  long startupNanos;
  long totalNanos;
  long removedByFilter;
  final java.util.TreeSet<Integer> shards = new java.util.TreeSet<>();

  /// Rows returned over all loops.
  public long rows() {
    return rows;
  }

  /// How often the node was started.
  public long loops() {
    return loops;
  }

  /// Nanoseconds until the first row, over all loops.
  public long startupNanos() {
    return startupNanos;
  }

  /// Nanoseconds until the last row, over all loops, children included.
  public long totalNanos() {
    return totalNanos;
  }

  public long removedByFilter() {
    return removedByFilter;
  }

  /// The shards that were read.
  public java.util.SortedSet<Integer> shards() {
    return shards;
  }
}
