package io.trencadis.txn.participant;

import io.trencadis.storage.Keys;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.ShardStore;

/// The highest row of one relation at a shard, remembered while nothing commits there: rows that a
/// bulk load adds in order are beyond it and need not be looked for. For the machine only.
final class HighestRow {
  /// A search for the highest row has to pay for itself.
  private static final int SEARCH_EVERY = 256;

  private final ShardStore store;
  private int relationId = -1;
  private byte[] highest;
  private boolean known;
  private int asked;

  HighestRow(ShardStore store) {
    this.store = store;
  }

  /// Something was installed.
  void forget() {
    known = false;
  }

  /// Whether the store has no row of that key, because it has none of the relation at or above it.
  boolean isBelow(byte[] key) {
    int relation = Keys.relationId(key);
    if (!known || relation != relationId) {
      if (++asked < SEARCH_EVERY) {
        return false;
      }
      asked = 0;
      relationId = relation;
      RowScan last =
          store.scan(
              Keys.relationStart(relation), Keys.relationEnd(relation), Long.MAX_VALUE, true);
      highest = last.next() ? last.key() : null;
      known = true;
    }
    return highest == null || Keys.compare(key, highest) > 0;
  }
}
