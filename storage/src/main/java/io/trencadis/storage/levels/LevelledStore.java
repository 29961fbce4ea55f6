package io.trencadis.storage.levels;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.Keys;
import io.trencadis.storage.Memtable;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.StoredVersion;
import io.trencadis.storage.Version;
import io.trencadis.storage.Write;
import io.trencadis.storage.history.History;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunStore;
import io.trencadis.storage.tree.BaseTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// One shard on all levels. As every [io.trencadis.storage.ShardStore] it has one writer at a time
/// and lock-free readers.
///
/// A read below the history floor fails with 72000 *snapshot too old*, unless it is an open
/// snapshot's, or the shard has no commit above its timestamp, when nothing can have been dropped
/// that it needs.
///
/// Commits of one key arrive in the order of their timestamps. The exceptions, found by looking at
/// the lower levels, are replayed commits that a flush had covered, which change nothing, and late
/// ones, for which what is above them is copied up.
public final class LevelledStore implements RunStore {
  /// What lies above the tree: reads look at one such list, however it is replaced meanwhile.
  ///
  /// @param lower newest first
  record Levels(Memtable active, List<Layer> lower) {}

  final int shard;
  final BaseTree tree;
  final History history;
  private volatile Levels levels = new Levels(Memtable.overOtherLevels(), List.of());
  private volatile long prunedTo;

  /// At or above every commit timestamp of this shard, raised before a commit is installed.
  private volatile long announcedTs;

  private volatile long highestCommitTs;
  private volatile long appliedIndex;

  /// At or above every commit timestamp below the active memtable.
  private volatile long lowerHighestTs;

  private volatile long treeEntries;

  private final Runnable onRuns;

  /// @param onRuns told when runs have come in
  LevelledStore(
      int shard,
      BaseTree tree,
      History history,
      long appliedIndex,
      long highestCommitTs,
      long treeEntries,
      Runnable onRuns) {
    this.onRuns = onRuns;
    this.shard = shard;
    this.tree = tree;
    this.history = history;
    this.appliedIndex = appliedIndex;
    this.highestCommitTs = highestCommitTs;
    this.announcedTs = highestCommitTs;
    this.lowerHighestTs = highestCommitTs;
    this.treeEntries = treeEntries;
  }

  @Override
  public Version read(byte[] key, long ts) {
    Levels now = levels;
    Version found = now.active.read(key, ts);
    for (int i = 0; found == null && i < now.lower.size(); i++) {
      found = now.lower.get(i).read(key, ts);
    }
    if (found == null && treeEntries > 0) {
      found = visible(key, tree.get(shard, key), ts);
    }
    requireHistory(ts);
    return found;
  }

  @Override
  public void get(byte[][] keys, int count, long ts, byte[][] rows) {
    Levels now = levels;
    byte[][] below = new byte[count][];
    int[] places = new int[count];
    int missing = 0;
    for (int i = 0; i < count; i++) {
      Version found = now.active.read(keys[i], ts);
      for (int j = 0; found == null && j < now.lower.size(); j++) {
        found = now.lower.get(j).read(keys[i], ts);
      }
      rows[i] = found == null ? null : found.value();
      if (found == null) {
        below[missing] = keys[i];
        places[missing++] = i;
      }
    }
    if (missing > 0 && treeEntries > 0) {
      StoredVersion[] stored = new StoredVersion[missing];
      tree.get(shard, below, missing, stored);
      for (int i = 0; i < missing; i++) {
        Version version = visible(below[i], stored[i], ts);
        rows[places[i]] = version == null ? null : version.value();
      }
    }
    requireHistory(ts);
  }

  /// The newest version at or before `ts` among one from the tree and those before it.
  ///
  /// @param newest may be null
  Version visible(byte[] key, StoredVersion newest, long ts) {
    StoredVersion version = newest;
    while (version != null && version.commitTs() > ts) {
      version = predecessor(key, version, ts);
    }
    return version;
  }

  /// @param ts what is looked for is the newest at or before it
  private StoredVersion predecessor(byte[] key, StoredVersion version, long ts) {
    if (version.predecessorTs() == 0) {
      return null;
    }
    StoredVersion found = history.get(shard, key, version.predecessorTs());
    if (found != null) {
      return found;
    }
    if (!history.isOpen(ts)) {
      throw tooOld();
    }
    return history.resume(shard, key, version.predecessorTs());
  }

  private static SqlException tooOld() {
    return new SqlException(SqlState.SNAPSHOT_TOO_OLD, "snapshot too old");
  }

  private long floor() {
    return Math.max(history.floor(), prunedTo);
  }

  /// To be called after rows have been read: what was dropped before is below the floor.
  void requireHistory(long ts) {
    if (ts < floor() && ts < announcedTs && !history.isOpen(ts)) {
      throw tooOld();
    }
  }

  @Override
  public Version latest(byte[] key) {
    Levels now = levels;
    Version found = now.active.latest(key);
    return found == null ? latestBelow(now, key) : found;
  }

  private Version latestBelow(Levels now, byte[] key) {
    for (Layer layer : now.lower) {
      Version found = layer.latest(key);
      if (found != null) {
        return found;
      }
    }
    return treeEntries > 0 ? tree.get(shard, key) : null;
  }

  @Override
  public RowScan scan(byte[] from, byte[] to, long ts, boolean reverse) {
    Levels now = levels;
    return new LevelledScan(this, now, treeEntries > 0, from, to, ts, reverse);
  }

  @Override
  public void apply(Collection<? extends Write> writes, long commitTs, long logIndex) {
    if (commitTs > announcedTs) {
      announcedTs = commitTs;
    }
    Memtable active = levels.active;
    active.apply(
        commitTs > lowerHighestTs ? writes : settleLate(writes, commitTs, logIndex),
        commitTs,
        logIndex);
    applied(commitTs, logIndex);
  }

  private void applied(long commitTs, long logIndex) {
    if (commitTs > highestCommitTs) {
      highestCommitTs = commitTs;
    }
    if (logIndex > appliedIndex) {
      appliedIndex = logIndex;
    }
  }

  @Override
  public void applyRuns(List<Run> runs, long commitTs, long logIndex) {
    if (commitTs > announcedTs) {
      announcedTs = commitTs;
    }
    lowerHighestTs = Math.max(lowerHighestTs, commitTs);
    push(new Layer.Runs(List.copyOf(runs), commitTs, logIndex));
    applied(commitTs, logIndex);
    onRuns.run();
  }

  /// In the writer's context: an empty memtable takes over. The full one and what came on top of it
  /// become layers.
  ///
  /// @param above null if there is nothing above the full memtable
  private synchronized void push(Layer above) {
    Memtable full = levels.active;
    lowerHighestTs = Math.max(lowerHighestTs, full.highestCommitTs());
    List<Layer> lower = new ArrayList<>(levels.lower.size() + 2);
    if (above != null) {
      lower.add(above);
    }
    if (full.keyCount() > 0) {
      lower.add(new Layer.Full(full));
    }
    lower.addAll(levels.lower);
    Memtable empty = Memtable.overOtherLevels();
    empty.discardBelow(prunedTo);
    levels = new Levels(empty, List.copyOf(lower));
  }

  /// The lower levels may hold this commit already, or later ones of the same keys, which the
  /// memtable would hide.
  private List<Write> settleLate(Collection<? extends Write> writes, long ts, long logIndex) {
    List<Write> kept = new ArrayList<>(writes.size());
    for (Write write : writes) {
      if (settle(write.key(), ts, logIndex)) {
        kept.add(write);
      }
    }
    return kept;
  }

  /// Copies what the lower levels hold above `ts` into the memtable.
  ///
  /// @return false if the write at `ts` is there already, or no read can see it
  private boolean settle(byte[] key, long ts, long logIndex) {
    Levels now = levels;
    List<Version> lower = lowerVersions(now, key, ts);
    if (lower.isEmpty()) {
      return true;
    }
    long next = lower.getLast().commitTs();
    // Between the write and the next newer version there may be no timestamp that is read.
    if (next == ts || next <= floor()) {
      return false;
    }
    for (Version newer : lower) {
      if (!holds(now.active, key, newer.commitTs())) {
        now.active.apply(List.of(Write.of(key, newer.value())), newer.commitTs(), logIndex);
      }
    }
    return !holds(now.active, key, ts);
  }

  /// The key's versions below the active memtable that are not older than `ts`, newest first.
  private List<Version> lowerVersions(Levels now, byte[] key, long ts) {
    List<Version> found = new ArrayList<>();
    for (Layer layer : now.lower) {
      Version version = layer.latest(key);
      for (; version != null && version.commitTs() >= ts; version = version.previous()) {
        addOlder(found, version);
      }
    }
    StoredVersion stored = treeEntries > 0 ? tree.get(shard, key) : null;
    while (stored != null && stored.commitTs() >= ts) {
      // A flush that has just committed leaves versions on both levels for a moment.
      addOlder(found, stored);
      stored = stored.predecessorTs() == 0 ? null : history.get(shard, key, stored.predecessorTs());
    }
    return found;
  }

  private static void addOlder(List<Version> found, Version version) {
    if (found.isEmpty() || version.commitTs() < found.getLast().commitTs()) {
      found.add(version);
    }
  }

  private static boolean holds(Memtable memtable, byte[] key, long ts) {
    Version version = memtable.read(key, ts);
    return version != null && version.commitTs() == ts;
  }

  @Override
  public void discardBelow(long horizon) {
    if (horizon > prunedTo) {
      prunedTo = horizon;
    }
    levels.active.discardBelow(horizon);
  }

  @Override
  public long appliedIndex() {
    return appliedIndex;
  }

  @Override
  public long highestCommitTs() {
    return highestCommitTs;
  }

  /// About how many keys there are: one on several levels counts on each.
  @Override
  public long keyCount() {
    Levels now = levels;
    long count = now.active.keyCount() + treeEntries;
    for (Layer layer : now.lower) {
      count += layer.keyCount();
    }
    return count;
  }

  /// Memory of the memtable that is written to.
  long activeBytes() {
    return levels.active.bytes();
  }

  /// Memory of all memtables.
  long memtableBytes() {
    Levels now = levels;
    long bytes = now.active.bytes();
    for (Layer layer : now.lower) {
      bytes += layer.bytes();
    }
    return bytes;
  }

  /// In the writer's context: an empty memtable takes over.
  ///
  /// @return what the next flush has to merge, newest first
  List<Layer> freeze() {
    push(null);
    return levels.lower;
  }

  /// In the writer's context, while no flush is running: nothing is here any more but what the tree
  /// has, which [NodeStorage#erase] takes away next. Nobody reads meanwhile.
  public synchronized void forget() {
    levels = new Levels(Memtable.overOtherLevels(), List.of());
    announcedTs = 0;
    highestCommitTs = 0;
    lowerHighestTs = 0;
    appliedIndex = 0;
  }

  /// How many layers reads have to go through before they come to the tree.
  int layers() {
    return levels.lower.size();
  }

  /// Whether runs wait for a flush.
  boolean hasRuns() {
    for (Layer layer : levels.lower) {
      if (layer instanceof Layer.Runs) {
        return true;
      }
    }
    return false;
  }

  /// The tree holds what was frozen. In the writer's context or not: only the flush takes layers
  /// away, and only below those that come.
  ///
  /// @param entries keys in the tree now
  synchronized void dropFrozen(List<Layer> flushed, long entries) {
    entriesCounted(entries);
    Levels now = levels;
    int left = now.lower.size() - flushed.size();
    levels = new Levels(now.active, List.copyOf(now.lower.subList(0, left)));
  }

  /// @param entries keys in the tree now
  void entriesCounted(long entries) {
    treeEntries = entries;
  }

  /// The key's place in the order of a scan.
  static int order(byte[] a, byte[] b, boolean reverse) {
    return reverse ? Keys.compare(b, a) : Keys.compare(a, b);
  }
}
