package io.trencadis.txn.participant;

import io.trencadis.storage.Keys;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.ShardStore;
import io.trencadis.txn.message.Reply;
import java.util.Iterator;
import java.util.NavigableMap;

/// A batch of a shard's rows with a transaction's own writes laid over them.
final class OwnScan {
  private final boolean reverse;
  private final RowScan stored;
  private final Iterator<OwnWrite> own;
  private final int ownBefore;
  private boolean storedReady;
  private OwnWrite nextOwn;

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
    NavigableMap<byte[], OwnWrite> writes = context.writes();
    if (from != null) {
      writes = writes.tailMap(from, true);
    }
    if (to != null) {
      writes =
          from != null && Keys.compare(from, to) >= 0
              ? writes.headMap(from, false)
              : writes.headMap(to, false);
    }
    this.own = (reverse ? writes.descendingMap() : writes).values().iterator();
    storedReady = stored.next();
    advanceOwn();
  }

  private void advanceOwn() {
    nextOwn = null;
    while (nextOwn == null && own.hasNext()) {
      nextOwn = OwnWrite.before(own.next(), ownBefore);
    }
  }

  Reply.Rows batch(int limit) {
    byte[][] keys = new byte[limit][];
    byte[][] values = new byte[limit][];
    int count = 0;
    while (count < limit && (storedReady || nextOwn != null)) {
      int order = order();
      if (order < 0) {
        keys[count] = stored.key();
        values[count++] = stored.value();
      } else if (nextOwn.value() != null) {
        keys[count] = nextOwn.key();
        values[count++] = nextOwn.value();
      }
      if (order <= 0) {
        storedReady = stored.next();
      }
      if (order >= 0) {
        advanceOwn();
      }
    }
    return new Reply.Rows(keys, values, count, !storedReady && nextOwn == null);
  }

  /// Negative: the stored row comes next; positive: the own one; 0: the own one covers the stored
  /// one.
  private int order() {
    if (nextOwn == null) {
      return -1;
    }
    if (!storedReady) {
      return 1;
    }
    int order = Keys.compare(stored.key(), nextOwn.key());
    return reverse ? -order : order;
  }
}
