package io.trencadis.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// An open file, read and written at offsets in bytes. Thread-safe as far as the callers' ranges do
/// not overlap. Never interrupt a thread that is in here: the file would be closed under it.
public interface DiskFile extends Closeable {
  /// Reads until the buffer is full or the file ends.
  ///
  /// @return how many bytes were read, 0 at or behind the end
  int read(ByteBuffer into, long offset) throws IOException;

  /// Writes all that remains in the buffer; a file grows to hold it. A crash before the next
  /// [#force] may keep all of it, none, or some of its sectors.
  ///
  /// @throws DiskFullException if not all of it found room; part of it may have been written
  void write(ByteBuffer from, long offset) throws IOException;

  /// Returns when everything written so far, the length included, survives a loss of power.
  ///
  /// @throws IOException if that is not known. Never try again: the operating system may have
  ///   marked the pages clean that it failed to write, and the second call would succeed without
  ///   writing them (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC
  ///   2020)
  void force() throws IOException;

  /// Writes zeros, really, not a hole, so that a later write there needs no more room.
  ///
  /// @param bytes how many, from `offset` on
  /// @throws DiskFullException if there is not that much room; part may have been written
  void preallocate(long offset, long bytes) throws IOException;

  /// Length in bytes.
  long size() throws IOException;

  @Override
  void close() throws IOException;
}
