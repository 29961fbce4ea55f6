package io.trencadis.storage.run;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFile;
import io.trencadis.storage.disk.DiskFullException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/// Where a node keeps its runs: `<id in 16 hexadecimal digits>.run`, ids ascending. Thread-safe.
///
/// The directory is made with the first run. What no record of the log names and no transaction
/// holds is left over from a crash, and [#retain] removes it.
public final class RunDirectory {
  private static final String SUFFIX = ".run";
  private static final int LARGEST_INDEX = 1 << 30;

  private final Disk disk;
  private final Path directory;
  private boolean made;
  private long lastId;

  /// Files to delete when nobody copies them any more; null if nobody does.
  private List<Path> kept;

  /// @throws IOException if the directory cannot be read
  public RunDirectory(Disk disk, Path directory) throws IOException {
    this.disk = disk;
    this.directory = directory;
    for (Path file : files()) {
      lastId = Math.max(lastId, id(file));
    }
  }

  /// The id is taken, whether or not there is a file: new runs get higher ones.
  public synchronized void taken(long id) {
    lastId = Math.max(lastId, id);
  }

  /// The runs that are there, in the order of their names.
  public synchronized List<Path> files() throws IOException {
    List<Path> runs = new ArrayList<>(disk.list(directory));
    runs.removeIf(file -> id(file) < 0);
    return runs;
  }

  /// The id in a file's name, or -1 for another file.
  private static long id(Path file) {
    String name = file.getFileName().toString();
    if (!name.endsWith(SUFFIX) || name.length() != 16 + SUFFIX.length()) {
      return -1;
    }
    try {
      return Long.parseLong(name, 0, 16, 16);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private Path path(long id) {
    return directory.resolve("%016x".formatted(id) + SUFFIX);
  }

  /// Begins a run.
  ///
  /// @throws SqlException 53100 if the disk is full, 58030 if it cannot be written
  public synchronized RunWriter create(int shard) {
    try {
      if (!made) {
        disk.createPrivateDirectory(directory);
        disk.syncDirectory(directory.getParent());
        made = true;
      }
      long id = ++lastId;
      Path path = path(id);
      return new RunWriter(this, id, shard, path, disk.create(path));
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  /// What a client is told of a run that could not be written.
  public static SqlException failed(Path file, IOException why) {
    return why instanceof DiskFullException full
        ? full.toSqlException()
        : new SqlException(
            SqlState.IO_ERROR, "could not write to \"" + file + "\": " + why.getMessage(), why);
  }

  /// As [#failed], for this directory.
  public SqlException failed(IOException why) {
    return failed(directory, why);
  }

  /// Opens a run that a record of the log names, and checks every block of it.
  ///
  /// @throws IOException if it is missing or damaged, naming file and place
  public Run open(long id) throws IOException {
    Path path = path(id);
    if (!disk.exists(path)) {
      throw new IOException("the log names " + path + ", which is missing");
    }
    DiskFile file = disk.open(path);
    try {
      Run run = open(path, file);
      if (run.summary().id() != id) {
        throw damaged(path, "is run " + run.summary().id() + " by its trailer");
      }
      return run;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private Run open(Path path, DiskFile file) throws IOException {
    long size = file.size();
    if (size < RunWriter.TRAILER_BYTES) {
      throw damaged(path, "is too short");
    }
    ByteBuffer trailer = read(path, file, size - RunWriter.TRAILER_BYTES, RunWriter.TRAILER_BYTES);
    if (checksum(trailer.array(), RunWriter.TRAILER_BYTES - Integer.BYTES)
        != trailer.getInt(RunWriter.TRAILER_BYTES - Integer.BYTES)) {
      throw damaged(path, "has a wrong checksum in its trailer");
    }
    if (trailer.getInt() != RunWriter.MAGIC || trailer.getInt() != RunWriter.FORMAT) {
      throw damaged(path, "is no run that this version knows");
    }
    long id = trailer.getLong();
    int shard = trailer.getInt();
    int keys = trailer.getInt();
    long entries = trailer.getLong();
    int lowestMark = trailer.getInt();
    int highestMark = trailer.getInt();
    long indexOffset = trailer.getLong();
    int blocks = trailer.getInt();
    int indexChecksum = trailer.getInt();
    long indexBytes = size - RunWriter.TRAILER_BYTES - indexOffset;
    if (indexBytes < 0 || indexBytes > LARGEST_INDEX) {
      throw damaged(path, "has no index where its trailer says");
    }
    ByteBuffer index = read(path, file, indexOffset, (int) indexBytes);
    if (checksum(index.array(), (int) indexBytes) != indexChecksum) {
      throw damaged(path, "has a wrong checksum in its index");
    }
    byte[][] firstKeys = new byte[blocks][];
    long[] offsets = new long[blocks + 1];
    byte[] lastKey;
    try {
      for (int i = 0; i < blocks; i++) {
        offsets[i] = index.getLong();
        firstKeys[i] = bytes(index);
      }
      offsets[blocks] = indexOffset;
      lastKey = bytes(index);
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw new IOException(path + " has an index that ends too early", e);
    }
    KeyFilter filter = new KeyFilter(keys);
    Run run =
        new Run(
            this,
            new Run.Summary(id, shard, keys, entries, lowestMark, highestMark, size),
            path,
            file,
            firstKeys,
            lastKey,
            offsets,
            filter);
    try {
      for (int i = 0; i < blocks; i++) {
        Block block = run.block(i);
        for (int at = 0; at < block.count(); at++) {
          filter.add(KeyFilter.hash(block.key(at)));
        }
      }
    } catch (SqlException | IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    return run;
  }

  private static byte[] bytes(ByteBuffer from) {
    byte[] bytes = new byte[from.getInt()];
    from.get(bytes);
    return bytes;
  }

  private static ByteBuffer read(Path path, DiskFile file, long offset, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    if (file.read(buffer, offset) < length) {
      throw damaged(path, "ends too early");
    }
    return buffer.flip();
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static IOException damaged(Path path, String how) {
    return new IOException(path + " " + how);
  }

  /// Removes all runs but these.
  ///
  /// @throws IOException if a file cannot be removed
  public synchronized void retain(Set<Long> ids) throws IOException {
    for (Path file : files()) {
      if (!ids.contains(id(file))) {
        disk.delete(file);
      }
    }
  }

  /// From now on no file goes, so that all can be copied.
  public synchronized void hold() {
    kept = new ArrayList<>();
  }

  /// Ends [#hold]: what was to go meanwhile goes now.
  public synchronized void release() {
    List<Path> files = kept;
    kept = null;
    files.forEach(this::delete);
  }

  synchronized void delete(Path file) {
    if (kept != null) {
      kept.add(file);
    } else {
      forget(file);
    }
  }

  void forget(Path file) {
    try {
      disk.delete(file);
    } catch (IOException left) {
      // The next start removes it.
    }
  }

  void forceNames() throws IOException {
    disk.syncDirectory(directory);
  }
}
