package io.trencadis.storage.disk;

import io.trencadis.base.Durations;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/// The operating system's files.
public final class RealDisk implements Disk {
  private final Durations forces = new Durations();

  /// How long it took to force files to the device, those that failed included.
  public Durations forces() {
    return forces;
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    return new RealDiskFile(
        file, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE), forces);
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    try {
      return new RealDiskFile(
          file,
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE_NEW),
          forces);
    } catch (IOException fault) {
      throw typed(file, fault);
    }
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    try {
      Files.createDirectories(directory);
    } catch (IOException fault) {
      throw typed(directory, fault);
    }
  }

  @Override
  public void createPrivateDirectory(Path directory) throws IOException {
    try {
      if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectories(directory);
      }
    } catch (IOException fault) {
      throw typed(directory, fault);
    }
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

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException fault) {
      throw typed(to, fault);
    }
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public Closeable lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
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

  /// Tells a full disk from other faults. Java keeps no errno, so the text has to do.
  static IOException typed(Path file, IOException fault) {
    String text = String.valueOf(fault.getMessage());
    if (text.contains("No space left on device") || text.contains("Disk quota exceeded")) {
      return new DiskFullException(file, fault);
    }
    return fault;
  }
}
