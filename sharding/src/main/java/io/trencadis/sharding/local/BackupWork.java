package io.trencadis.sharding.local;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.BackupProgress;
import io.trencadis.sharding.BackupResult;
import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFile;
import io.trencadis.storage.disk.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The making of a backup: a directory that gets files, and a manifest of them last. What one
/// consists of is its subclass's part.
///
/// One call; confined to its thread, with one of its own that does the work.
abstract class BackupWork {
  private static final long LOOK_MILLIS = 500;

  private final Disk disk;
  private final Path own;
  private final Path target;
  private final Path data;
  private final List<BackupManifest.Entry> entries = new ArrayList<>();
  private final List<Path> made = new ArrayList<>();
  private final FileCopy copy;
  private volatile boolean stopped;
  private volatile long done;
  private volatile long total;
  private volatile Path growing;

  /// @param own the data directory of whoever makes it
  /// @param target absolute
  BackupWork(Disk disk, Path own, Path target) {
    this.disk = disk;
    this.own = own;
    this.target = target;
    this.data = target.resolve(BackupManifest.DATA);
    this.copy = new FileCopy(disk, this::advanced);
  }

  private static final class Stopped extends RuntimeException {
    Stopped() {
      super("stopped", null, false, false);
    }
  }

  /// Makes the files, in [#data], and [#complete]s the backup.
  abstract BackupResult copyAll() throws IOException;

  /// Where the files come.
  final Path data() {
    return data;
  }

  /// Copies files, and tells of it.
  final FileCopy copy() {
    return copy;
  }

  /// About how many bytes there will be to copy.
  final void expect(long bytes) {
    total = bytes;
  }

  /// Notes something that is to be removed if the backup fails: directories before what is in them.
  final Path made(Path file) {
    made.add(file);
    return file;
  }

  /// A file that grows without telling, until it is null.
  final void growing(Path file) {
    growing = file;
  }

  final void add(String name, long bytes, long length, int checksum) {
    entries.add(new BackupManifest.Entry(name, bytes, length, checksum));
  }

  final boolean isStopped() {
    return stopped;
  }

  /// So many bytes more are done.
  final void advanced(long bytes) {
    // Only the thread that works writes it.
    long now = done + bytes;
    done = now;
    goOn();
  }

  /// Leaves the work if nobody wants it any more.
  final void goOn() {
    if (stopped) {
      throw new Stopped();
    }
  }

  /// Makes the backup. What was written of one that fails is removed.
  ///
  /// @throws InterruptedException if the caller was interrupted; the backup has been given up
  final BackupResult run(BackupProgress progress) throws InterruptedException {
    requireRoom();
    CompletableFuture<BackupResult> result = new CompletableFuture<>();
    // A thread of its own: an interrupt would close the files under it.
    Thread.ofPlatform().daemon().name("backup").start(() -> work(result));
    InterruptedException interrupted = null;
    RuntimeException untold = null;
    while (true) {
      BackupResult finished;
      try {
        finished = result.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
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
        continue;
      } catch (InterruptedException e) {
        stopped = true;
        interrupted = e;
        continue;
      } catch (ExecutionException e) {
        if (interrupted == null && untold == null) {
          throw failure(e.getCause());
        }
        finished = null;
      }
      if (interrupted == null && untold == null) {
        return finished;
      }
      if (finished != null) {
        // It was complete before it heard that nobody wants it.
        clean();
      }
      if (interrupted != null) {
        throw interrupted;
      }
      throw untold;
    }
  }

  final long sizeOf(Path file) {
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
    if (target.startsWith(own) || own.startsWith(target)) {
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
      // Passwords' verifiers are in it, and everybody's rows.
      disk.createPrivateDirectory(made(data));
      result.complete(copyAll());
    } catch (IOException | RuntimeException | Error e) {
      clean();
      result.completeExceptionally(e);
    }
  }

  /// All files are there, and durable.
  ///
  /// @param timestamp every commit at or below it is in the backup
  /// @param logEnd where its log ends
  final BackupResult complete(long timestamp, long logEnd, int shards) throws IOException {
    disk.syncDirectory(data);
    disk.syncDirectory(target);
    made(target.resolve(BackupManifest.FILE + ".new"));
    made(target.resolve(BackupManifest.FILE));
    BackupManifest manifest =
        new BackupManifest(timestamp, logEnd, DataDirectory.FORMAT, shards, List.copyOf(entries));
    manifest.write(disk, target);
    disk.syncDirectory(target.getParent());
    return new BackupResult(timestamp, entries.size(), manifest.bytes());
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
