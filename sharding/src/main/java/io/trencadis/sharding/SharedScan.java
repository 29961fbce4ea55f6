package io.trencadis.sharding;

import io.trencadis.storage.Keys;
import io.trencadis.storage.RowBlock;
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

  /// The last key of a batch that was given away whole.
  private byte[] last;

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
      from = Keys.successor(batch.count() == 0 ? last : batch.rows().key(batch.count() - 1));
    }
    batch = snapshots.scan(rel, from, to, false, timestamp, limit);
    limit = Math.min(limit * 4, LARGEST_BATCH);
    at = 0;
    inDoubt = batch == null;
    return !inDoubt && batch.count() > 0;
  }

  /// Steps over rows and adds them to a block that is empty.
  ///
  /// @param most how many
  /// @return whether there may be more; not where the scan has given up
  public boolean read(RowBlock into, int most) {
    while (into.count() < most) {
      if (!next()) {
        return false;
      }
      if (into.count() == 0 && at == 0 && batch.count() <= most) {
        last = batch.rows().key(batch.count() - 1);
        into.swap(batch.rows());
      } else {
        into.add(batch.rows(), at);
      }
    }
    return true;
  }

  /// Whether the scan has given up.
  public boolean inDoubt() {
    return inDoubt;
  }

  /// The current row's key; not to be modified.
  public byte[] key() {
    return batch.rows().key(at);
  }

  /// The current row's bytes; not to be modified.
  public byte[] value() {
    return batch.rows().value(at);
  }

  /// How many bytes the current row has.
  public int length() {
    return batch.rows().length(at);
  }

  /// Adds the current row to a block.
  public void addTo(RowBlock rows) {
    rows.add(batch.rows(), at);
  }
}
