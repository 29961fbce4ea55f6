package io.trencadis.storage.levels;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.history.History;
import io.trencadis.storage.history.Kept;
import io.trencadis.storage.history.VersionStore;
import io.trencadis.storage.tree.BaseTree;
import io.trencadis.storage.tree.RowBatch;
import io.trencadis.storage.tree.TreeMeta;
import io.trencadis.storage.tree.TreeReport;
import io.trencadis.storage.tree.TreeStatistics;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.LongAdder;

/// All shards of a node over one base tree: hands out a [LevelledStore] each and flushes them
/// together, so that one durable transaction holds their data and the log position it covers.
///
/// Thread-safe. To recover: open, replay the log behind [#coveredPosition] into the stores, serve.
public final class NodeStorage implements AutoCloseable {
  /// Beyond so many, writers wait for the flush as they do for memory.
  private static final int MOST_LAYERS = 32;

  /// Each piece is a transaction of the tree, with an fsync of its own.
  private static final int ERASED_AT_ONCE = 4_096;

  final BaseTree tree;
  final History history;
  final StorageConfig config;
  private final List<LevelledStore> stores = new ArrayList<>();
  private final Object room = new Object();
  private volatile long coveredPosition;
  private volatile long flushedTs;
  private volatile Flush running;
  private volatile SqlException lastFailure;
  private volatile long flushes;
  private final LongAdder stalls = new LongAdder();
  private volatile Runnable onRuns = () -> {};

  /// As of the start.
  private final Set<Long> flushedRuns = new HashSet<>();

  private NodeStorage(BaseTree tree, VersionStore.Factory factory, StorageConfig config) {
    this.tree = tree;
    this.config = config;
    coveredPosition = TreeMeta.toLong(tree.meta(TreeMeta.POSITION));
    flushedTs = TreeMeta.toLong(tree.meta(TreeMeta.HIGHEST_COMMIT_TS));
    // The version store went with the last process.
    long floor = Math.max(flushedTs, TreeMeta.toLong(tree.meta(TreeMeta.HISTORY_FLOOR)));
    history = new History(factory, config.historyBytes(), floor);
    List<Long> entries = tree.statistics().shardEntries();
    for (int shard = 0; shard < tree.shards(); shard++) {
      byte[] flushed = tree.meta(TreeMeta.SHARD_PREFIX + shard);
      ByteBuffer numbers = ByteBuffer.wrap(flushed == null ? new byte[16] : flushed);
      long appliedIndex = numbers.getLong();
      stores.add(
          new LevelledStore(
              shard,
              tree,
              history,
              appliedIndex,
              numbers.getLong(),
              entries.get(shard),
              () -> onRuns.run()));
    }
    byte[] runs = tree.meta(TreeMeta.RUNS);
    ByteBuffer pairs = ByteBuffer.wrap(runs == null ? new byte[0] : runs);
    while (pairs.hasRemaining()) {
      pairs.getLong();
      flushedRuns.add(pairs.getLong());
    }
  }

  /// Opens what a tree holds. Closing this closes the tree.
  ///
  /// @param factory makes the version store when the first superseded version has to be kept
  public static NodeStorage open(
      BaseTree tree, VersionStore.Factory factory, StorageConfig config) {
    return new NodeStorage(tree, factory, config);
  }

  public int shards() {
    return stores.size();
  }

  /// @param number 0 and up
  public LevelledStore shard(int number) {
    return stores.get(number);
  }

  /// The log position that the last flush covered: whatever the log has at or before it is in the
  /// tree.
  public long coveredPosition() {
    return coveredPosition;
  }

  /// The highest commit timestamp of all shards, flushed or not.
  public long highestCommitTs() {
    long highest = flushedTs;
    for (LevelledStore store : stores) {
      highest = Math.max(highest, store.highestCommitTs());
    }
    return highest;
  }

  /// Reads below this timestamp are answered with 72000.
  public long historyFloor() {
    return history.floor();
  }

  /// The ids of runs that the tree held when it was opened, although the log behind the covered
  /// position still names them.
  public Set<Long> heldRuns() {
    return Collections.unmodifiableSet(flushedRuns);
  }

  /// Whom to tell when runs have come into a shard: they slow down reads until they are flushed.
  public void onRuns(Runnable listener) {
    onRuns = listener;
  }

  /// What a flush was given to keep, or null.
  public byte[] meta(String name) {
    return tree.meta(name);
  }

  /// What flushes were given to keep under names that begin so.
  public SortedMap<String, byte[]> metaWithPrefix(String prefix) {
    return tree.metaWithPrefix(prefix);
  }

  /// Memory of all memtables, frozen ones included, in bytes.
  public long memtableBytes() {
    long bytes = 0;
    for (LevelledStore store : stores) {
      bytes += store.memtableBytes();
    }
    return bytes;
  }

  /// Memory of a shard's memtables, frozen ones included, in bytes.
  public long memtableBytes(int shard) {
    return stores.get(shard).memtableBytes();
  }

  /// Flushes completed since it was opened.
  public long flushes() {
    return flushes;
  }

  /// How often a writer had to wait until a flush made room.
  public long stalls() {
    return stalls.sum();
  }

  /// Memory of superseded versions, in bytes.
  public long historyBytes() {
    return history.bytes();
  }

  /// How many superseded versions are kept.
  public long historyVersions() {
    return history.count();
  }

  /// What each shard takes, in memory and in the base tree as of the last flush, in bytes.
  public long[] shardBytes() {
    List<Long> tree = treeStatistics().shardBytes();
    long[] bytes = new long[stores.size()];
    for (int shard = 0; shard < bytes.length; shard++) {
      bytes[shard] = tree.get(shard) + memtableBytes(shard);
    }
    return bytes;
  }

  /// Sizes of the base tree as of the last flush.
  public TreeStatistics treeStatistics() {
    return tree.statistics();
  }

  /// Reads the whole base tree and says what is wrong with it.
  public TreeReport verify() {
    return tree.verify();
  }

  /// Copies the base tree as of its last flush; see [BaseTree#copyTo].
  public void copyTree(Path target) {
    tree.copyTo(target);
  }

  /// Whether no flush is running or waiting to be repeated, and the memtables have reached half of
  /// what they may take, or there are runs.
  public boolean needsFlush() {
    if (running != null) {
      return false;
    }
    if (hasRuns()) {
      return true;
    }
    long active = 0;
    for (LevelledStore store : stores) {
      active += store.activeBytes();
    }
    return active >= config.memtableBytes() / 2;
  }

  /// Whether runs wait for a flush.
  public boolean hasRuns() {
    for (LevelledStore store : stores) {
      if (store.hasRuns()) {
        return true;
      }
    }
    return false;
  }

  /// Whether the memtables have reached what they may take: writers have to wait for the flush.
  public boolean full() {
    for (LevelledStore store : stores) {
      if (store.layers() > MOST_LAYERS) {
        return true;
      }
    }
    return memtableBytes() >= config.memtableBytes();
  }

  /// Returns when the memtables have room.
  ///
  /// @throws SqlException 53100 or 58030 if they have not, and the last flush failed with that
  public void awaitRoom() throws InterruptedException {
    if (!full()) {
      return;
    }
    stalls.increment();
    synchronized (room) {
      while (full()) {
        SqlException failure = lastFailure;
        if (failure != null) {
          throw failure;
        }
        room.wait();
      }
    }
  }

  /// The base tree's entries by relation.
  public StoredRelations relations() {
    return new StoredRelations(this);
  }

  /// Begins a flush: next each shard is frozen in its writer's context, then [Flush#write] is
  /// called from any one thread.
  ///
  /// @param coversPosition every record of the log at or before it has been applied to the stores,
  ///   and is durable there
  /// @param kept which times can still be read
  /// @throws IllegalStateException if a flush is running or waits to be repeated
  public synchronized Flush beginFlush(long coversPosition, Kept kept) {
    if (running != null) {
      throw new IllegalStateException("a flush is running");
    }
    running = new Flush(this, Math.max(coversPosition, coveredPosition), kept.horizon());
    history.keepFor(kept);
    return running;
  }

  /// The flush that was begun and is not done, or null. One that failed for a full disk is written
  /// again.
  public Flush runningFlush() {
    return running;
  }

  /// Takes a piece of a shard out of the tree. Its store was told to [LevelledStore#forget], nobody
  /// writes to it, and no flush runs, but may between two pieces.
  ///
  /// @param meta what flushes kept for it, to be forgotten with the last piece
  /// @return whether that was the last one
  /// @throws SqlException as [Flush#write]
  public boolean erase(int shard, String meta) {
    if (running != null) {
      throw new IllegalStateException("a flush is running");
    }
    RowBatch batch = new RowBatch();
    batch.limit(ERASED_AT_ONCE);
    tree.read(shard, null, null, false, batch);
    tree.update(
        writer -> {
          for (int row = 0; row < batch.size(); row++) {
            writer.delete(shard, batch.key(row));
          }
          if (batch.isEnd()) {
            writer.putMeta(TreeMeta.SHARD_PREFIX + shard, null);
            writer.putMeta(meta, null);
          }
        });
    stores.get(shard).entriesCounted(tree.statistics().shardEntries().get(shard));
    return batch.isEnd();
  }

  void flushed(long position, long highestTs) {
    coveredPosition = position;
    flushedTs = Math.max(flushedTs, highestTs);
    lastFailure = null;
    running = null;
    // One flush runs at a time.
    flushes = flushes + 1;
    wakeWriters();
  }

  /// Nobody may go on waiting for room that a flush was to make: it has failed, whether in writing
  /// or before. Those who wait get the failure.
  public void flushFailed(Throwable failure) {
    lastFailure =
        failure instanceof SqlException known
            ? known
            : new SqlException(SqlState.IO_ERROR, "could not flush: " + failure, failure);
    wakeWriters();
  }

  private void wakeWriters() {
    synchronized (room) {
      room.notifyAll();
    }
  }

  /// Closes the tree and gives up the version store; memtables not flushed are lost. No other call
  /// may be running.
  @Override
  public void close() {
    tree.close();
    history.close();
  }
}
