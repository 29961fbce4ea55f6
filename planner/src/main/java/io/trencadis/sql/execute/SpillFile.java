package io.trencadis.sql.execute;

import io.trencadis.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// One temporary file, written from its beginning to its end and read anywhere; removed when it is
/// closed. Confined to one thread.
final class SpillFile implements AutoCloseable {
  private final TemporaryFiles files;
  private final SpillSpace owner;
  private final Path path;
  private final DiskFile file;
  private long size;
  private boolean closed;

  SpillFile(TemporaryFiles files, SpillSpace owner, Path path, DiskFile file) {
    this.files = files;
    this.owner = owner;
    this.path = path;
    this.file = file;
  }

  /// Bytes written so far.
  long size() {
    return size;
  }

  /// @throws io.trencadis.base.SqlException 53400 beyond `temp_file_limit`, 53100, 58030
  void append(byte[] bytes, int length, Execution x) {
    append(bytes, length, x::checkInterrupts);
  }

  /// @param interrupts throws if the session is to stop
  void append(byte[] bytes, int length, Runnable interrupts) {
    owner.grow(length);
    try {
      file.write(ByteBuffer.wrap(bytes, 0, length), size);
    } catch (IOException e) {
      // A cancelled thread is interrupted, and finds its file closed.
      interrupts.run();
      throw TemporaryFiles.failure("write", path, e);
    }
    size += length;
    files.written(length);
  }

  /// Fills as much of the array from `from` on as there is in the file.
  ///
  /// @return how many bytes were read
  int read(byte[] into, int from, int length, long offset, Execution x) {
    return read(into, from, length, offset, x::checkInterrupts);
  }

  int read(byte[] into, int from, int length, long offset, Runnable interrupts) {
    try {
      return file.read(ByteBuffer.wrap(into, from, length), offset);
    } catch (IOException e) {
      interrupts.run();
      throw TemporaryFiles.failure("read", path, e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    owner.closed(this);
    try {
      file.close();
    } catch (IOException e) {
      throw TemporaryFiles.failure("close", path, e);
    } finally {
      files.delete(path);
    }
  }
}
