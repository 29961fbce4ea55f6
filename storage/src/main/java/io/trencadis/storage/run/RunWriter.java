package io.trencadis.storage.run;

import io.trencadis.base.ByteWriter;
import io.trencadis.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/// Writes one run: blocks of entries, then an index of the blocks, then a trailer of fixed length.
/// Confined to one thread. What is written survives a loss of power only after [Run#force].
public final class RunWriter implements AutoCloseable {
  static final int MAGIC = 0x5452_554e; // "TRUN"
  static final int FORMAT = 1;
  static final int TRAILER_BYTES = 60;

  /// Of a block that holds more than one key.
  private static final int BLOCK_BYTES = 16 << 10;

  /// Blocks that are written together.
  private static final int BUFFER_BYTES = 256 << 10;

  private final RunDirectory directory;
  private final long id;
  private final int shard;
  private final Path path;
  private final DiskFile file;
  private final CRC32C crc = new CRC32C();
  private final List<byte[]> firstKeys = new ArrayList<>();
  private long[] offsets = new long[64];
  private long[] hashes = new long[1024];
  private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private int blockStart;
  private long written;
  private byte[] lastKey;
  private int keys;
  private long entries;
  private int lowestMark = Integer.MAX_VALUE;
  private int highestMark = Integer.MIN_VALUE;
  private boolean finished;

  RunWriter(RunDirectory directory, long id, int shard, Path path, DiskFile file) {
    this.directory = directory;
    this.id = id;
    this.shard = shard;
    this.path = path;
    this.file = file;
  }

  /// Appends an entry: keys ascend, marks descend within a key.
  ///
  /// @param key not to be modified any more
  public void add(byte[] key, int mark, boolean keepsKey, byte[] value) throws IOException {
    int bytes = Block.ENTRY_BYTES + key.length + (value == null ? 0 : value.length);
    boolean newKey = lastKey == null || !Arrays.equals(key, lastKey);
    if (newKey) {
      if (buffer.position() - blockStart >= BLOCK_BYTES) {
        endBlock();
      }
      noteKey(key);
    }
    if (buffer.remaining() < bytes + Integer.BYTES) {
      makeRoom(bytes + Integer.BYTES);
    }
    if (buffer.position() == blockStart) {
      firstKeys.add(key);
      noteOffset(written + blockStart);
    }
    Block.put(buffer, key, mark, keepsKey, value);
    entries++;
    lowestMark = Math.min(lowestMark, mark);
    highestMark = Math.max(highestMark, mark);
  }

  private void noteKey(byte[] key) {
    lastKey = key;
    if (keys == hashes.length) {
      hashes = Arrays.copyOf(hashes, keys * 2);
    }
    hashes[keys++] = KeyFilter.hash(key);
  }

  private void noteOffset(long offset) {
    int blocks = firstKeys.size();
    if (blocks >= offsets.length) {
      offsets = Arrays.copyOf(offsets, blocks * 2);
    }
    offsets[blocks - 1] = offset;
  }

  /// Writes the whole blocks out; the one that is open moves to the buffer's start.
  private void makeRoom(int bytes) throws IOException {
    int open = buffer.position() - blockStart;
    ByteBuffer old = buffer;
    old.flip();
    old.limit(blockStart);
    file.write(old, written);
    written += blockStart;
    old.limit(blockStart + open).position(blockStart);
    if (open + bytes > BUFFER_BYTES || old.capacity() > BUFFER_BYTES) {
      buffer = ByteBuffer.allocate(Math.max(BUFFER_BYTES, open + bytes + BLOCK_BYTES));
      buffer.put(old);
    } else {
      old.compact();
    }
    blockStart = 0;
  }

  private void endBlock() throws IOException {
    crc.reset();
    crc.update(buffer.array(), blockStart, buffer.position() - blockStart);
    if (buffer.remaining() < Integer.BYTES) {
      makeRoom(Integer.BYTES);
    }
    buffer.putInt((int) crc.getValue());
    blockStart = buffer.position();
  }

  /// Ends the run.
  ///
  /// @throws IllegalStateException if nothing was added
  public Run finish() throws IOException {
    if (entries == 0) {
      throw new IllegalStateException("a run without entries");
    }
    endBlock();
    makeRoom(0);
    long indexOffset = written;
    ByteWriter index = new ByteWriter(1 << 16);
    for (int i = 0; i < firstKeys.size(); i++) {
      index.putLong(offsets[i]).putInt(firstKeys.get(i).length).putBytes(firstKeys.get(i));
    }
    index.putInt(lastKey.length).putBytes(lastKey);
    crc.reset();
    crc.update(index.array(), 0, index.length());
    ByteWriter trailer = new ByteWriter(TRAILER_BYTES);
    trailer.putInt(MAGIC).putInt(FORMAT).putLong(id).putInt(shard).putInt(keys).putLong(entries);
    trailer.putInt(lowestMark).putInt(highestMark);
    trailer.putLong(indexOffset).putInt(firstKeys.size()).putInt((int) crc.getValue());
    crc.reset();
    crc.update(trailer.array(), 0, trailer.length());
    trailer.putInt((int) crc.getValue());
    file.write(ByteBuffer.wrap(index.array(), 0, index.length()), indexOffset);
    long size = indexOffset + index.length() + trailer.length();
    file.write(ByteBuffer.wrap(trailer.array(), 0, trailer.length()), indexOffset + index.length());
    KeyFilter filter = new KeyFilter(keys);
    for (int i = 0; i < keys; i++) {
      filter.add(hashes[i]);
    }
    long[] ends = Arrays.copyOf(offsets, firstKeys.size() + 1);
    ends[firstKeys.size()] = indexOffset;
    finished = true;
    return new Run(
        directory,
        new Run.Summary(id, shard, keys, entries, lowestMark, highestMark, size),
        path,
        file,
        firstKeys.toArray(byte[][]::new),
        lastKey,
        ends,
        filter);
  }

  /// Gives up a run that was not finished: its file goes.
  @Override
  public void close() throws IOException {
    if (!finished) {
      file.close();
      directory.forget(path);
    }
  }
}
