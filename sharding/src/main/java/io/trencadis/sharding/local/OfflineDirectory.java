package io.trencadis.sharding.local;

import io.trencadis.storage.ShardStore;
import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.RealReadOnlyDisk;
import io.trencadis.storage.history.OffHeapVersions;
import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.levels.StorageConfig;
import io.trencadis.storage.log.LogFiles;
import io.trencadis.storage.log.LogReport;
import io.trencadis.storage.run.RunDirectory;
import io.trencadis.storage.tree.LmdbTree;
import io.trencadis.storage.tree.TreeReport;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.LongConsumer;

/// A data directory that no server uses, looked at without changing anything in it: recovery takes
/// place in this process's memory only. Confined to one thread; the stores may be read by any.
///
/// First [#openTree], then [#checkTree] and [#checkLog] in any order; once the log was replayed
/// [#stores] show what a server would.
public final class OfflineDirectory implements Closeable {
  private final Disk disk;
  private final DataDirectory directory;
  private NodeStorage storage;
  private HeldTable held;

  private OfflineDirectory(Disk disk, DataDirectory directory) {
    this.disk = disk;
    this.directory = directory;
  }

  /// @throws DirectoryException in one line why it cannot be looked at
  public static OfflineDirectory open(Path path) throws IOException {
    Disk disk = new RealReadOnlyDisk();
    return new OfflineDirectory(disk, DataDirectory.look(disk, path));
  }

  public int shards() {
    return directory.shards();
  }

  /// The bound below which all timestamps handed out lie.
  ///
  /// @throws IOException if it cannot be read, which stops a server from starting
  public long timestampBound() throws IOException {
    return TimestampFile.read(disk, directory.timestamps());
  }

  /// @throws io.trencadis.base.SqlException if it cannot be opened: what a server would say
  public void openTree() {
    storage =
        NodeStorage.open(
            LmdbTree.openReadOnly(directory.tree(), directory.shards()),
            OffHeapVersions::create,
            StorageConfig.defaults());
    held = new HeldTable(storage);
  }

  /// Walks the whole base tree.
  public TreeReport checkTree() {
    return storage.verify();
  }

  /// Walks the log and replays it into memory, up to its end or the first damage.
  ///
  /// @param progress told of bytes as they are replayed
  /// @throws IOException if a file cannot be read, or a record is not one that this version knows
  public LogReport checkLog(LongConsumer progress) throws IOException {
    RunDirectory runs = new RunDirectory(disk, directory.runs());
    return LogFiles.check(
        disk,
        directory.log(),
        storage.coveredPosition(),
        (end, body) -> {
          progress.accept(body.remaining());
          LocalStore.replay(storage, held, runs, new HashSet<>(), end, body);
        });
  }

  /// How many transactions tree and log have that are prepared by name.
  ///
  /// @throws IOException if one of them cannot be read
  public int preparedTransactions() throws IOException {
    return held.records().size();
  }

  /// The highest commit timestamp in tree and log.
  public long highestCommitTs() {
    return storage.highestCommitTs();
  }

  /// The shards' data, by number.
  public List<ShardStore> stores() {
    List<ShardStore> stores = new ArrayList<>();
    for (int shard = 0; shard < storage.shards(); shard++) {
      stores.add(storage.shard(shard));
    }
    return stores;
  }

  @Override
  public void close() throws IOException {
    if (storage != null) {
      storage.close();
    }
    directory.close();
  }
}
