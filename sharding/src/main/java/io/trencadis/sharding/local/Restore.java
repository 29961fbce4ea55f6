package io.trencadis.sharding.local;

import io.trencadis.base.SqlException;
import io.trencadis.sharding.BackupProgress;
import io.trencadis.sharding.BackupResult;
import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFile;
import io.trencadis.storage.disk.DiskFullException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes a data directory out of a backup. Every byte is checked against the manifest on its way; a
/// server does not start in the directory before all of it is durable.
public final class Restore {
  private final Disk disk;
  private final Path backup;
  private final Path target;
  private final BackupProgress progress;
  private final List<Path> made = new ArrayList<>();
  private long done;

  private Restore(Disk disk, Path backup, Path target, BackupProgress progress) {
    this.disk = disk;
    this.backup = backup;
    this.target = target;
    this.progress = progress;
  }

  /// Restores a backup.
  ///
  /// @param target absolute; a directory that is empty, or does not exist
  /// @param progress called often, by this thread
  /// @throws DirectoryException in one line why not; then nothing is left of the try
  /// @throws IOException if reading or writing failed; likewise
  public static BackupResult run(Disk disk, Path backup, Path target, BackupProgress progress)
      throws IOException {
    return new Restore(disk, backup, target, progress).run();
  }

  private BackupResult run() throws IOException {
    BackupManifest manifest = BackupManifest.read(disk, backup);
    checkSizes(manifest);
    try {
      disk.createDirectories(target);
    } catch (FileAlreadyExistsException e) {
      throw new DirectoryException(target + " is a file: give another path with --data");
    }
    List<Path> there = new ArrayList<>(disk.list(target));
    there.removeIf(file -> file.getFileName().toString().equals("lost+found"));
    if (!there.isEmpty()) {
      throw new DirectoryException(
          "the directory "
              + target
              + " is not empty ("
              + there.getFirst().getFileName()
              + "): give an empty one, or one that does not exist, with --data");
    }
    try (Closeable _ = DataDirectory.lock(disk, target)) {
      copyAll(manifest);
    } catch (IOException | RuntimeException | Error e) {
      clean();
      if (e instanceof DiskFullException full) {
        SqlException text = full.toSqlException();
        throw new DirectoryException(text.getMessage() + ". Make room, then restore again");
      }
      throw e;
    }
    return new BackupResult(manifest.timestamp(), manifest.entries().size(), manifest.bytes());
  }

  /// What can be told before anything is written.
  private void checkSizes(BackupManifest manifest) throws IOException {
    for (BackupManifest.Entry entry : manifest.entries()) {
      Path file = source(entry);
      long bytes = -1;
      if (disk.exists(file)) {
        try (DiskFile opened = disk.open(file)) {
          bytes = opened.size();
        }
      }
      if (bytes != entry.bytes()) {
        throw new DirectoryException(
            bytes < 0
                ? file + " is missing: use another backup"
                : file
                    + " has "
                    + bytes
                    + " bytes, the manifest says "
                    + entry.bytes()
                    + ": use another backup");
      }
    }
  }

  private Path source(BackupManifest.Entry entry) throws DirectoryException {
    Path data = backup.resolve(BackupManifest.DATA);
    Path file = data.resolve(entry.name()).normalize();
    if (!file.startsWith(data)) {
      throw new DirectoryException("the manifest names " + entry.name() + ", which it must not");
    }
    return file;
  }

  private void copyAll(BackupManifest manifest) throws IOException {
    DataDirectory.markUnfinished(disk, target);
    disk.syncDirectory(target.getParent());
    long total = manifest.bytes();
    FileCopy copy =
        new FileCopy(
            disk,
            bytes -> {
              done += bytes;
              progress.copied(done, total);
            });
    List<Path> directories = new ArrayList<>();
    for (BackupManifest.Entry entry : manifest.entries()) {
      Path from = source(entry);
      Path to = target.resolve(entry.name());
      Path parent = to.getParent();
      if (!parent.equals(target) && !directories.contains(parent)) {
        disk.createPrivateDirectory(parent);
        directories.add(parent);
        made.add(parent);
      }
      made.add(to);
      if (copy.copy(from, to, entry.bytes(), entry.length()) != entry.checksum()) {
        throw new DirectoryException(
            from + " is damaged: its checksum is not the manifest's. Use another backup");
      }
    }
    for (Path directory : directories) {
      disk.syncDirectory(directory);
    }
    disk.syncDirectory(target);
    DataDirectory.finish(disk, target, manifest.shards());
  }

  private void clean() {
    for (Path file : made.reversed()) {
      deleteQuietly(file);
    }
    DataDirectory.unmark(disk, target);
  }

  private void deleteQuietly(Path file) {
    try {
      disk.delete(file);
    } catch (IOException left) {
      // The directory stays marked as unfinished only if that cannot be removed either.
    }
  }
}
