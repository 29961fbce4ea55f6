package io.trencadis.sharding;

import io.trencadis.storage.Keys;
import io.trencadis.storage.RowBlock;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.coordinator.ReadRange;
import io.trencadis.txn.message.Reply;

/// Steps over a shard's rows, fetched in batches that grow.
///
/// When the snapshot has moved (a refresh found nothing changed in what was stepped over), rows
/// fetched but not yet stepped over belong to the old one: they are fetched again. In READ
/// COMMITTED a cursor keeps the snapshot of its own statement.
final class LocalCursor implements RowCursor {
  private static final int FIRST_BATCH = 32;
  private static final int LARGEST_BATCH = 2048;

  private final ShardTransaction transaction;
  private final int shard;
  private final RelationRef rel;
  private final boolean reverse;
  private final int ownBefore;
  private final ReadRange range;
  private final boolean keepsSnapshot;
  private byte[] from;
  private byte[] to;
  private long batchTs;
  private Reply.Rows batch;
  private int at = -1;
  private int limit = FIRST_BATCH;
  private boolean closed;

  /// The batch that comes next, if it is under way; else null.
  private FetchAhead next;

  private LocalCursor(
      ShardTransaction transaction,
      int shard,
      RelationRef rel,
      byte[] from,
      byte[] to,
      boolean reverse,
      int ownBefore,
      boolean tracked,
      long timestamp,
      boolean keepsTimestamp) {
    this.transaction = transaction;
    this.shard = shard;
    this.rel = rel;
    this.from = from;
    this.to = to == null ? Keys.relationEnd(Keys.relationId(from)) : to;
    this.reverse = reverse;
    this.ownBefore = ownBefore;
    this.batchTs = timestamp;
    this.keepsSnapshot = keepsTimestamp;
    this.range =
        tracked
            ? transaction.coordinator().readsRange(shard, from, this.to, reverse, rel.columns())
            : null;
    transaction.cursorOpened();
  }

  /// A cursor at the snapshot, whose range joins the read set.
  static LocalCursor tracked(
      ShardTransaction transaction,
      int shard,
      RelationRef rel,
      byte[] from,
      byte[] to,
      boolean reverse,
      int ownBefore) {
    return atSnapshot(transaction, shard, rel, from, to, reverse, ownBefore, true);
  }

  /// A cursor at the snapshot, outside the read set.
  static LocalCursor untracked(
      ShardTransaction transaction,
      int shard,
      RelationRef rel,
      byte[] from,
      byte[] to,
      boolean reverse,
      int ownBefore) {
    return atSnapshot(transaction, shard, rel, from, to, reverse, ownBefore, false);
  }

  private static LocalCursor atSnapshot(
      ShardTransaction transaction,
      int shard,
      RelationRef rel,
      byte[] from,
      byte[] to,
      boolean reverse,
      int ownBefore,
      boolean tracked) {
    boolean keeps = transaction.isolation() == IsolationLevel.READ_COMMITTED;
    long timestamp = transaction.readTimestamp();
    return new LocalCursor(
        transaction, shard, rel, from, to, reverse, ownBefore, tracked, timestamp, keeps);
  }

  /// A cursor at a timestamp of its own, outside the read set.
  static LocalCursor at(
      ShardTransaction transaction,
      int shard,
      RelationRef rel,
      byte[] from,
      byte[] to,
      int ownBefore,
      long timestamp) {
    return new LocalCursor(
        transaction, shard, rel, from, to, false, ownBefore, false, timestamp, true);
  }

  @Override
  public void ask() {
    if (batch == null && next == null && !closed && transaction.waits().mayBlock()) {
      long ts = keepsSnapshot ? batchTs : transaction.readTimestamp();
      next = transaction.fetchAhead(shard, rel, from, to, reverse, ts, ownBefore, limit);
    }
  }

  @Override
  public boolean next() {
    if (closed) {
      return false;
    }
    long ts = keepsSnapshot ? batchTs : transaction.readTimestamp();
    if (batch == null || ts != batchTs || at + 1 == batch.count()) {
      if (batch != null && ts == batchTs && batch.done()) {
        if (range != null) {
          range.exhausted();
        }
        close();
        return false;
      }
      if (!fetch(ts)) {
        return next();
      }
    }
    if (range != null) {
      // Before the step: where this cannot wait, the cursor stays as it was.
      transaction.lockIfWanted(shard, rel, batch.rows(), at + 1);
    }
    at++;
    if (range != null) {
      range.reached(batch.rows(), at);
    }
    return true;
  }

  /// @return whether it has brought a row
  private boolean fetch(long ts) {
    byte[] start = from;
    byte[] end = to;
    if (at >= 0) {
      byte[] last = batch.rows().key(at);
      if (reverse) {
        end = last;
      } else {
        start = Keys.successor(last);
      }
    }
    // Assigned last: a fetch that cannot wait leaves the cursor as it was.
    Reply.Rows fetched = transaction.fetch(shard, rel, start, end, reverse, ts, ownBefore, limit);
    from = start;
    to = end;
    batch = fetched;
    batchTs = ts;
    at = -1;
    abandonNext();
    boolean first = limit == FIRST_BATCH;
    limit = Math.min(limit * 4, LARGEST_BATCH);
    if (!first && !fetched.done()) {
      // Whoever has come this far will mostly want the rest.
      byte[] last = fetched.rows().key(fetched.count() - 1);
      next =
          transaction.fetchAhead(
              shard,
              rel,
              reverse ? start : Keys.successor(last),
              reverse ? last : end,
              reverse,
              ts,
              ownBefore,
              limit);
    }
    return fetched.count() > 0;
  }

  private void abandonNext() {
    if (next != null) {
      next.abandon();
      next = null;
    }
  }

  @Override
  public byte[] key() {
    return batch.rows().key(at);
  }

  @Override
  public byte[] value() {
    return batch.rows().value(at);
  }

  @Override
  public int length() {
    return batch.rows().length(at);
  }

  @Override
  public void addTo(RowBlock rows) {
    rows.add(batch.rows(), at);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      abandonNext();
      transaction.cursorClosed();
    }
  }
}
