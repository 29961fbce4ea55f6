package io.trencadis.txn.lock;

import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RowLock;

/// A thing to lock, and how.
///
/// @param relationId the relation, or the one whose row it is
/// @param key the row's key; null for the relation itself
/// @param mode the ordinal of a [RowLock] where there is a key, of a [RelationLock] where not
public record Wanted(int relationId, byte[] key, int mode) {
  /// One transaction of a circle, and what it waits for; whoever holds that comes next.
  public record Wait(long txn, Wanted wanted) {}

  public boolean isRow() {
    return key != null;
  }

  public RowLock rowMode() {
    return RowLock.values()[mode];
  }

  public RelationLock relationMode() {
    return RelationLock.values()[mode];
  }

  static Wanted of(LockEntry entry, int modeBit) {
    int relation = entry.relationId;
    if (entry.key != null && entry.key.length >= 4) {
      relation =
          (entry.key[0] & 0xff) << 24
              | (entry.key[1] & 0xff) << 16
              | (entry.key[2] & 0xff) << 8
              | entry.key[3] & 0xff;
    }
    return new Wanted(relation, entry.key, Integer.numberOfTrailingZeros(modeBit));
  }
}
