package io.trencadis.sharding.local;

import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A node's data directory: who may use it, which version wrote it, and where its parts are.
///
/// `trencadis.lock` keeps a second process out while this one lives. `trencadis.format` is a text
/// file of `name = value` lines that says what the directory is; it is written last, so that one
/// which a crash left half made has none.
public final class DataDirectory implements Closeable {
  /// What this version writes, and the newest that it reads: 2 since there are runs.
  public static final int FORMAT = 2;

  private static final String FORMAT_FILE = "trencadis.format";
  private static final String LOCK_FILE = "trencadis.lock";

  private static final String UNFINISHED_FILE = "restore-unfinished";

  private final Disk disk;
  private final Path path;
  private final Closeable lock;
  private int shards;
  private int format;

  private DataDirectory(Disk disk, Path path, Closeable lock) {
    this.disk = disk;
    this.path = path;
    this.lock = lock;
  }

  /// Opens a directory, or prepares an empty one; [#create] then completes it.
  ///
  /// @throws DirectoryException in one line what is wrong with it and what to do
  public static DataDirectory open(Disk disk, Path path) throws IOException {
    disk.createDirectories(path);
    Closeable lock;
    try {
      lock = disk.lock(path.resolve(LOCK_FILE));
    } catch (IOException e) {
      throw new DirectoryException(
          "the data directory "
              + path
              + " is in use by another server: stop it, or give another"
              + " directory with --data ("
              + e.getMessage()
              + ")");
    }
    DataDirectory directory = new DataDirectory(disk, path, lock);
    try {
      directory.readFormat();
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
    return directory;
  }

  /// Opens a directory to look at it while no server uses it.
  ///
  /// @param disk one that changes nothing
  /// @throws DirectoryException in one line why it cannot be looked at
  static DataDirectory look(Disk disk, Path path) throws IOException {
    if (!disk.exists(path.resolve(FORMAT_FILE))) {
      throw new DirectoryException(
          disk.exists(path)
              ? path + " is no data directory: it has no file " + FORMAT_FILE
              : path + " does not exist");
    }
    Closeable lock;
    try {
      lock = disk.lock(path.resolve(LOCK_FILE));
    } catch (IOException e) {
      throw new DirectoryException(
          "the data directory "
              + path
              + " is in use: stop its server first ("
              + e.getMessage()
              + ")");
    }
    DataDirectory directory = new DataDirectory(disk, path, lock);
    try {
      directory.readFormat();
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
    return directory;
  }

  /// Keeps servers out of a directory that is being made.
  static Closeable lock(Disk disk, Path path) throws IOException {
    return disk.lock(path.resolve(LOCK_FILE));
  }

  /// Says, until [#finish], that a restore into the directory has begun: no server starts there.
  static void markUnfinished(Disk disk, Path path) throws IOException {
    disk.create(path.resolve(UNFINISHED_FILE)).close();
    disk.syncDirectory(path);
  }

  /// A restore has failed and has removed what it made.
  static void unmark(Disk disk, Path path) {
    try {
      disk.delete(path.resolve(UNFINISHED_FILE));
      disk.delete(path.resolve(LOCK_FILE));
    } catch (IOException left) {
      // Then it says what it is: unfinished.
    }
  }

  /// All parts of a restored directory are in place and durable: servers may start in it.
  static void finish(Disk disk, Path path, int shardCount) throws IOException {
    new DataDirectory(disk, path, () -> {}).create(shardCount);
    disk.delete(path.resolve(UNFINISHED_FILE));
    disk.syncDirectory(path);
  }

  private void readFormat() throws IOException {
    Path file = path.resolve(FORMAT_FILE);
    if (!disk.exists(file)) {
      if (disk.exists(path.resolve(UNFINISHED_FILE))) {
        throw new DirectoryException(
            "a restore into the directory "
                + path
                + " was not finished: empty it and restore again, or give another with --data");
      }
      List<Path> others = new ArrayList<>(disk.list(path));
      others.removeIf(DataDirectory::isOurs);
      if (!others.isEmpty()) {
        throw new DirectoryException(
            "the directory "
                + path
                + " holds files that are not Trencadis's ("
                + others.getFirst().getFileName()
                + "): give an empty one, or one that does not exist, with --data");
      }
      return;
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : read(file).split("\n")) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
    try {
      format = Integer.parseInt(values.getOrDefault("format", ""));
      if (format > FORMAT) {
        throw new DirectoryException(
            "the data directory "
                + path
                + " was written by a newer version (format "
                + format
                + ", this one knows "
                + FORMAT
                + "): start it with that version");
      }
      shards = Integer.parseInt(values.getOrDefault("shards", ""));
    } catch (NumberFormatException e) {
      throw new DirectoryException(file + " cannot be read: restore it from a backup");
    }
  }

  private static boolean isOurs(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith("trencadis.")
        || List.of(
                "timestamps",
                "timestamps.new",
                "wal",
                "raft",
                "runs",
                "tree",
                "mock-secret",
                "lost+found")
            .contains(name)
        || name.startsWith("server.");
  }

  private String read(Path file) throws IOException {
    try (DiskFile opened = disk.open(file)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(opened.size(), 1 << 16));
      opened.read(bytes, 0);
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
  }

  /// Whether nothing has been kept here yet.
  public boolean isNew() {
    return shards == 0;
  }

  /// How many shards the data is spread over; 0 for a new directory.
  public int shards() {
    return shards;
  }

  /// Before anything is written that an older version does not know.
  void upgrade() throws IOException {
    if (format < FORMAT) {
      create(shards);
    }
  }

  /// Says that all parts of a new directory are in place.
  public void create(int shardCount) throws IOException {
    Path file = path.resolve(FORMAT_FILE);
    Path fresh = path.resolve(FORMAT_FILE + ".new");
    disk.delete(fresh);
    try (DiskFile made = disk.create(fresh)) {
      String text =
          "# A Trencadis data directory. Nothing here is to be changed by hand.\n"
              + "format = "
              + FORMAT
              + "\nshards = "
              + shardCount
              + "\n";
      made.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
      made.force();
    }
    disk.rename(fresh, file);
    disk.syncDirectory(path);
    shards = shardCount;
    format = FORMAT;
  }

  public Path path() {
    return path;
  }

  /// Where the write-ahead log is.
  public Path log() {
    return path.resolve("wal");
  }

  public Path runs() {
    return path.resolve("runs");
  }

  /// Where the base tree is.
  public Path tree() {
    return path.resolve("tree");
  }

  Path timestamps() {
    return path.resolve("timestamps");
  }

  /// What its files are on.
  public Disk disk() {
    return disk;
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
