package io.trencadis.storage.lmdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/// A key and a value as LMDB passes them (two `MDB_val`: length, then address). Not thread-safe.
final class Values {
  private static final long VALUE_OFFSET = 2 * Long.BYTES;

  private final MemorySegment words = Arena.ofAuto().allocate(4 * Long.BYTES, Long.BYTES);
  private final LmdbBytes key = new LmdbBytes();
  private final LmdbBytes value = new LmdbBytes();

  long keyAt() {
    return words.address();
  }

  long valueAt() {
    return words.address() + VALUE_OFFSET;
  }

  void key(ByteBuffer bytes) {
    set(0, bytes);
  }

  void value(ByteBuffer bytes) {
    set(2, bytes);
  }

  private void set(int word, ByteBuffer bytes) {
    set(word, Lmdb.address(bytes), bytes.remaining());
  }

  /// A key that is in memory of LMDB's.
  void key(long address, int length) {
    set(0, address, length);
  }

  private void set(int word, long address, int length) {
    words.setAtIndex(ValueLayout.JAVA_LONG, word, length);
    words.setAtIndex(ValueLayout.JAVA_LONG, word + 1, address);
  }

  /// The key LMDB answered with.
  LmdbBytes key() {
    return show(0, key);
  }

  /// The value LMDB answered with.
  LmdbBytes value() {
    return show(2, value);
  }

  private LmdbBytes show(int word, LmdbBytes bytes) {
    bytes.show(
        words.getAtIndex(ValueLayout.JAVA_LONG, word + 1),
        words.getAtIndex(ValueLayout.JAVA_LONG, word));
    return bytes;
  }
}
