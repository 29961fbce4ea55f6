package io.trencadis.storage.history;

import io.trencadis.storage.StoredVersion;

/// A map from (shard, key, commit timestamp) to the version. One thread at a time puts and removes;
/// reads are thread-safe.
public interface VersionStore extends AutoCloseable {
  /// Makes an empty store; called when the first version has to be kept.
  interface Factory {
    /// @param budgetBytes how much memory the store is going to be filled with
    VersionStore create(long budgetBytes);
  }

  /// Keeps a version, over one with the same place.
  ///
  /// @return false if there is no room, and nothing was kept
  boolean put(int shard, byte[] key, StoredVersion version);

  /// The version, or null.
  StoredVersion get(int shard, byte[] key, long commitTs);

  /// Forgets a version; nothing if it is not there.
  void remove(int shard, byte[] key, long commitTs);

  /// About how much memory the versions take, overhead included.
  long bytes();

  /// How many versions there are.
  long count();

  /// Gives the memory back. No other call may be running or come later.
  @Override
  void close();
}
