package io.trencadis.sharding;

/// Told now and then how far a backup is, by the thread that asked for it.
@FunctionalInterface
public interface BackupProgress {
  /// @param done bytes copied
  /// @param total about how many there will be, at least `done`
  void copied(long done, long total);
}
