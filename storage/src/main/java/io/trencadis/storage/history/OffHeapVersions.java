package io.trencadis.storage.history;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.StoredVersion;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

/// A [VersionStore] on Chronicle Map, in anonymous memory outside the heap.
///
/// An entry's key is shard int32, commit timestamp int64, piece int32, key; its value predecessor's
/// commit timestamp int64, length of the row int32 (-1 for a deletion), and the row's bytes. A row
/// that does not fit one entry goes on in pieces 1, 2, … that hold bytes only; they are put before
/// piece 0, which is removed before them.
public final class OffHeapVersions implements VersionStore {
  private static final int PLACE_BYTES = 16;
  private static final int HEADER_BYTES = 12;
  private static final int CHUNK_BYTES = 64;
  private static final int MAX_CHUNKS = 64;

  /// What Chronicle Map itself needs of an entry, at most: lengths, alignment, checksum; and of the
  /// index for it.
  private static final int ENTRY_OVERHEAD_BYTES = 32;

  private static final int INDEX_BYTES = 8;
  private static final int AVERAGE_ENTRY_BYTES = 256;

  /// How far entries of another size than the average may make it grow; [History] cuts by bytes.
  private static final double MAX_BLOAT = 8;

  private final ChronicleMap<byte[], byte[]> map;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong count = new AtomicLong();

  private OffHeapVersions(ChronicleMap<byte[], byte[]> map) {
    this.map = map;
  }

  /// @param budgetBytes from which the number of entries follows, at 256 bytes each
  public static OffHeapVersions create(long budgetBytes) {
    // It tells its maker about every first use, unless told not to before its classes load.
    System.setProperty("chronicle.analytics.disable", "true");
    System.setProperty("chronicle.announcer.disable", "true");
    return new OffHeapVersions(
        ChronicleMapBuilder.of(byte[].class, byte[].class)
            .name("versions")
            .entries(Math.max(1024, budgetBytes / AVERAGE_ENTRY_BYTES))
            .averageKeySize(PLACE_BYTES + 32)
            .averageValueSize(AVERAGE_ENTRY_BYTES - PLACE_BYTES - 32 - ENTRY_OVERHEAD_BYTES)
            .actualChunkSize(CHUNK_BYTES)
            .maxChunksPerEntry(MAX_CHUNKS)
            .maxBloatFactor(MAX_BLOAT)
            // The library's own hook would close the map under the last flush.
            .skipCloseOnExitHook(true)
            .create());
  }

  private static byte[] place(int shard, byte[] key, long commitTs, int piece) {
    return ByteBuffer.allocate(PLACE_BYTES + key.length)
        .putInt(shard)
        .putLong(commitTs)
        .putInt(piece)
        .put(key)
        .array();
  }

  /// Bytes of a value that fit an entry with this key.
  private static int pieceBytes(byte[] key) {
    return CHUNK_BYTES * MAX_CHUNKS - ENTRY_OVERHEAD_BYTES - PLACE_BYTES - key.length;
  }

  private static long cost(byte[] key, int valueBytes) {
    int entry = PLACE_BYTES + key.length + valueBytes + ENTRY_OVERHEAD_BYTES / 2;
    return (entry + CHUNK_BYTES - 1L) / CHUNK_BYTES * CHUNK_BYTES + INDEX_BYTES;
  }

  @Override
  public boolean put(int shard, byte[] key, StoredVersion version) {
    byte[] row = version.value();
    int length = row == null ? 0 : row.length;
    int room = pieceBytes(key);
    int first = Math.min(length, room - HEADER_BYTES);
    int pieces = (length - first + room - 1) / room;
    long cost = cost(key, HEADER_BYTES + first);
    try {
      for (int piece = pieces; piece > 0; piece--) {
        int from = first + (piece - 1) * room;
        byte[] bytes = Arrays.copyOfRange(row, from, Math.min(length, from + room));
        map.put(place(shard, key, version.commitTs(), piece), bytes);
        cost += cost(key, bytes.length);
      }
      ByteBuffer value =
          ByteBuffer.allocate(HEADER_BYTES + first)
              .putLong(version.predecessorTs())
              .putInt(row == null ? -1 : length);
      if (row != null) {
        value.put(row, 0, first);
      }
      byte[] place = place(shard, key, version.commitTs(), 0);
      if (map.put(place, value.array()) == null) {
        bytes.addAndGet(cost);
        count.incrementAndGet();
      }
      return true;
    } catch (IllegalStateException full) {
      // The table of one segment cannot take another tier: what was put so far goes again.
      for (int piece = 1; piece <= pieces; piece++) {
        map.remove(place(shard, key, version.commitTs(), piece));
      }
      return false;
    }
  }

  @Override
  public StoredVersion get(int shard, byte[] key, long commitTs) {
    byte[] found = map.get(place(shard, key, commitTs, 0));
    if (found == null) {
      return null;
    }
    ByteBuffer value = ByteBuffer.wrap(found);
    long predecessorTs = value.getLong();
    int length = value.getInt();
    if (length < 0) {
      return new StoredVersion(commitTs, predecessorTs, null);
    }
    byte[] row = new byte[length];
    int at = value.remaining();
    value.get(row, 0, at);
    for (int piece = 1; at < length; piece++) {
      byte[] more = map.get(place(shard, key, commitTs, piece));
      if (more == null) {
        // Being removed at this moment, which is as good as removed.
        return null;
      }
      if (more.length > length - at) {
        throw new SqlException(SqlState.DATA_CORRUPTED, "a piece of an old version is too long");
      }
      System.arraycopy(more, 0, row, at, more.length);
      at += more.length;
    }
    return new StoredVersion(commitTs, predecessorTs, row);
  }

  @Override
  public void remove(int shard, byte[] key, long commitTs) {
    byte[] removed = map.remove(place(shard, key, commitTs, 0));
    if (removed == null) {
      return;
    }
    long cost = cost(key, removed.length);
    int length = ByteBuffer.wrap(removed).getInt(Long.BYTES);
    int left = length - (removed.length - HEADER_BYTES);
    for (int piece = 1; left > 0; piece++) {
      byte[] more = map.remove(place(shard, key, commitTs, piece));
      if (more == null) {
        break;
      }
      cost += cost(key, more.length);
      left -= more.length;
    }
    bytes.addAndGet(-cost);
    count.decrementAndGet();
  }

  @Override
  public long bytes() {
    return bytes.get();
  }

  @Override
  public long count() {
    return count.get();
  }

  @Override
  public void close() {
    map.close();
  }
}
