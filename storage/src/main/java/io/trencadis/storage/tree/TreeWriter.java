package io.trencadis.storage.tree;

import io.trencadis.storage.StoredVersion;

/// What one write transaction does. Only valid, and only on the updating thread, until the work
/// that got it returns. Fastest with ascending keys, shard by shard.
public interface TreeWriter {
  /// The key's version as this transaction sees it, or null.
  StoredVersion get(int shard, byte[] key);

  /// Stores the key's newest version over any other; a deletion is entered in the list that
  /// [#dropDeletions] reads.
  ///
  /// @param key 1 to [BaseTree#MAX_KEY_BYTES] bytes
  void put(int shard, byte[] key, StoredVersion version);

  /// Forgets the key; nothing if it is not there.
  void delete(int shard, byte[] key);

  /// Forgets deletions with a commit timestamp at or below `horizon`, the oldest first.
  ///
  /// @param limit at most this many
  /// @return how many entries of the list were worked off
  int dropDeletions(long horizon, int limit);

  byte[] meta(String name);

  /// Stores a small metadata value.
  ///
  /// @param name 1 to 400 bytes in UTF-8
  /// @param value null to forget it
  void putMeta(String name, byte[] value);
}
