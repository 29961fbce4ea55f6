package io.trencadis.sharding.local;

import io.trencadis.storage.history.OffHeapVersions;
import io.trencadis.storage.history.VersionStore;
import io.trencadis.storage.levels.StorageConfig;
import io.trencadis.storage.log.LogConfig;
import io.trencadis.storage.tree.BaseTree;
import io.trencadis.storage.tree.LmdbSize;
import io.trencadis.storage.tree.LmdbTree;
import java.nio.file.Path;

/// What a [LocalStore] is made of, and how large it may get.
///
/// @param flushLogBytes a flush is due when the log has grown by so much since the last one, so
///   that a restart stays quick
/// @param largeBytes a transaction that has written so much to one shard moves it to a run
/// @param largeBytesTogether all of them move what they have when they have written so much
public record LocalConfig(
    LogConfig log,
    StorageConfig storage,
    long flushLogBytes,
    long largeBytes,
    long largeBytesTogether,
    TreeOpener tree,
    VersionStore.Factory history) {
  private static final long SERVER_FLUSH_LOG_BYTES = 64L << 20;

  private static final long SERVER_LARGE_BYTES = 16L << 20;

  /// Opens the base tree in a directory.
  @FunctionalInterface
  public interface TreeOpener {
    BaseTree open(Path directory, int shards);
  }

  /// A server's.
  public static LocalConfig server() {
    return new LocalConfig(
        LogConfig.server(),
        StorageConfig.defaults(),
        SERVER_FLUSH_LOG_BYTES,
        SERVER_LARGE_BYTES,
        Runtime.getRuntime().maxMemory() / 8,
        (directory, shards) -> LmdbTree.open(directory, shards, LmdbSize.DEFAULT),
        OffHeapVersions::create);
  }
}
