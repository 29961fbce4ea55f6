package io.trencadis.sql.execute;

import java.util.BitSet;

/// What a session's running statement asks of the shards: which of them, and how many bytes of rows
/// they hand over. Confined to the session's thread.
public final class StatementReads {
  private final BitSet shards = new BitSet();
  private long bytes;

  void touched(int shard) {
    shards.set(shard);
  }

  void read(long more) {
    bytes += more;
  }

  /// What others have read for this one.
  void add(StatementReads more) {
    shards.or(more.shards);
    bytes += more.bytes;
  }

  /// A statement begins.
  public void reset() {
    shards.clear();
    bytes = 0;
  }

  /// How many shards were read from or written to.
  public int shards() {
    return shards.cardinality();
  }

  /// Bytes of stored rows that came from shards.
  public long bytes() {
    return bytes;
  }
}
