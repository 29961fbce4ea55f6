package io.trencadis.storage.tree;

import io.trencadis.storage.Keys;
import io.trencadis.storage.StoredVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/// A [BaseTree] in memory, for the simulator and for model tests. A committed update survives every
/// crash as long as the object does: whoever simulates one drops everything else and opens this
/// tree again. An update that throws leaves nothing behind.
public final class MemoryTree implements BaseTree {
  private record Deletion(int shard, byte[] key) {}

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final List<NavigableMap<byte[], StoredVersion>> shards = new ArrayList<>();
  private final NavigableMap<String, byte[]> meta = new TreeMap<>();
  private final NavigableMap<Long, List<Deletion>> deletions = new TreeMap<>();
  private RuntimeException nextFailure;

  public MemoryTree(int shards) {
    for (int i = 0; i < shards; i++) {
      this.shards.add(new TreeMap<>(Keys.ORDER));
    }
    meta.put(TreeMeta.FORMAT, TreeMeta.ofInt(TreeMeta.FORMAT_VERSION));
    meta.put(TreeMeta.SHARDS, TreeMeta.ofInt(shards));
  }

  /// Makes the next [#update] throw this where it would commit: a crash or a full disk.
  public void failNextCommit(RuntimeException failure) {
    nextFailure = failure;
  }

  @Override
  public int shards() {
    return shards.size();
  }

  @Override
  public StoredVersion get(int shard, byte[] key) {
    lock.readLock().lock();
    try {
      return shards.get(shard).get(key);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void read(int shard, byte[] from, byte[] to, boolean reverse, RowBatch batch) {
    batch.reset();
    lock.readLock().lock();
    try {
      NavigableMap<byte[], StoredVersion> rows = shards.get(shard);
      if (from != null && to != null && Keys.compare(from, to) >= 0) {
        batch.markEnd();
        return;
      }
      if (from != null) {
        rows = rows.tailMap(from, true);
      }
      if (to != null) {
        rows = rows.headMap(to, false);
      }
      for (Map.Entry<byte[], StoredVersion> row :
          (reverse ? rows.descendingMap() : rows).entrySet()) {
        if (batch.isFull()) {
          return;
        }
        StoredVersion version = row.getValue();
        batch.add(row.getKey(), version.commitTs(), version.predecessorTs(), version.value());
      }
      batch.markEnd();
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public byte[] meta(String name) {
    lock.readLock().lock();
    try {
      byte[] value = meta.get(name);
      return value == null ? null : value.clone();
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public SortedMap<String, byte[]> metaWithPrefix(String prefix) {
    lock.readLock().lock();
    try {
      SortedMap<String, byte[]> found = new TreeMap<>();
      for (Map.Entry<String, byte[]> entry : meta.tailMap(prefix, true).entrySet()) {
        if (!entry.getKey().startsWith(prefix)) {
          break;
        }
        found.put(entry.getKey(), entry.getValue().clone());
      }
      return found;
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void update(Consumer<TreeWriter> work) {
    lock.writeLock().lock();
    try {
      Writer writer = new Writer();
      boolean committed = false;
      try {
        work.accept(writer);
        RuntimeException failure = nextFailure;
        nextFailure = null;
        if (failure != null) {
          throw failure;
        }
        committed = true;
      } finally {
        if (!committed) {
          writer.undo();
        }
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public TreeStatistics statistics() {
    lock.readLock().lock();
    try {
      List<Long> entries = new ArrayList<>();
      shards.forEach(shard -> entries.add((long) shard.size()));
      List<Long> bytes = Collections.nCopies(entries.size(), 0L);
      return new TreeStatistics(0, 0, 0, 0, 0, 1, entries, bytes);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public TreeReport verify() {
    lock.readLock().lock();
    try {
      Tally tally = new Tally();
      for (NavigableMap<byte[], StoredVersion> shard : shards) {
        shard.forEach(tally::count);
      }
      return tally.report();
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void close() {
    // What was committed stays for whoever opens it next.
  }

  /// Writes in place and remembers how to take it back.
  private final class Writer implements TreeWriter {
    private final Deque<Runnable> undo = new ArrayDeque<>();

    void undo() {
      while (!undo.isEmpty()) {
        undo.pop().run();
      }
    }

    private <K, V> void set(Map<K, V> map, K key, V value) {
      V before = value == null ? map.remove(key) : map.put(key, value);
      undo.push(
          () -> {
            if (before == null) {
              map.remove(key);
            } else {
              map.put(key, before);
            }
          });
    }

    @Override
    public StoredVersion get(int shard, byte[] key) {
      return shards.get(shard).get(key);
    }

    @Override
    public void put(int shard, byte[] key, StoredVersion version) {
      set(shards.get(shard), key, version);
      if (version.value() == null) {
        List<Deletion> more =
            new ArrayList<>(deletions.getOrDefault(version.commitTs(), List.of()));
        more.add(new Deletion(shard, key));
        set(deletions, version.commitTs(), more);
      }
    }

    @Override
    public void delete(int shard, byte[] key) {
      set(shards.get(shard), key, null);
    }

    @Override
    public int dropDeletions(long horizon, int limit) {
      int done = 0;
      while (done < limit && !deletions.isEmpty() && deletions.firstKey() <= horizon) {
        long ts = deletions.firstKey();
        for (Deletion deletion : deletions.get(ts)) {
          StoredVersion found = get(deletion.shard(), deletion.key());
          if (found != null && found.value() == null && found.commitTs() == ts) {
            delete(deletion.shard(), deletion.key());
          }
          done++;
        }
        set(deletions, ts, null);
      }
      return done;
    }

    @Override
    public byte[] meta(String name) {
      return meta.get(name);
    }

    @Override
    public void putMeta(String name, byte[] value) {
      set(meta, name, value == null ? null : value.clone());
    }
  }
}
