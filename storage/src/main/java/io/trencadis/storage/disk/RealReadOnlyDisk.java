package io.trencadis.storage.disk;

import io.trencadis.base.Durations;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/// The operating system's files, for looking only: whatever would change something is refused, and
/// files are opened without the right to write. Thread-safe.
public final class RealReadOnlyDisk implements Disk {
  @Override
  public DiskFile open(Path file) throws IOException {
    return new ReadOnlyFile(
        file,
        new RealDiskFile(file, FileChannel.open(file, StandardOpenOption.READ), new Durations()));
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.sorted().toList();
    }
  }

  @Override
  public boolean exists(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /// Takes a lock that others may share who look only, and that keeps a server out. Where there is
  /// no such file there is none to wait for, and none is made.
  @Override
  public Closeable lock(Path file) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException nobody) {
      return () -> {};
    }
    FileLock lock;
    try {
      lock = channel.tryLock(0, Long.MAX_VALUE, true);
    } catch (OverlappingFileLockException held) {
      lock = null;
    } catch (IOException fault) {
      channel.close();
      throw fault;
    }
    if (lock == null) {
      channel.close();
      throw new IOException("lock file \"" + file + "\" is held by a running server");
    }
    return channel;
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    throw refused(file);
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new NoSuchFileException(directory.toString());
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    throw refused(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    throw refused(from);
  }

  @Override
  public void syncDirectory(Path directory) {
    // Nothing was changed in it.
  }

  private static IOException refused(Path file) {
    return new IOException("\"" + file + "\" is open for reading only");
  }

  private record ReadOnlyFile(Path path, DiskFile file) implements DiskFile {
    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      return file.read(into, offset);
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      throw refused(path);
    }

    @Override
    public void force() throws IOException {
      throw refused(path);
    }

    @Override
    public void preallocate(long offset, long bytes) throws IOException {
      throw refused(path);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
