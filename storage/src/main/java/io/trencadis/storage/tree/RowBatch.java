package io.trencadis.storage.tree;

import io.trencadis.storage.StoredVersion;

/// Versions copied out of a tree, in scan order; reused from batch to batch. Not thread-safe.
public final class RowBatch {
  /// Enough to pay for the search, and small enough to stay in the cache.
  private static final int MAX_BYTES = 256 << 10;

  private byte[][] keys = new byte[16][];
  private StoredVersion[] versions = new StoredVersion[16];
  private int limit = 16;
  private int size;
  private int bytes;
  private boolean end;

  /// Empties the batch and sets how many rows it takes.
  public void reset() {
    size = 0;
    bytes = 0;
    end = false;
  }

  /// How many rows the next fill may take.
  ///
  /// @param rows at least 1
  public void limit(int rows) {
    limit = rows;
    if (keys.length < rows) {
      keys = new byte[rows][];
      versions = new StoredVersion[rows];
    }
  }

  /// The limit set last.
  public int limit() {
    return limit;
  }

  void add(byte[] key, StoredVersion version) {
    keys[size] = key;
    versions[size++] = version;
    bytes += key.length + (version.value() == null ? 0 : version.value().length);
  }

  boolean isFull() {
    return size >= limit || bytes >= MAX_BYTES;
  }

  void markEnd() {
    end = true;
  }

  public int size() {
    return size;
  }

  /// Whether nothing of the range comes after this batch.
  public boolean isEnd() {
    return end;
  }

  public byte[] key(int row) {
    return keys[row];
  }

  public StoredVersion version(int row) {
    return versions[row];
  }
}
