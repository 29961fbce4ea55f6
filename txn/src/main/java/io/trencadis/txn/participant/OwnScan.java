package io.trencadis.txn.participant;

import io.trencadis.storage.Keys;
import io.trencadis.storage.RowBlock;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.ShardStore;
import io.trencadis.storage.run.RunMerge;
import io.trencadis.txn.message.Reply;
import java.util.Iterator;
import java.util.NavigableMap;

/// A batch of a shard's rows with a transaction's own writes laid over them.
final class OwnScan {
  private final boolean reverse;
  private final RowScan stored;
  private final Iterator<OwnWrite> inMemory;
  private final RunMerge inRuns;
  private final int ownBefore;
  private boolean storedReady;
  private boolean runReady;

  /// Of the same key as the next one in a run, or before it.
  private OwnWrite nextInMemory;

  private byte[] ownKey;
  private byte[] ownValue;

  OwnScan(
      ShardStore store,
      Context context,
      byte[] from,
      byte[] to,
      boolean reverse,
      long readTs,
      int ownBefore) {
    this.reverse = reverse;
    this.ownBefore = ownBefore;
    this.stored = store.scan(from, to, readTs, reverse);
    NavigableMap<byte[], OwnWrite> writes = context.writes().inMemory(from, to);
    this.inMemory = (reverse ? writes.descendingMap() : writes).values().iterator();
    this.inRuns =
        context.runs().isEmpty()
            ? null
            : new RunMerge(context.runs(), from, to, reverse, ownBefore);
    runReady = inRuns != null && inRuns.next();
    advanceInMemory();
    storedReady = stored.next();
    advanceOwn();
  }

  private void advanceInMemory() {
    nextInMemory = null;
    while (nextInMemory == null && inMemory.hasNext()) {
      nextInMemory = OwnWrite.before(inMemory.next(), ownBefore);
    }
  }

  /// Takes the next own write: of two of one key the one in memory, which is newer.
  private void advanceOwn() {
    if (nextInMemory == null && !runReady) {
      ownKey = null;
      return;
    }
    int order = 1;
    if (nextInMemory != null) {
      order = runReady ? Keys.compare(nextInMemory.key(), inRuns.key()) : -1;
      if (reverse && runReady) {
        order = -order;
      }
    }
    if (order <= 0) {
      ownKey = nextInMemory.key();
      ownValue = nextInMemory.value();
      advanceInMemory();
    } else {
      ownKey = inRuns.key();
      ownValue = inRuns.entry().value();
    }
    if (order >= 0) {
      runReady = inRuns.next();
    }
  }

  Reply.Rows batch(int limit) {
    RowBlock rows = new RowBlock(limit);
    while (rows.count() < limit && (storedReady || ownKey != null)) {
      int order = order();
      if (order < 0) {
        rows.add(stored.key(), stored.value());
      } else if (ownValue != null) {
        rows.add(ownKey, ownValue);
      }
      if (order <= 0) {
        storedReady = stored.next();
      }
      if (order >= 0) {
        advanceOwn();
      }
    }
    return new Reply.Rows(rows, !storedReady && ownKey == null);
  }

  /// Negative: the stored row comes next; positive: the own one; 0: the own one covers the stored
  /// one.
  private int order() {
    if (ownKey == null) {
      return -1;
    }
    if (!storedReady) {
      return 1;
    }
    int order = Keys.compare(stored.key(), ownKey);
    return reverse ? -order : order;
  }
}
