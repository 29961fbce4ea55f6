package io.trencadis.storage;

import java.util.Collection;

/// A [ShardStore] in memory: a skip list for order, a hash index for exact keys, a chain of
/// versions a key.
///
/// Memory a row, with compressed references: node 32, version 32, key and value 16 each and their
/// bytes, index and towers about 16; [#bytes] counts that way.
public final class Memtable implements ShardStore {
  private static final int KEY_BYTES = 64;
  private static final int VERSION_BYTES = 48;

  private final OrderedNodes ordered = new OrderedNodes();
  private final KeyIndex index = new KeyIndex();
  private final Garbage garbage = new Garbage();
  private volatile long horizon;
  private volatile long appliedIndex;
  private volatile long highestCommitTs;
  private volatile long keyCount;
  private volatile long bytes;

  /// Whether a deletion may take its key along once nobody can see what was before it.
  private final boolean forgetsDeletions;

  /// A store of its own: nothing lies below.
  public Memtable() {
    this(true);
  }

  private Memtable(boolean forgetsDeletions) {
    this.forgetsDeletions = forgetsDeletions;
  }

  /// A memtable that lies over other levels: its deletions hide what those hold, so they stay.
  public static Memtable overOtherLevels() {
    return new Memtable(false);
  }

  @Override
  public Version read(byte[] key, long ts) {
    Node node = index.find(key, Keys.hash(key));
    return node == null ? null : Version.visible(node.newest, ts);
  }

  @Override
  public Version latest(byte[] key) {
    Node node = index.find(key, Keys.hash(key));
    return node == null ? null : node.newest;
  }

  @Override
  public RowScan scan(byte[] from, byte[] to, long ts, boolean reverse) {
    return reverse
        ? new ReverseScan(ordered, from, to, ts, false)
        : new ForwardScan(ordered, from, to, ts, false);
  }

  /// As [#scan], with the deletions: their value is null.
  public RowScan scanWithDeletions(byte[] from, byte[] to, long ts, boolean reverse) {
    return reverse
        ? new ReverseScan(ordered, from, to, ts, true)
        : new ForwardScan(ordered, from, to, ts, true);
  }

  /// All that is there, for a flush.
  public MemtableWalk walk() {
    return new MemtableWalk(ordered.first());
  }

  /// About how much memory keys and versions take.
  public long bytes() {
    return bytes;
  }

  @Override
  public void apply(Collection<? extends Write> writes, long commitTs, long logIndex) {
    long added = 0;
    long grown = 0;
    for (Write write : writes) {
      byte[] key = write.key();
      int hash = Keys.hash(key);
      Node node = index.find(key, hash);
      Version version = new Version(commitTs, write.value());
      grown += VERSION_BYTES + (write.value() == null ? 0 : write.value().length);
      if (node == null) {
        grown += KEY_BYTES + key.length;
        node = new Node(key, hash, OrderedNodes.heightFor(hash));
        node.newest = version;
        ordered.insert(node);
        index.add(node);
        added++;
        if (write.value() == null && forgetsDeletions) {
          garbage.add(commitTs, node);
        }
      } else {
        link(node, version);
        garbage.add(commitTs, node);
      }
    }
    bytes = bytes + grown;
    if (added > 0) {
      keyCount = keyCount + added;
    }
    if (commitTs > highestCommitTs) {
      highestCommitTs = commitTs;
    }
    appliedIndex = logIndex;
  }

  private static void link(Node node, Version version) {
    Version newer = null;
    Version older = node.newest;
    while (older != null && older.commitTs() > version.commitTs()) {
      newer = older;
      older = older.previous;
    }
    version.previous = older;
    if (newer == null) {
      node.newest = version;
    } else {
      newer.previous = version;
    }
  }

  @Override
  public void discardBelow(long newHorizon) {
    if (newHorizon > horizon) {
      horizon = newHorizon;
    }
    long removed = 0;
    // Commits are applied nearly in timestamp order; one that is late waits for its predecessor in
    // the queue.
    while (!garbage.isEmpty() && garbage.firstTs() <= horizon) {
      if (prune(garbage.poll())) {
        removed++;
      }
    }
    if (removed > 0) {
      keyCount = keyCount - removed;
    }
  }

  /// Cuts off what no read at or above the horizon can see.
  ///
  /// @return whether nothing was left and the node is gone
  private boolean prune(Node node) {
    Version newest = node.newest;
    if (newest == null) {
      return false;
    }
    Version kept = Version.visible(newest, horizon);
    if (kept == null) {
      return false;
    }
    long freed = 0;
    for (Version dropped = kept.previous; dropped != null; dropped = dropped.previous) {
      freed += VERSION_BYTES + (dropped.value() == null ? 0 : dropped.value().length);
    }
    kept.previous = null;
    if (!forgetsDeletions || kept != newest || kept.value() != null) {
      bytes = bytes - freed;
      return false;
    }
    // A reader that still holds the node sees no row either way. Null tells a second entry in the
    // queue.
    bytes = bytes - freed - VERSION_BYTES - KEY_BYTES - node.key.length;
    node.newest = null;
    ordered.remove(node);
    index.remove(node);
    return true;
  }

  @Override
  public long appliedIndex() {
    return appliedIndex;
  }

  @Override
  public long highestCommitTs() {
    return highestCommitTs;
  }

  @Override
  public long keyCount() {
    return keyCount;
  }
}
