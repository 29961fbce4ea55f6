package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFile;
import io.trencadis.storage.disk.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Where running queries put what does not fit into `work_mem`: files of no use to anybody after
/// the query, in a directory of their own. Thread-safe.
public final class TemporaryFiles {
  /// The directory's name below the data directory; PostgreSQL's has the same.
  public static final String DIRECTORY = "pgsql_tmp";

  private final Disk disk;
  private final Path directory;
  private final AtomicLong next = new AtomicLong();
  private final LongAdder files = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  private TemporaryFiles(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
  }

  /// Files in a directory, which is made with the first of them. What a process that was killed has
  /// left there is removed.
  ///
  /// @throws IOException if that cannot be done
  public static TemporaryFiles in(Disk disk, Path directory) throws IOException {
    for (Path left : disk.list(directory)) {
      disk.delete(left);
    }
    return new TemporaryFiles(disk, directory);
  }

  /// An empty file that nobody else has.
  ///
  /// @throws SqlException 53100 where there is no room, 58030 for any other fault
  SpillFile create(SpillSpace owner) {
    Path path = directory.resolve("pgsql_tmp." + next.getAndIncrement());
    try {
      disk.createPrivateDirectory(directory);
      DiskFile file = disk.create(path);
      files.increment();
      return new SpillFile(this, owner, path, file);
    } catch (IOException e) {
      throw failure("create", path, e);
    }
  }

  void written(long more) {
    bytes.add(more);
  }

  void delete(Path path) {
    try {
      disk.delete(path);
    } catch (IOException e) {
      throw failure("remove", path, e);
    }
  }

  static SqlException failure(String what, Path path, IOException cause) {
    return cause instanceof DiskFullException
        ? new SqlException(
            SqlState.DISK_FULL,
            "could not " + what + " temporary file: No space left on device",
            cause)
        : new SqlException(
            SqlState.IO_ERROR,
            "could not "
                + what
                + " temporary file \""
                + path.getFileName()
                + "\": "
                + cause.getMessage(),
            cause);
  }

  /// How many files there were since the start.
  public long files() {
    return files.sum();
  }

  /// How many bytes were written to them.
  public long bytes() {
    return bytes.sum();
  }
}
