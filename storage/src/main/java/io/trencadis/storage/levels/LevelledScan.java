package io.trencadis.storage.levels;

import io.trencadis.storage.Keys;
import io.trencadis.storage.RowBlock;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.Version;
import io.trencadis.storage.tree.RowBatch;

/// Merges memtables, runs and the tree. What lies above the tree is as of the scan's beginning; the
/// tree is read in batches and may move on in between: what a flush put there since is in those
/// memtables too, and what it put over is in the version store.
final class LevelledScan implements RowScan {
  private static final int FIRST_BATCH = 16;
  private static final int LARGEST_BATCH = 1024;

  private final LevelledStore store;
  private final long ts;
  private final boolean reverse;

  /// Those above the tree, newest first.
  private final RowScan[] sources;

  /// Whether the source has a row that was not taken yet.
  private final boolean[] there;

  private final RowBatch batch;
  private int row;
  private byte[] from;
  private byte[] to;
  private boolean treeEnd;

  /// The last key that was read from the tree.
  private byte[] last;

  /// The batch's row that the scan stands on; -1 where it stands on none of the batch.
  private int taken = -1;

  // Where it stands otherwise.
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
    sources = new RowScan[1 + levels.lower().size()];
    there = new boolean[sources.length];
    for (int i = 0; i < sources.length; i++) {
      sources[i] =
          i == 0
              ? levels.active().scanWithDeletions(from, to, ts, reverse)
              : levels.lower().get(i - 1).scanWithDeletions(from, to, ts, reverse);
      there[i] = sources[i].next();
    }
    treeEnd = !withTree;
    batch = withTree ? new RowBatch() : null;
    if (withTree) {
      batch.limit(FIRST_BATCH);
    }
  }

  @Override
  public boolean next() {
    boolean found = stepToLive();
    store.requireHistory(ts);
    return found;
  }

  @Override
  public boolean read(RowBlock into, int most) {
    if (last == null && !treeEnd) {
      batch.limit(Math.clamp(most, FIRST_BATCH, LARGEST_BATCH));
    }
    int found = 0;
    boolean end = false;
    while (found < most && !end) {
      if (into.count() == 0 && takeAll(into, most)) {
        found = into.count();
        continue;
      }
      end = !stepToLive();
      if (!end) {
        found++;
        if (taken >= 0) {
          into.add(batch.rows(), taken);
        } else {
          into.add(key, value);
        }
      }
    }
    store.requireHistory(ts);
    return end;
  }

  /// Takes a whole batch, where each of its rows would be taken anyway.
  ///
  /// @param into empty
  private boolean takeAll(RowBlock into, int most) {
    if (batch == null || firstSource() >= 0) {
      return false;
    }
    if (!treeEnd && batch.size() == row) {
      fill();
    }
    if (row > 0 || batch.size() == 0 || batch.size() > most || !batch.isSeenAt(ts)) {
      return false;
    }
    into.swap(batch.rows());
    return true;
  }

  private boolean stepToLive() {
    while (step()) {
      if (taken >= 0 ? batch.rows().hasValue(taken) : value != null) {
        return true;
      }
    }
    return false;
  }

  /// Moves to the next key that has a version, deletions included.
  private boolean step() {
    while (true) {
      if (!treeEnd && (batch.size() == row)) {
        fill();
      }
      int first = firstSource();
      if (batch != null && row < batch.size()) {
        int order = first < 0 ? -1 : order(sources[first].key());
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
      if (first < 0) {
        return false;
      }
      taken = -1;
      key = sources[first].key();
      value = sources[first].value();
      commitTs = sources[first].commitTs();
      there[first] = sources[first].next();
      return true;
    }
  }

  /// The order of the batch's row and another key, in the direction of the scan.
  private int order(byte[] other) {
    int order = batch.rows().compareKey(row, other);
    return reverse ? -order : order;
  }

  /// The source with the next key, the newest of those that have it; older ones step over it.
  ///
  /// @return -1 if there is none
  private int firstSource() {
    int first = there[0] ? 0 : -1;
    for (int i = 1; i < sources.length; i++) {
      if (there[i]) {
        int order =
            first < 0 ? -1 : LevelledStore.order(sources[i].key(), sources[first].key(), reverse);
        if (order < 0) {
          first = i;
        } else if (order == 0) {
          there[i] = sources[i].next();
        }
      }
    }
    return first;
  }

  /// Takes the batch's row.
  ///
  /// @return false if the key had no version at the scan's timestamp
  private boolean takeRow() {
    int at = row++;
    if (batch.commitTs(at) <= ts) {
      taken = at;
      return true;
    }
    key = batch.key(at);
    Version version = store.visible(key, batch.version(at), ts);
    if (version == null) {
      return false;
    }
    taken = -1;
    value = version.value();
    commitTs = version.commitTs();
    return true;
  }

  private void fill() {
    if (last != null) {
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
    last = batch.size() == 0 ? last : batch.key(batch.size() - 1);
  }

  @Override
  public byte[] key() {
    return taken >= 0 ? batch.key(taken) : key;
  }

  @Override
  public byte[] value() {
    return taken >= 0 ? batch.rows().value(taken) : value;
  }

  @Override
  public long commitTs() {
    return taken >= 0 ? batch.commitTs(taken) : commitTs;
  }
}
