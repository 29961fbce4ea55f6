package io.trencadis.storage.run;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.Keys;
import io.trencadis.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// A sorted file of one transaction's writes at one shard. Immutable and thread-safe.
///
/// What may be asked without a read of the file is exact in one direction only: [#mayHave] and
/// [#firstIn] never miss a key, and take a few others for present.
public final class Run {
  /// What the trailer says of a run.
  ///
  /// @param keys how many different ones
  /// @param entries at least as many as keys
  /// @param bytes of the whole file
  public record Summary(
      long id, int shard, int keys, long entries, int lowestMark, int highestMark, long bytes) {}

  private record Cached(int number, Block block) {}

  private final RunDirectory directory;
  private final Summary summary;
  private final Path path;
  private final DiskFile file;
  private final byte[][] firstKeys;
  private final byte[] lastKey;

  /// Where each block begins, and where the last one ends.
  private final long[] offsets;

  private final KeyFilter filter;

  /// The block that was read last: scans and lookups in order need no other.
  private volatile Cached cached;

  private boolean forced;

  /// How many say that its file has to stay.
  private int holders;

  private boolean deleted;

  Run(
      RunDirectory directory,
      Summary summary,
      Path path,
      DiskFile file,
      byte[][] firstKeys,
      byte[] lastKey,
      long[] offsets,
      KeyFilter filter) {
    this.directory = directory;
    this.summary = summary;
    this.path = path;
    this.file = file;
    this.firstKeys = firstKeys;
    this.lastKey = lastKey;
    this.offsets = offsets;
    this.filter = filter;
  }

  public Summary summary() {
    return summary;
  }

  /// Returns when the run survives a loss of power.
  ///
  /// @throws IOException if that is not known: the node has to stop
  public synchronized void force() throws IOException {
    if (!forced) {
      file.force();
      directory.forceNames();
      forced = true;
    }
  }

  /// Keeps the file until [#release], also if [#delete] is called: something durable names it.
  public synchronized void hold() {
    holders++;
  }

  /// Ends one [#hold].
  public synchronized void release() {
    holders--;
    if (holders == 0 && deleted) {
      directory.delete(path);
    }
  }

  /// Removes the file, as soon as nobody holds it. Whoever still reads the run may go on: the
  /// file's room comes back when nobody uses the run any more.
  public synchronized void delete() {
    if (holders == 0 && !deleted) {
      directory.delete(path);
    }
    deleted = true;
  }

  int blocks() {
    return firstKeys.length;
  }

  /// How much a question that needs no read has to look through.
  public int sparseKeys() {
    return blocks();
  }

  /// Whether the key may be in the run.
  public boolean mayHave(byte[] key) {
    return Keys.compare(key, firstKeys[0]) >= 0
        && Keys.compare(key, lastKey) <= 0
        && filter.mayHave(KeyFilter.hash(key));
  }

  /// A key at or before the first of the run that lies in `[from, to)`, and in that range; with
  /// `reverse` one at or behind the last, possibly `to` itself. Null if the run has none there.
  public byte[] firstIn(byte[] from, byte[] to, boolean reverse) {
    boolean apart =
        (to != null && Keys.compare(firstKeys[0], to) >= 0)
            || (from != null && Keys.compare(lastKey, from) < 0)
            || (from != null && to != null && Keys.compare(from, to) >= 0);
    if (apart) {
      return null;
    }
    if (reverse) {
      return to == null || Keys.compare(lastKey, to) < 0 ? lastKey : to;
    }
    return from == null || Keys.compare(firstKeys[0], from) > 0 ? firstKeys[0] : from;
  }

  /// The run's first key of all, or with `reverse` its last, if it lies in `[from, to)`; else null.
  byte[] edge(byte[] from, byte[] to, boolean reverse) {
    byte[] edge = reverse ? lastKey : firstKeys[0];
    return Keys.inRange(edge, from, to) ? edge : null;
  }

  /// The newest entry of a key, or null.
  public RunEntry find(byte[] key) {
    if (!mayHave(key)) {
      return null;
    }
    Block block = block(blockOf(key));
    int at = block.ceiling(key);
    return at < block.count() && Keys.compare(block.key(at), key) == 0 ? block.entry(at) : null;
  }

  /// The last block that begins at or before a key; 0 if none does.
  int blockOf(byte[] key) {
    int low = 0;
    int high = firstKeys.length;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (Keys.compare(firstKeys[middle], key) <= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  Block block(int number) {
    Cached last = cached;
    if (last != null && last.number == number) {
      return last.block;
    }
    Block block = read(number);
    cached = new Cached(number, block);
    return block;
  }

  private Block read(int number) {
    int length = (int) (offsets[number + 1] - offsets[number]);
    ByteBuffer buffer = ByteBuffer.allocate(length);
    try {
      if (file.read(buffer, offsets[number]) < length) {
        throw damaged("ends too early");
      }
    } catch (IOException e) {
      throw new SqlException(
          SqlState.IO_ERROR, "could not read file \"" + path + "\": " + e.getMessage(), e);
    }
    int content = length - Integer.BYTES;
    CRC32C crc = new CRC32C();
    crc.update(buffer.array(), 0, content);
    if ((int) crc.getValue() != buffer.getInt(content)) {
      throw damaged("has a wrong checksum at offset " + offsets[number]);
    }
    return new Block(buffer.array(), content);
  }

  private SqlException damaged(String how) {
    return new SqlException(SqlState.DATA_CORRUPTED, "file \"" + path + "\" " + how);
  }

  /// The run's keys in `[from, to)`, in order or against it.
  public RunCursor cursor(byte[] from, byte[] to, boolean reverse) {
    return new RunCursor(this, from, to, reverse);
  }
}
