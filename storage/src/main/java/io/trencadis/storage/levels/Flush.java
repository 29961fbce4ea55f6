package io.trencadis.storage.levels;

import io.trencadis.base.ByteWriter;
import io.trencadis.storage.Memtable;
import io.trencadis.storage.MemtableWalk;
import io.trencadis.storage.Version;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunMerge;
import io.trencadis.storage.tree.TreeMeta;
import io.trencadis.storage.tree.TreeWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Moves the memtables of all shards into base tree and version store. [#freeze] is called for each
/// shard in its writer's context, then [#write] by one thread.
public final class Flush {
  private final NodeStorage node;
  private final long position;
  private final long horizon;
  private final BitSet frozen = new BitSet();
  private final List<List<Layer>> layers;
  private final long[] appliedIndexes;
  private long highestCommitTs;
  private boolean done;

  Flush(NodeStorage node, long position, long horizon) {
    this.node = node;
    this.position = position;
    this.horizon = horizon;
    this.appliedIndexes = new long[node.shards()];
    this.layers = new ArrayList<>(Collections.nCopies(node.shards(), List.of()));
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
      layers.set(shard, store.freeze());
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
      node.shard(shard).dropFrozen(layers.get(shard), entries.get(shard));
    }
    forEachRuns(runs -> runs.runs().forEach(Run::delete));
    node.history.trim();
    node.flushed(position, highestCommitTs);
  }

  private void writeAll(TreeWriter writer, Map<String, byte[]> extraMeta) {
    node.history.begin(horizon, highestCommitTs);
    for (int shard = 0; shard < node.shards(); shard++) {
      KeyMerge merge = new KeyMerge(writer, node.history, shard, horizon);
      long highest = flushedHighest(writer, shard);
      for (Layer layer : layers.get(shard).reversed()) {
        settle(layer, merge);
        highest = Math.max(highest, layer.highestCommitTs());
      }
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
    writer.putMeta(TreeMeta.RUNS, uncoveredRuns(writer));
    extraMeta.forEach(writer::putMeta);
  }

  private static void settle(Layer layer, KeyMerge merge) {
    switch (layer) {
      case Layer.Full(Memtable memtable) -> {
        MemtableWalk walk = memtable.walk();
        while (walk.next()) {
          merge.settle(walk.key(), walk.newest());
        }
      }
      case Layer.Runs runs -> {
        RunMerge all = RunMerge.all(runs.runs());
        while (all.next()) {
          merge.settle(all.key(), new Version(runs.commitTs(), all.entry().value()));
        }
      }
    }
  }

  private void forEachRuns(Consumer<Layer.Runs> action) {
    for (List<Layer> shard : layers) {
      for (Layer layer : shard) {
        if (layer instanceof Layer.Runs runs) {
          action.accept(runs);
        }
      }
    }
  }

  /// The runs that the tree holds although the log behind the covered position names them: a replay
  /// must not apply them again, and their files are gone. Pairs of a record's position and a run's
  /// id.
  private byte[] uncoveredRuns(TreeWriter writer) {
    ByteWriter list = new ByteWriter();
    byte[] before = writer.meta(TreeMeta.RUNS);
    ByteBuffer known = ByteBuffer.wrap(before == null ? new byte[0] : before);
    while (known.hasRemaining()) {
      long end = known.getLong();
      long id = known.getLong();
      if (end > position) {
        list.putLong(end).putLong(id);
      }
    }
    forEachRuns(
        runs -> {
          if (runs.position() > position) {
            runs.runs().forEach(run -> list.putLong(runs.position()).putLong(run.summary().id()));
          }
        });
    return list.length() == 0 ? null : list.toByteArray();
  }

  private static long flushedHighest(TreeWriter writer, int shard) {
    byte[] before = writer.meta(TreeMeta.SHARD_PREFIX + shard);
    return before == null ? 0 : ByteBuffer.wrap(before).getLong(Long.BYTES);
  }
}
