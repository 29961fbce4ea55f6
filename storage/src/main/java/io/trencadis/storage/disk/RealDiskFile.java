package io.trencadis.storage.disk;

import io.trencadis.base.Durations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// One open file of the operating system.
final class RealDiskFile implements DiskFile {
  private static final int ZEROS = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final Durations forces;

  /// @param forces gets how long each force takes
  RealDiskFile(Path path, FileChannel channel, Durations forces) {
    this.path = path;
    this.channel = Uninterrupted.of(channel);
    this.forces = forces;
  }

  @Override
  public int read(ByteBuffer into, long offset) throws IOException {
    int total = 0;
    while (into.hasRemaining()) {
      int count = channel.read(into, offset + total);
      if (count < 0) {
        break;
      }
      total += count;
    }
    return total;
  }

  @Override
  public void write(ByteBuffer from, long offset) throws IOException {
    try {
      long at = offset;
      while (from.hasRemaining()) {
        at += channel.write(from, at);
      }
    } catch (IOException fault) {
      throw RealDisk.typed(path, fault);
    }
  }

  @Override
  public void force() throws IOException {
    long began = System.nanoTime();
    try {
      // fdatasync writes the length as well where that changed.
      channel.force(false);
    } catch (IOException fault) {
      throw RealDisk.typed(path, fault);
    } finally {
      forces.add(System.nanoTime() - began);
    }
  }

  @Override
  public void preallocate(long offset, long bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(bytes, ZEROS));
    long end = offset + bytes;
    for (long at = offset; at < end; at += zeros.limit()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), end - at));
      write(zeros, at);
    }
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
