package io.trencadis.sharding;

import io.trencadis.storage.Keys;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.participant.Snapshots;

/// A scan of one shard at a snapshot that needs nothing of its transaction. Confined to one thread,
/// which may be any.
///
/// It cannot wait for a commit that it may have to see: then it gives up ([#inDoubt]), and what it
/// gave has to be forgotten; the transaction's own scan, which can wait, reads the range instead.
public final class SharedScan {
  private static final int LARGEST_BATCH = 1024;

  private final Snapshots snapshots;
  private final RelationRef rel;
  private final long timestamp;
  private final byte[] to;
  private byte[] from;
  private Reply.Rows batch;
  private int at;
  private int limit;
  private boolean inDoubt;

  SharedScan(Snapshots snapshots, RelationRef rel, byte[] from, byte[] to, long timestamp) {
    this(snapshots, rel, from, to, timestamp, LARGEST_BATCH);
  }

  /// @param firstBatch how many rows are fetched first; then more and more
  SharedScan(
      Snapshots snapshots,
      RelationRef rel,
      byte[] from,
      byte[] to,
      long timestamp,
      int firstBatch) {
    this.limit = firstBatch;
    this.snapshots = snapshots;
    this.rel = rel;
    this.from = from;
    this.to = to;
    this.timestamp = timestamp;
  }

  /// Steps to the next row.
  ///
  /// @return false at the end, and where it has given up
  public boolean next() {
    if (batch != null && ++at < batch.count()) {
      return true;
    }
    if (inDoubt || batch != null && batch.done()) {
      return false;
    }
    if (batch != null) {
      from = Keys.successor(batch.keys()[batch.count() - 1]);
    }
    batch = snapshots.scan(rel, from, to, false, timestamp, limit);
    limit = Math.min(limit * 4, LARGEST_BATCH);
    at = 0;
    inDoubt = batch == null;
    return !inDoubt && batch.count() > 0;
  }

  /// Whether the scan has given up.
  public boolean inDoubt() {
    return inDoubt;
  }

  /// The current row's key; not to be modified.
  public byte[] key() {
    return batch.keys()[at];
  }

  /// The current row's bytes; not to be modified.
  public byte[] value() {
    return batch.values()[at];
  }
}
