package io.trencadis.sharding.local;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.BackupProgress;
import io.trencadis.sharding.BackupResult;
import io.trencadis.sharding.Node;
import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFile;
import io.trencadis.storage.disk.DiskFullException;
import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.log.LogFiles;
import io.trencadis.storage.log.WriteAheadLog;
import io.trencadis.storage.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A copy of a running node's data, made beside its transactions.
///
/// The order is what makes it consistent: the log is kept from being recycled; the base tree is
/// copied as of one flush; then a timestamp is taken, and everything that commits at or below it is
/// waited for; then the log is copied up to what is durable. The tree with the log behind it is
/// what a crash at that moment would have left, so restoring is an ordinary recovery: whole
/// transactions, none without those it has seen, and all up to the timestamp.
///
/// One call; confined to its thread, with one of its own that does the work.
final class Backup {
  private static final long LOOK_MILLIS = 500;

  private final Disk disk;
  private final DataDirectory directory;
  private final Node node;
  private final NodeStorage storage;
  private final WriteAheadLog log;
  private final RunDirectory runs;
  private final Flusher flusher;
  private final Path target;
  private final Path data;
  private final List<BackupManifest.Entry> entries = new ArrayList<>();
  private final List<Path> made = new ArrayList<>();
  private final FileCopy copy;
  private volatile boolean stopped;
  private volatile long done;
  private volatile long total;
  private volatile Path growing;

  Backup(
      DataDirectory directory,
      Node node,
      NodeStorage storage,
      WriteAheadLog log,
      RunDirectory runs,
      Flusher flusher,
      Path target) {
    this.disk = directory.disk();
    this.directory = directory;
    this.node = node;
    this.storage = storage;
    this.log = log;
    this.runs = runs;
    this.flusher = flusher;
    this.target = target;
    this.data = target.resolve(BackupManifest.DATA);
    this.copy = new FileCopy(disk, this::advanced);
  }

  private static final class Stopped extends RuntimeException {
    Stopped() {
      super("stopped", null, false, false);
    }
  }

  private void advanced(long bytes) {
    // Only the thread that works writes it.
    long now = done + bytes;
    done = now;
    if (stopped) {
      throw new Stopped();
    }
  }

  /// Makes the backup. What was written of one that fails is removed.
  ///
  /// @throws InterruptedException if the caller was interrupted; the backup has been given up
  BackupResult run(BackupProgress progress) throws InterruptedException {
    requireRoom();
    CompletableFuture<BackupResult> result = new CompletableFuture<>();
    // A thread of its own: an interrupt would close the files under it.
    Thread.ofPlatform().daemon().name("backup").start(() -> work(result));
    InterruptedException interrupted = null;
    RuntimeException untold = null;
    while (true) {
      try {
        BackupResult finished = result.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (interrupted != null) {
          throw interrupted;
        }
        if (untold != null) {
          throw untold;
        }
        return finished;
      } catch (TimeoutException goesOn) {
        long now = done + sizeOf(growing);
        try {
          if (!stopped) {
            progress.copied(now, Math.max(now, total));
          }
        } catch (RuntimeException e) {
          // Whoever asked is gone.
          stopped = true;
          untold = e;
        }
      } catch (InterruptedException e) {
        stopped = true;
        interrupted = e;
      } catch (ExecutionException e) {
        if (interrupted != null) {
          throw interrupted;
        }
        if (untold != null) {
          throw untold;
        }
        throw failure(e.getCause());
      }
    }
  }

  private long sizeOf(Path file) {
    if (file == null) {
      return 0;
    }
    try (DiskFile opened = disk.open(file)) {
      return opened.size();
    } catch (IOException notYet) {
      return 0;
    }
  }

  private SqlException failure(Throwable cause) {
    return switch (cause) {
      case SqlException known -> known;
      case DiskFullException full -> full.toSqlException();
      default ->
          new SqlException(
              SqlState.IO_ERROR, "could not make a backup in \"" + target + "\": " + cause, cause);
    };
  }

  private void requireRoom() {
    if (target.startsWith(directory.path()) || directory.path().startsWith(target)) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "a backup in \"" + target + "\" would lie in the data directory, or around it");
    }
    try {
      disk.createDirectories(target);
      if (!disk.list(target).isEmpty()) {
        throw new SqlException(
                SqlState.DUPLICATE_FILE, "directory \"" + target + "\" exists but is not empty")
            .hint("Give a directory that is empty, or one that does not exist.");
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void work(CompletableFuture<BackupResult> result) {
    try {
      long from = flusher.holdLog();
      try {
        result.complete(copyAll(from));
      } finally {
        flusher.releaseLog();
      }
    } catch (IOException | RuntimeException | Error e) {
      clean();
      result.completeExceptionally(e);
    }
  }

  private BackupResult copyAll(long from) throws IOException {
    total = 2 * storage.treeStatistics().fileBytes() + log.durable() - from;
    // Passwords' verifiers are in it, and everybody's rows.
    disk.createPrivateDirectory(data);
    made.add(data);
    copyTree();
    long timestamp = node.settledTimestamp(() -> stopped);
    if (stopped) {
      throw new Stopped();
    }
    long end = log.durable();
    copyLog(from, end);
    copyRuns();
    // After the log: its bound is above every timestamp that the log knows.
    copyTimestamps(timestamp);
    disk.syncDirectory(data);
    disk.syncDirectory(target);
    made.add(target.resolve(BackupManifest.FILE + ".new"));
    made.add(target.resolve(BackupManifest.FILE));
    BackupManifest manifest =
        new BackupManifest(
            timestamp, end, DataDirectory.FORMAT, storage.shards(), List.copyOf(entries));
    manifest.write(disk, target);
    disk.syncDirectory(target.getParent());
    return new BackupResult(timestamp, entries.size(), manifest.bytes());
  }

  private void copyTree() throws IOException {
    Path tree = data.resolve("tree");
    Path file = tree.resolve("data.mdb");
    made.add(tree);
    made.add(file);
    growing = file;
    storage.copyTree(tree);
    growing = null;
    long bytes = sizeOf(file);
    advanced(bytes);
    // LMDB's pages have no checksums: from here on the file has one.
    entries.add(
        new BackupManifest.Entry("tree/data.mdb", bytes, bytes, copy.checksum(file, bytes)));
  }

  private void copyLog(long from, long end) throws IOException {
    Path wal = data.resolve("wal");
    disk.createDirectories(wal);
    made.add(wal);
    for (LogFiles.Piece piece : LogFiles.between(disk, directory.log(), from, end)) {
      Path file = wal.resolve(piece.file().getFileName());
      made.add(file);
      int checksum = copy.copy(piece.file(), file, piece.used(), piece.used());
      entries.add(
          new BackupManifest.Entry(
              "wal/" + file.getFileName(), piece.used(), piece.length(), checksum));
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
    Path copies = data.resolve("runs");
    disk.createDirectories(copies);
    made.add(copies);
    for (Path from : files) {
      long bytes = sizeOf(from);
      Path file = copies.resolve(from.getFileName());
      made.add(file);
      int checksum = copy.copy(from, file, bytes, bytes);
      entries.add(new BackupManifest.Entry("runs/" + file.getFileName(), bytes, bytes, checksum));
    }
    disk.syncDirectory(copies);
  }

  private void copyTimestamps(long timestamp) throws IOException {
    Path file = data.resolve("timestamps");
    made.add(file);
    long bytes = sizeOf(directory.timestamps());
    int checksum = copy.copy(directory.timestamps(), file, bytes, bytes);
    if (TimestampFile.read(disk, file) < timestamp) {
      throw new IOException("the copy of " + directory.timestamps() + " is behind");
    }
    entries.add(new BackupManifest.Entry("timestamps", bytes, bytes, checksum));
  }

  private void clean() {
    for (Path file : made.reversed()) {
      try {
        disk.delete(file);
      } catch (IOException left) {
        // Without a manifest it is no backup, whatever is left of it.
      }
    }
  }
}
