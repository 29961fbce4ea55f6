package io.trencadis.storage.levels;

import io.trencadis.storage.Keys;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.Version;
import io.trencadis.storage.tree.RowBatch;

/// Merges two memtables and the tree. Memtables are those of the scan's beginning; the tree is read
/// in batches and may move on in between: what a flush put there since is in those memtables too,
/// and what it put over is in the version store.
final class LevelledScan implements RowScan {
  private static final int FIRST_BATCH = 16;
  private static final int LARGEST_BATCH = 256;

  private final LevelledStore store;
  private final long ts;
  private final boolean reverse;
  private final RowScan active;
  private final RowScan frozen;
  private final RowBatch batch;
  private boolean activeThere;
  private boolean frozenThere;
  private int row;
  private byte[] from;
  private byte[] to;
  private boolean treeEnd;
  private byte[] key;
  private byte[] value;
  private long commitTs;

  LevelledScan(
      LevelledStore store,
      LevelledStore.Levels levels,
      boolean withTree,
      byte[] from,
      byte[] to,
      long ts,
      boolean reverse) {
    this.store = store;
    this.ts = ts;
    this.reverse = reverse;
    this.from = from;
    this.to = to;
    active = levels.active().scanWithDeletions(from, to, ts, reverse);
    activeThere = active.next();
    frozen =
        levels.frozen() == null ? null : levels.frozen().scanWithDeletions(from, to, ts, reverse);
    frozenThere = frozen != null && frozen.next();
    treeEnd = !withTree;
    batch = withTree ? new RowBatch() : null;
    if (withTree) {
      batch.limit(FIRST_BATCH);
    }
  }

  @Override
  public boolean next() {
    while (step()) {
      if (value != null) {
        store.requireHistory(ts);
        return true;
      }
    }
    store.requireHistory(ts);
    return false;
  }

  /// Moves to the next key that has a version, deletions included.
  private boolean step() {
    while (true) {
      if (!treeEnd && (batch.size() == row)) {
        fill();
      }
      RowScan first = null;
      if (activeThere) {
        first = active;
      }
      if (frozenThere) {
        int order = first == null ? -1 : LevelledStore.order(frozen.key(), first.key(), reverse);
        if (order < 0) {
          first = frozen;
        } else if (order == 0) {
          frozenThere = frozen.next();
        }
      }
      if (batch != null && row < batch.size()) {
        int order = first == null ? -1 : LevelledStore.order(batch.key(row), first.key(), reverse);
        if (order < 0) {
          if (takeRow()) {
            return true;
          }
          continue;
        }
        if (order == 0) {
          row++;
          // The batch's last row: look whether there are more before going on.
          continue;
        }
      }
      if (first == null) {
        return false;
      }
      key = first.key();
      value = first.value();
      commitTs = first.commitTs();
      if (first == active) {
        activeThere = active.next();
      } else {
        frozenThere = frozen.next();
      }
      return true;
    }
  }

  /// Takes the batch's row.
  ///
  /// @return false if the key had no version at the scan's timestamp
  private boolean takeRow() {
    int taken = row++;
    key = batch.key(taken);
    if (batch.commitTs(taken) <= ts) {
      value = batch.value(taken);
      commitTs = batch.commitTs(taken);
      return true;
    }
    Version version = store.visible(key, batch.version(taken), ts);
    if (version == null) {
      return false;
    }
    value = version.value();
    commitTs = version.commitTs();
    return true;
  }

  private void fill() {
    if (batch.size() > 0) {
      byte[] last = batch.key(batch.size() - 1);
      if (reverse) {
        to = last;
      } else {
        from = Keys.successor(last);
      }
      batch.limit(Math.min(LARGEST_BATCH, batch.limit() * 2));
    }
    store.tree.read(store.shard, from, to, reverse, batch);
    row = 0;
    treeEnd = batch.isEnd();
  }

  @Override
  public byte[] key() {
    return key;
  }

  @Override
  public byte[] value() {
    return value;
  }

  @Override
  public long commitTs() {
    return commitTs;
  }
}
