package io.trencadis.sharding.local;

import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/// Copies files in pieces, with a checksum of what was copied. Confined to one thread.
final class FileCopy {
  private static final int PIECE = 1 << 20;

  private final Disk disk;
  private final LongConsumer progress;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);

  /// @param progress told of bytes gone through since it was told last; may throw to end the copy
  FileCopy(Disk disk, LongConsumer progress) {
    this.disk = disk;
    this.progress = progress;
  }

  /// Makes a durable copy of the first `bytes` of a file, and zeros behind them up to `length`.
  ///
  /// @return the CRC32C of what was copied
  int copy(Path from, Path to, long bytes, long length) throws IOException {
    try (DiskFile source = disk.open(from);
        DiskFile target = disk.create(to)) {
      int checksum = walk(source, from, bytes, target);
      if (length > bytes) {
        target.preallocate(bytes, length - bytes);
      }
      target.force();
      return checksum;
    }
  }

  /// The CRC32C of a file's first `bytes`.
  int checksum(Path file, long bytes) throws IOException {
    try (DiskFile source = disk.open(file)) {
      return walk(source, file, bytes, null);
    }
  }

  private int walk(DiskFile source, Path name, long bytes, DiskFile target) throws IOException {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < bytes; ) {
      int count = (int) Math.min(PIECE, bytes - at);
      buffer.clear().limit(count);
      if (source.read(buffer, at) < count) {
        throw new EOFException(name + " ends before byte " + (at + count));
      }
      buffer.flip();
      crc.update(buffer);
      if (target != null) {
        target.write(buffer.rewind(), at);
      }
      at += count;
      progress.accept(count);
    }
    return (int) crc.getValue();
  }
}
