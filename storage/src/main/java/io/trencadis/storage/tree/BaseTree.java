package io.trencadis.storage.tree;

import io.trencadis.base.SqlException;
import io.trencadis.storage.StoredVersion;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.function.Consumer;

/// An ordered map per shard from keys to their newest flushed version, deletions included, and a
/// small map of metadata, all in one durable file. Reads are thread-safe and see the last committed
/// [#update]; one update runs at a time.
///
/// A damaged value is an `SqlException` XX001 that names its place; a failed read XX001 or 58030.
public interface BaseTree extends AutoCloseable {
  /// The longest key that can be stored, in bytes: PostgreSQL's limit for a B-tree entry of an 8 kB
  /// page. The caller refuses longer ones (54000).
  int MAX_KEY_BYTES = 2704;

  /// How many shards there is room for.
  int shards();

  /// The key's newest flushed version, which may be a deletion; null if there is none.
  StoredVersion get(int shard, byte[] key);

  /// What [#get] gives for each of several keys. Keys that lie near the one before them cost least,
  /// so they come best in order.
  ///
  /// @param count how many of `keys` mean something
  /// @param found where each key's version is put, or null
  default void get(int shard, byte[][] keys, int count, StoredVersion[] found) {
    for (int i = 0; i < count; i++) {
      found[i] = get(shard, keys[i]);
    }
  }

  /// Copies versions with `from <= key < to` into `batch`, which is emptied first, until it is full
  /// or the range ends. Scans call this again with the last key they got as the new bound, so that
  /// none holds pages that the writer could use again.
  ///
  /// @param from null for the first key
  /// @param to null for the last
  void read(int shard, byte[] from, byte[] to, boolean reverse, RowBatch batch);

  /// A copy of a metadata value, or null.
  byte[] meta(String name);

  /// Copies of all metadata whose names begin with `prefix`.
  SortedMap<String, byte[]> metaWithPrefix(String prefix);

  /// Runs `work` as one write transaction and makes it durable; if that throws, nothing happened.
  /// The work may be run again from its start when the file has to grow.
  ///
  /// @throws io.trencadis.base.SqlException 53100 if the disk or the allowed size is full, 58030 if
  ///   writing failed for another reason, after which durability is unknown and the tree must not
  ///   be written to any more
  void update(Consumer<TreeWriter> work);

  /// Sizes, as of the last commit.
  TreeStatistics statistics();

  /// Reads everything and says what is wrong, as of one moment. Readers and writers go on
  /// meanwhile, but pages they free are not used again until it ends.
  TreeReport verify();

  /// Makes a durable copy of the whole tree, as of one moment, which can be opened as a tree.
  /// Readers and writers go on meanwhile; a writer waits only where the file has to grow much.
  ///
  /// @param target a directory that is empty, or made
  /// @throws io.trencadis.base.SqlException 58030 if it cannot be written; 0A000 for a tree in
  ///   memory
  default void copyTo(Path target) {
    throw SqlException.notSupported("copying a tree in memory");
  }

  /// Waits for reads to end; reads that come later fail.
  @Override
  void close();
}
