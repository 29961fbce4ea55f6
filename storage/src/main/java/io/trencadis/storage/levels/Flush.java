package io.trencadis.storage.levels;

import io.trencadis.storage.Memtable;
import io.trencadis.storage.MemtableWalk;
import io.trencadis.storage.StoredVersion;
import io.trencadis.storage.Version;
import io.trencadis.storage.history.History;
import io.trencadis.storage.tree.TreeMeta;
import io.trencadis.storage.tree.TreeWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/// Moves the memtables of all shards into base tree and version store. [#freeze] is called for each
/// shard in its writer's context, then [#write] by one thread.
public final class Flush {
  private final NodeStorage node;
  private final long position;
  private final long horizon;
  private final BitSet frozen = new BitSet();
  private final long[] appliedIndexes;
  private long highestCommitTs;
  private boolean done;

  Flush(NodeStorage node, long position, long horizon) {
    this.node = node;
    this.position = position;
    this.horizon = horizon;
    this.appliedIndexes = new long[node.shards()];
  }

  /// The log position that the tree will cover.
  public long position() {
    return position;
  }

  /// Gives the shard an empty memtable and puts the full one aside: no more than a few assignments.
  /// In the shard's writer context, once.
  public void freeze(int shard) {
    synchronized (this) {
      if (frozen.get(shard)) {
        throw new IllegalStateException("shard " + shard + " is frozen already");
      }
      LevelledStore store = node.shard(shard);
      store.freeze();
      appliedIndexes[shard] = store.appliedIndex();
      highestCommitTs = Math.max(highestCommitTs, store.highestCommitTs());
      frozen.set(shard);
    }
  }

  /// Writes everything and returns when it is durable; then the frozen memtables are gone. If it
  /// throws, they are still read, and nothing was written.
  ///
  /// @param extraMeta stored in the same transaction: name to bytes, or to null to forget it; names
  ///   do not begin with a full stop
  /// @throws io.trencadis.base.SqlException 53100 if the disk is full: call again later, with the
  ///   same metadata or what is right for the same position; anything else is the end of this
  ///   process's writing
  public synchronized void write(Map<String, byte[]> extraMeta) {
    if (frozen.cardinality() != node.shards() || done) {
      throw new IllegalStateException("not all shards are frozen, or the flush is done");
    }
    for (String name : extraMeta.keySet()) {
      if (name.isEmpty() || name.startsWith(".")) {
        throw new IllegalArgumentException("metadata name '" + name + "'");
      }
    }
    try {
      node.tree.update(writer -> writeAll(writer, extraMeta));
    } catch (RuntimeException failure) {
      node.flushFailed(failure);
      throw failure;
    }
    done = true;
    node.history.finish();
    List<Long> entries = node.tree.statistics().shardEntries();
    for (int shard = 0; shard < node.shards(); shard++) {
      node.shard(shard).dropFrozen(entries.get(shard));
    }
    node.history.trim(horizon);
    node.flushed(position, highestCommitTs);
  }

  private void writeAll(TreeWriter writer, Map<String, byte[]> extraMeta) {
    node.history.begin(horizon, highestCommitTs);
    for (int shard = 0; shard < node.shards(); shard++) {
      LevelledStore store = node.shard(shard);
      Memtable memtable = store.frozen();
      KeyMerge merge = new KeyMerge(writer, node.history, shard, horizon);
      MemtableWalk walk = memtable.walk();
      while (walk.next()) {
        merge.settle(walk.key(), walk.newest());
      }
      long highest = Math.max(memtable.highestCommitTs(), flushedHighest(writer, shard));
      writer.putMeta(
          TreeMeta.SHARD_PREFIX + shard,
          ByteBuffer.allocate(16).putLong(appliedIndexes[shard]).putLong(highest).array());
    }
    writer.dropDeletions(horizon, node.config.deletionsPerFlush());
    long highest =
        Math.max(highestCommitTs, TreeMeta.toLong(writer.meta(TreeMeta.HIGHEST_COMMIT_TS)));
    writer.putMeta(TreeMeta.POSITION, TreeMeta.ofLong(position));
    writer.putMeta(TreeMeta.HIGHEST_COMMIT_TS, TreeMeta.ofLong(highest));
    writer.putMeta(
        TreeMeta.HISTORY_FLOOR, TreeMeta.ofLong(Math.max(horizon, node.history.floor())));
    extraMeta.forEach(writer::putMeta);
  }

  private static long flushedHighest(TreeWriter writer, int shard) {
    byte[] before = writer.meta(TreeMeta.SHARD_PREFIX + shard);
    return before == null ? 0 : ByteBuffer.wrap(before).getLong(Long.BYTES);
  }

  /// Decides what becomes of one key after another: the newest version goes to the tree, older ones
  /// to the version store as far as the horizon needs them.
  private static final class KeyMerge {
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
        StoredVersion kept =
            new StoredVersion(version.commitTs(), predecessorTs(i), version.value());
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
        below = history.get(shard, key, below.predecessorTs());
      }
      return below == null ? 0 : below.predecessorTs();
    }
  }
}
