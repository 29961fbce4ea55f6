package io.trencadis.storage.levels;

import io.trencadis.storage.StoredVersion;
import io.trencadis.storage.Version;
import io.trencadis.storage.history.History;
import io.trencadis.storage.tree.TreeWriter;
import java.util.ArrayList;
import java.util.List;

/// Decides what becomes of one key after another: the newest version goes to the tree, older ones
/// to the version store as far as the horizon needs them.
final class KeyMerge {
  private final TreeWriter writer;
  private final History history;
  private final int shard;
  private final long horizon;
  private final List<Version> merged = new ArrayList<>();
  private long oldestPredecessorTs;

  KeyMerge(TreeWriter writer, History history, int shard, long horizon) {
    this.writer = writer;
    this.history = history;
    this.shard = shard;
    this.horizon = horizon;
  }

  void settle(byte[] key, Version newest) {
    StoredVersion base = writer.get(shard, key);
    if (base == null && newest.previous() == null) {
      // Of a key that nothing below knows, a deletion is kept for commits that come late.
      if (!isForgotten(newest)) {
        writer.put(shard, key, new StoredVersion(newest.commitTs(), 0, newest.value()));
      }
      return;
    }
    merge(newest, base);
    Version top = merged.getFirst();
    if (top.value() == null && top.commitTs() <= horizon) {
      if (base != null) {
        writer.delete(shard, key);
      }
      return;
    }
    oldestPredecessorTs = predecessorOfOldest(key, base);
    long predecessorTs = predecessorTs(0);
    if (top != base || predecessorTs != base.predecessorTs()) {
      writer.put(shard, key, new StoredVersion(top.commitTs(), predecessorTs, top.value()));
    }
    keepOlder(key);
  }

  private void keepOlder(byte[] key) {
    for (int i = 1; i < merged.size(); i++) {
      long successorTs = merged.get(i - 1).commitTs();
      Version version = merged.get(i);
      if (successorTs <= horizon || isForgotten(version)) {
        return;
      }
      StoredVersion kept = new StoredVersion(version.commitTs(), predecessorTs(i), version.value());
      history.keep(shard, key, kept, successorTs);
    }
  }

  /// The memtable's versions and the tree's, newest first, each timestamp once.
  private void merge(Version newest, StoredVersion base) {
    merged.clear();
    boolean baseTaken = base == null;
    for (Version version = newest; version != null; version = version.previous()) {
      if (!baseTaken && base.commitTs() >= version.commitTs()) {
        merged.add(base);
        baseTaken = true;
      }
      if (merged.isEmpty() || merged.getLast().commitTs() != version.commitTs()) {
        merged.add(version);
      }
    }
    if (!baseTaken) {
      merged.add(base);
    }
  }

  /// Whether a read that is still possible sees the same with or without it.
  private boolean isForgotten(Version version) {
    return version.value() == null && version.commitTs() <= horizon;
  }

  private long predecessorTs(int at) {
    if (at + 1 == merged.size()) {
      return oldestPredecessorTs;
    }
    Version next = merged.get(at + 1);
    return isForgotten(next) ? 0 : next.commitTs();
  }

  /// What comes before the oldest of the merged versions.
  private long predecessorOfOldest(byte[] key, StoredVersion base) {
    if (base == null) {
      return 0;
    }
    // A late version below the tree's own: its predecessor is further down that one's chain.
    Version oldest = merged.getLast();
    StoredVersion below = base;
    while (below != null && below.predecessorTs() >= oldest.commitTs()) {
      long ts = below.predecessorTs();
      below = history.get(shard, key, ts);
      if (below == null) {
        below = history.resume(shard, key, ts);
        if (below != null && below.commitTs() < oldest.commitTs()) {
          return below.commitTs();
        }
      }
    }
    return below == null ? 0 : below.predecessorTs();
  }
}
