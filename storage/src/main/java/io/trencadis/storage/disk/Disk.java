package io.trencadis.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The file system, as narrow as the server needs it. Creations, renames and deletions survive a
/// loss of power only once [#syncDirectory] returned for their directory. Thread-safe.
///
/// Every method throws [DiskFullException] where there is no room, and another [IOException] for
/// any other fault.
public interface Disk {
  /// Opens a file that exists, for reading and writing.
  ///
  /// @throws java.nio.file.NoSuchFileException if there is none
  DiskFile open(Path file) throws IOException;

  /// Makes an empty file and opens it.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException if the name is taken
  DiskFile create(Path file) throws IOException;

  /// Makes a directory and those above it, where they do not exist.
  void createDirectories(Path directory) throws IOException;

  /// Makes a directory that nobody but its owner may look into, as far as the file system knows
  /// owners; one that exists stays as it is.
  default void createPrivateDirectory(Path directory) throws IOException {
    createDirectories(directory);
  }

  /// The paths in a directory, sorted by name; empty where there is no such directory.
  List<Path> list(Path directory) throws IOException;

  boolean exists(Path file) throws IOException;

  /// Removes a file, if there is one. Whoever has it open may go on with it.
  void delete(Path file) throws IOException;

  /// Gives a file another name in one step, in place of what had that name before. Whoever has it
  /// open may go on with it.
  void rename(Path from, Path to) throws IOException;

  /// Makes every change of names in the directory survive a loss of power.
  void syncDirectory(Path directory) throws IOException;

  /// Takes the exclusive lock that a file of this name stands for; closing gives it back. The file
  /// is made if need be and stays. The operating system gives the lock back when a process dies.
  ///
  /// @throws IOException if this or another process holds it
  Closeable lock(Path file) throws IOException;
}
