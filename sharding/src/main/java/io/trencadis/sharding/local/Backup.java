package io.trencadis.sharding.local;

import io.trencadis.sharding.BackupResult;
import io.trencadis.sharding.Node;
import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.log.LogFiles;
import io.trencadis.storage.log.WriteAheadLog;
import io.trencadis.storage.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A copy of a running node's data, made beside its transactions.
///
/// The order is what makes it consistent: the log is kept from being recycled; the base tree is
/// copied as of one flush; then a timestamp is taken, and everything that commits at or below it is
/// waited for; then the log is copied up to what is durable. The tree with the log behind it is
/// what a crash at that moment would have left, so restoring is an ordinary recovery: whole
/// transactions, none without those it has seen, and all up to the timestamp.
final class Backup extends BackupWork {
  private final Disk disk;
  private final DataDirectory directory;
  private final Node node;
  private final NodeStorage storage;
  private final WriteAheadLog log;
  private final RunDirectory runs;
  private final Flusher flusher;

  Backup(
      DataDirectory directory,
      Node node,
      NodeStorage storage,
      WriteAheadLog log,
      RunDirectory runs,
      Flusher flusher,
      Path target) {
    super(directory.disk(), directory.path(), target);
    this.disk = directory.disk();
    this.directory = directory;
    this.node = node;
    this.storage = storage;
    this.log = log;
    this.runs = runs;
    this.flusher = flusher;
  }

  @Override
  BackupResult copyAll() throws IOException {
    long from = flusher.holdLog();
    try {
      return copyAll(from);
    } finally {
      flusher.releaseLog();
    }
  }

  private BackupResult copyAll(long from) throws IOException {
    expect(2 * storage.treeStatistics().fileBytes() + log.durable() - from);
    copyTree();
    long timestamp = node.settledTimestamp(this::isStopped);
    goOn();
    long end = log.durable();
    copyLog(from, end);
    copyRuns();
    // After the log: its bound is above every timestamp that the log knows.
    copyTimestamps(timestamp);
    return complete(timestamp, end, storage.shards());
  }

  private void copyTree() throws IOException {
    Path tree = data().resolve("tree");
    Path file = tree.resolve("data.mdb");
    made(tree);
    made(file);
    growing(file);
    storage.copyTree(tree);
    growing(null);
    long bytes = sizeOf(file);
    advanced(bytes);
    // LMDB's pages have no checksums: from here on the file has one.
    add("tree/data.mdb", bytes, bytes, copy().checksum(file, bytes));
  }

  private void copyLog(long from, long end) throws IOException {
    Path wal = data().resolve("wal");
    disk.createDirectories(wal);
    made(wal);
    for (LogFiles.Piece piece : LogFiles.between(disk, directory.log(), from, end)) {
      Path file = wal.resolve(piece.file().getFileName());
      made(file);
      int checksum = copy().copy(piece.file(), file, piece.used(), piece.used());
      add("wal/" + file.getFileName(), piece.used(), piece.length(), checksum);
    }
    disk.syncDirectory(wal);
  }

  /// All that the copied log names were complete before their records, and none has gone since.
  /// Others come along, and the restored server's first start removes them.
  private void copyRuns() throws IOException {
    List<Path> files = runs.files();
    if (files.isEmpty()) {
      return;
    }
    Path copies = data().resolve("runs");
    disk.createDirectories(copies);
    made(copies);
    for (Path from : files) {
      long bytes = sizeOf(from);
      Path file = copies.resolve(from.getFileName());
      made(file);
      int checksum = copy().copy(from, file, bytes, bytes);
      add("runs/" + file.getFileName(), bytes, bytes, checksum);
    }
    disk.syncDirectory(copies);
  }

  private void copyTimestamps(long timestamp) throws IOException {
    Path file = data().resolve("timestamps");
    made(file);
    long bytes = sizeOf(directory.timestamps());
    int checksum = copy().copy(directory.timestamps(), file, bytes, bytes);
    if (TimestampFile.read(disk, file) < timestamp) {
      throw new IOException("the copy of " + directory.timestamps() + " is behind");
    }
    add("timestamps", bytes, bytes, checksum);
  }
}
