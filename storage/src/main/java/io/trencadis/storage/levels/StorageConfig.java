package io.trencadis.storage.levels;

/// How much memory a node's storage may take.
///
/// @param memtableBytes of all memtables together, on the heap; a flush is due at half of it, and
///   writers wait at all of it
/// @param historyBytes of superseded versions, outside the heap
/// @param deletionsPerFlush how many deletions that nobody can need any more one flush forgets at
///   most
public record StorageConfig(long memtableBytes, long historyBytes, int deletionsPerFlush) {
  /// 256 MiB of superseded versions.
  public static final long DEFAULT_HISTORY_BYTES = 256L << 20;

  /// So that forgetting adds about a tenth of a second to a flush.
  public static final int DEFAULT_DELETIONS_PER_FLUSH = 100_000;

  public StorageConfig {
    if (memtableBytes <= 0 || historyBytes <= 0 || deletionsPerFlush <= 0) {
      throw new IllegalArgumentException("storage limits must be positive");
    }
  }

  /// A quarter of the heap for memtables, and the other defaults.
  public static StorageConfig defaults() {
    return new StorageConfig(
        Runtime.getRuntime().maxMemory() / 4, DEFAULT_HISTORY_BYTES, DEFAULT_DELETIONS_PER_FLUSH);
  }
}
