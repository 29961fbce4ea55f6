package io.trencadis.sql.execute;

/// What EXPLAIN ANALYZE reports of one node.
public final class NodeCounters {
  long rows;
  long loops;
  long startupNanos;
  long totalNanos;
  long removedByFilter;
  long removedByRuntimeFilter;
  private String sortMethod;
  private boolean sortedOnDisk;
  private long sortBytes;
  private int buckets;
  private int batches;
  private long memoryBytes;
  private long diskBytes;
  private long bytesMoved;
  private long bytesExchanged;
  private long roundTrips;
  private final java.util.TreeSet<Integer> nodes = new java.util.TreeSet<>();
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

  /// Rows that joins further up would not have taken.
  public long removedByRuntimeFilter() {
    return removedByRuntimeFilter;
  }

  public long removedByFilter() {
    return removedByFilter;
  }

  void sorted(String method, boolean onDisk, long bytes) {
    sortMethod = method;
    sortedOnDisk = onDisk;
    sortBytes = Math.max(sortBytes, bytes);
  }

  /// @param more by how much the number of batches grows
  void hashed(int tableBuckets, int more, long memory, long disk) {
    buckets = Math.max(buckets, tableBuckets);
    batches = loops > 1 ? Math.max(batches, more) : batches + more;
    memoryBytes = Math.max(memoryBytes, memory);
    diskBytes = Math.max(diskBytes, disk);
  }

  /// Other nodes have answered.
  void moved(long bytes, long trips, java.util.Set<Integer> by) {
    bytesMoved += bytes;
    roundTrips += trips;
    nodes.addAll(by);
  }

  /// Bytes of answers of nodes that have done a part of the work.
  public long bytesMoved() {
    return bytesMoved;
  }

  /// @param bytes of rows that nodes have sent each other
  void exchanged(long bytes) {
    bytesExchanged += bytes;
  }

  /// Bytes of rows that nodes have sent each other.
  public long bytesExchanged() {
    return bytesExchanged;
  }

  /// How often one has answered.
  public long roundTrips() {
    return roundTrips;
  }

  /// Which nodes have.
  public java.util.SortedSet<Integer> nodes() {
    return nodes;
  }

  /// How a sort was done, in PostgreSQL's words; null for no sort.
  public String sortMethod() {
    return sortMethod;
  }

  public boolean sortedOnDisk() {
    return sortedOnDisk;
  }

  public long sortKilobytes() {
    return kilobytes(sortBytes);
  }

  /// Buckets of a join's hash table; 0 for none.
  public int buckets() {
    return buckets;
  }

  /// In how many parts a hash table was made, 0 where there was none.
  public int batches() {
    return batches;
  }

  public long memoryKilobytes() {
    return kilobytes(memoryBytes);
  }

  public long diskKilobytes() {
    return kilobytes(diskBytes);
  }

  private static long kilobytes(long bytes) {
    return (bytes + 1023) / 1024;
  }

  /// The shards that were read.
  public java.util.SortedSet<Integer> shards() {
    return shards;
  }
}
