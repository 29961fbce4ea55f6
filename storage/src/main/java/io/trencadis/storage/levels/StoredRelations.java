package io.trencadis.storage.levels;

import io.trencadis.storage.Keys;
import io.trencadis.storage.tree.RowBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Which relations the base tree has entries of, and how those go that nobody reads any more. For
/// the thread that flushes: nobody else may write to the tree meanwhile.
///
/// Nothing is noted down of what is being removed: whoever does it finds the rest by [#ids] after a
/// crash.
public final class StoredRelations {
  /// Entries that one durable transaction removes: some hundredths of a second.
  static final int STEP = 8192;

  private final NodeStorage node;
  private final RowBatch batch = new RowBatch();

  StoredRelations(NodeStorage node) {
    this.node = node;
  }

  /// The relations that have entries in any shard. Costs two searches for each.
  public Set<Integer> ids() {
    Set<Integer> found = new TreeSet<>();
    batch.limit(1);
    for (int shard = 0; shard < node.shards(); shard++) {
      byte[] from = null;
      do {
        node.tree.read(shard, from, null, false, batch);
        if (batch.size() == 0) {
          break;
        }
        int id = Keys.relationId(batch.key(0));
        found.add(id);
        from = Keys.relationEnd(id);
      } while (from != null);
    }
    return found;
  }

  /// The keys of a shard that lie in a range.
  public List<byte[]> keys(int shard, byte[] from, byte[] to) {
    List<byte[]> found = new ArrayList<>();
    batch.limit(STEP);
    byte[] next = from;
    do {
      node.tree.read(shard, next, to, false, batch);
      for (int i = 0; i < batch.size(); i++) {
        found.add(batch.key(i));
      }
      if (batch.size() > 0) {
        next = Keys.successor(batch.key(batch.size() - 1));
      }
    } while (!batch.isEnd());
    return found;
  }

  /// Removes some of what a shard has in a range, in one durable transaction. What memtables hold
  /// of it comes into the tree with the next flush, and has to be removed then.
  ///
  /// @param horizon no read of the range below this may still find anything: the history floor
  ///   rises to it
  /// @return whether there may be more
  public boolean removeSome(int shard, byte[] from, byte[] to, long horizon) {
    batch.limit(STEP);
    node.tree.read(shard, from, to, false, batch);
    if (batch.size() == 0) {
      return false;
    }
    List<byte[]> keys = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      keys.add(batch.key(i));
    }
    remove(shard, keys, horizon);
    return !batch.isEnd();
  }

  /// Removes a few keys, in one durable transaction, as [#removeSome].
  public void remove(int shard, List<byte[]> keys, long horizon) {
    node.history.raiseFloor(horizon);
    node.tree.update(writer -> keys.forEach(key -> writer.delete(shard, key)));
    node.shard(shard).entriesCounted(node.tree.statistics().shardEntries().get(shard));
  }
}
