package io.trencadis.storage.tree;

import io.trencadis.storage.StoredVersion;

/// Versions copied out of a tree, in scan order; reused from batch to batch. Columns rather than
/// objects, since there is one for every row of every scan. Not thread-safe.
public final class RowBatch {
  /// Enough to pay for the search, and small enough to stay in the cache.
  private static final int MAX_BYTES = 256 << 10;

  private byte[][] keys = new byte[16][];
  private byte[][] rows = new byte[16][];
  private long[] commitTs = new long[16];
  private long[] predecessorTs = new long[16];
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
      this.rows = new byte[rows][];
      commitTs = new long[rows];
      predecessorTs = new long[rows];
    }
  }

  /// The limit set last.
  public int limit() {
    return limit;
  }

  /// @param row null for a deletion
  void add(byte[] key, long commitTs, long predecessorTs, byte[] row) {
    keys[size] = key;
    rows[size] = row;
    this.commitTs[size] = commitTs;
    this.predecessorTs[size++] = predecessorTs;
    bytes += key.length + (row == null ? 0 : row.length);
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

  public long commitTs(int row) {
    return commitTs[row];
  }

  /// The row's bytes, or null for a deletion.
  public byte[] value(int row) {
    return rows[row];
  }

  /// The version as an object of its own.
  public StoredVersion version(int row) {
    return new StoredVersion(commitTs[row], predecessorTs[row], rows[row]);
  }
}
