package io.trencadis.storage.history;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// The places of the versions of one stretch of time, outside the heap. An entry: shard int32, key
/// length int32, commit timestamp int64, that of the successor int64, key. For one thread at a
/// time.
final class Ledger implements AutoCloseable {
  private static final int HEADER_BYTES = 24;
  private static final int FIRST_CHUNK_BYTES = 8 << 10;
  private static final int LARGEST_CHUNK_BYTES = 1 << 20;

  /// Receives the places.
  interface Visitor {
    void visit(int shard, byte[] key, long commitTs, long successorTs);
  }

  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> chunks = new ArrayList<>();
  private final List<Long> filled = new ArrayList<>();
  private MemorySegment last;
  private long used;
  private long highestSuccessorTs;

  /// No read at or above this timestamp needs anything listed here.
  long highestSuccessorTs() {
    return highestSuccessorTs;
  }

  void add(int shard, byte[] key, long commitTs, long successorTs) {
    highestSuccessorTs = Math.max(highestSuccessorTs, successorTs);
    long needed = HEADER_BYTES + (long) key.length;
    if (last == null || last.byteSize() - used < needed) {
      if (last != null) {
        filled.add(used);
      }
      long size =
          last == null ? FIRST_CHUNK_BYTES : Math.min(LARGEST_CHUNK_BYTES, last.byteSize() * 2);
      last = arena.allocate(size);
      chunks.add(last);
      used = 0;
    }
    last.set(ValueLayout.JAVA_INT_UNALIGNED, used, shard);
    last.set(ValueLayout.JAVA_INT_UNALIGNED, used + 4, key.length);
    last.set(ValueLayout.JAVA_LONG_UNALIGNED, used + 8, commitTs);
    last.set(ValueLayout.JAVA_LONG_UNALIGNED, used + 16, successorTs);
    MemorySegment.copy(key, 0, last, ValueLayout.JAVA_BYTE, used + HEADER_BYTES, key.length);
    used += needed;
  }

  void forEach(Visitor visitor) {
    for (int i = 0; i < chunks.size(); i++) {
      MemorySegment chunk = chunks.get(i);
      long end = i < filled.size() ? filled.get(i) : used;
      for (long at = 0; at < end; ) {
        byte[] key = new byte[chunk.get(ValueLayout.JAVA_INT_UNALIGNED, at + 4)];
        MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, at + HEADER_BYTES, key, 0, key.length);
        visitor.visit(
            chunk.get(ValueLayout.JAVA_INT_UNALIGNED, at),
            key,
            chunk.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 8),
            chunk.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 16));
        at += HEADER_BYTES + key.length;
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
