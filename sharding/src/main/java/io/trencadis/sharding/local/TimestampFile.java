package io.trencadis.sharding.local;

import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFile;
import io.trencadis.txn.oracle.TimestampOracle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/// The oracle's bound on disk: two slots in a file of fixed size, written in turn, so that a torn
/// write leaves the other one, and a full disk is in nobody's way. Thread-safe.
final class TimestampFile implements TimestampOracle.BoundKeeper {
  private static final long MAGIC = 0x5472_6e63_5473_6f31L;

  /// One slot a sector, whatever size the disk's are.
  private static final int SLOT = 4096;

  private static final int LENGTH = 28;

  private final DiskFile file;
  private final Consumer<IOException> onFailure;
  private long number;
  private long bound;
  private boolean closed;

  private TimestampFile(DiskFile file, Consumer<IOException> onFailure) {
    this.file = file;
    this.onFailure = onFailure;
  }

  /// Opens the file, or makes it with bound 0.
  ///
  /// @param onFailure told of a write or fsync that failed; the node must stop then
  /// @throws IOException if no slot can be read: starting then could repeat timestamps
  static TimestampFile open(Disk disk, Path path, Consumer<IOException> onFailure)
      throws IOException {
    if (disk.exists(path)) {
      TimestampFile found = new TimestampFile(disk.open(path), onFailure);
      found.read(0);
      found.read(1);
      if (found.number == 0) {
        throw new IOException(path + " holds no timestamp that can be read: restore a backup");
      }
      return found;
    }
    // Under another name until it is whole: a crash in between leaves nothing half made.
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    disk.delete(fresh);
    TimestampFile made = new TimestampFile(disk.create(fresh), onFailure);
    made.file.preallocate(0, 2 * SLOT);
    made.write(0);
    disk.rename(fresh, path);
    disk.syncDirectory(path.getParent());
    return made;
  }

  /// The bound in a file that nobody writes to.
  ///
  /// @throws IOException if no slot can be read
  static long read(Disk disk, Path path) throws IOException {
    try (DiskFile opened = disk.open(path)) {
      TimestampFile found = new TimestampFile(opened, failure -> {});
      found.read(0);
      found.read(1);
      if (found.number == 0) {
        throw new IOException(path + " holds no timestamp that can be read: restore a backup");
      }
      return found.bound;
    }
  }

  private void read(int slot) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    if (file.read(bytes, (long) slot * SLOT) < LENGTH) {
      return;
    }
    bytes.flip();
    if (bytes.getLong(0) == MAGIC
        && bytes.getInt(LENGTH - 4) == checksum(bytes)
        && bytes.getLong(8) > number) {
      number = bytes.getLong(8);
      bound = bytes.getLong(16);
    }
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, LENGTH - 4);
    return (int) crc.getValue();
  }

  /// What the last life left: every timestamp it handed out is at or below.
  synchronized long bound() {
    return bound;
  }

  private synchronized void write(long newBound) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    bytes.putLong(MAGIC).putLong(number + 1).putLong(newBound);
    bytes.putInt(checksum(bytes)).flip();
    file.write(bytes, (number + 1) % 2 * SLOT);
    file.force();
    number++;
    bound = newBound;
  }

  @Override
  public void raise(long newBound, Consumer<Exception> outcome) {
    // Whoever asks may be an event loop, and interrupts must stay away from the file.
    Thread.ofVirtual()
        .name("timestamp-bound")
        .start(
            () -> {
              try {
                raiseTo(newBound);
              } catch (IOException e) {
                outcome.accept(e);
                onFailure.accept(e);
                return;
              }
              outcome.accept(null);
            });
  }

  private synchronized void raiseTo(long newBound) throws IOException {
    if (newBound > bound && !closed) {
      write(newBound);
    }
  }

  /// The oracle has handed out its last timestamp: the next life may start right above it.
  synchronized void close(long last) throws IOException {
    closed = true;
    write(last);
    file.close();
  }
}
