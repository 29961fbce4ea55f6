package io.trencadis.sharding.local;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.StoredVersion;
import io.trencadis.storage.tree.BaseTree;
import io.trencadis.storage.tree.MemoryTree;
import io.trencadis.storage.tree.RowBatch;
import io.trencadis.storage.tree.TreeReport;
import io.trencadis.storage.tree.TreeStatistics;
import io.trencadis.storage.tree.TreeWriter;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A tree in memory that takes a given number of updates and none after those.
final class FailingTree implements BaseTree {
  private final MemoryTree tree;
  private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);

  FailingTree(int shards) {
    tree = new MemoryTree(shards);
  }

  void takes(int updates) {
    left.set(updates);
  }

  long entries() {
    return tree.statistics().shardEntries().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public int shards() {
    return tree.shards();
  }

  @Override
  public StoredVersion get(int shard, byte[] key) {
    return tree.get(shard, key);
  }

  @Override
  public void read(int shard, byte[] from, byte[] to, boolean reverse, RowBatch batch) {
    tree.read(shard, from, to, reverse, batch);
  }

  @Override
  public byte[] meta(String name) {
    return tree.meta(name);
  }

  @Override
  public SortedMap<String, byte[]> metaWithPrefix(String prefix) {
    return tree.metaWithPrefix(prefix);
  }

  @Override
  public void update(Consumer<TreeWriter> work) {
    if (left.getAndDecrement() <= 0) {
      left.set(0);
      throw new SqlException(SqlState.DISK_FULL, "no more updates");
    }
    tree.update(work);
  }

  @Override
  public TreeStatistics statistics() {
    return tree.statistics();
  }

  @Override
  public TreeReport verify() {
    return tree.verify();
  }

  @Override
  public void close() {
    tree.close();
  }
}
