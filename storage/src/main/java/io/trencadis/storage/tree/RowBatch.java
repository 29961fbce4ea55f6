package io.trencadis.storage.tree;

import io.trencadis.storage.RowBlock;
import io.trencadis.storage.StoredVersion;
import java.util.Arrays;

/// Versions copied out of a tree, in scan order; reused from batch to batch. Columns rather than
/// objects, since there is one for every row of every scan. Not thread-safe.
public final class RowBatch {
  /// Enough to pay for the search, and small enough to stay in the cache.
  private static final int MAX_BYTES = 256 << 10;

  private static final int FIRST = 16;

  private final RowBlock rows = new RowBlock(FIRST);
  private long[] commitTs = new long[FIRST];
  private long[] predecessorTs = new long[FIRST];
  private int limit = FIRST;
  private int bytes;
  private long highestTs;
  private boolean deletions;
  private boolean end;

  /// Empties the batch and sets how many rows it takes.
  public void reset() {
    rows.clear();
    bytes = 0;
    highestTs = 0;
    deletions = false;
    end = false;
  }

  /// How many rows the next fill may take.
  ///
  /// @param rows at least 1
  public void limit(int rows) {
    limit = rows;
    if (rows > commitTs.length * 4) {
      // Of one that takes so many, most come to have as many.
      commitTs = new long[rows];
      predecessorTs = new long[rows];
      this.rows.swap(new RowBlock(rows));
    }
  }

  /// The limit set last.
  public int limit() {
    return limit;
  }

  /// @param row null for a deletion
  void add(byte[] key, long commitTs, long predecessorTs, byte[] row) {
    int rowLength = row == null ? 0 : row.length;
    add(key, 0, key.length, commitTs, predecessorTs, row, 0, rowLength);
  }

  /// Adds a version whose bytes are parts of arrays that nobody modifies.
  ///
  /// @param row null for a deletion
  void add(
      byte[] key,
      int keyAt,
      int keyLength,
      long commitTs,
      long predecessorTs,
      byte[] row,
      int rowAt,
      int rowLength) {
    int at = rows.count();
    if (at == this.commitTs.length) {
      this.commitTs = Arrays.copyOf(this.commitTs, at * 4);
      this.predecessorTs = Arrays.copyOf(this.predecessorTs, at * 4);
    }
    rows.add(key, keyAt, keyLength, row, rowAt, rowLength);
    this.commitTs[at] = commitTs;
    this.predecessorTs[at] = predecessorTs;
    bytes += keyLength + rowLength;
    highestTs = Math.max(highestTs, commitTs);
    deletions |= row == null;
  }

  boolean isFull() {
    return rows.count() >= limit || bytes >= MAX_BYTES;
  }

  void markEnd() {
    end = true;
  }

  public int size() {
    return rows.count();
  }

  /// Whether nothing of the range comes after this batch.
  public boolean isEnd() {
    return end;
  }

  /// The rows without their timestamps; a deletion has no value.
  public RowBlock rows() {
    return rows;
  }

  /// Whether all versions are rows, which every read at `ts` sees.
  public boolean isSeenAt(long ts) {
    return !deletions && highestTs <= ts;
  }

  public byte[] key(int row) {
    return rows.key(row);
  }

  public long commitTs(int row) {
    return commitTs[row];
  }

  /// The version as an object of its own.
  public StoredVersion version(int row) {
    return new StoredVersion(commitTs[row], predecessorTs[row], rows.value(row));
  }
}
