package io.trencadis.storage.lmdb;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The bytes of a key or a value where LMDB keeps them. One object serves all the entries that a
/// cursor meets, so what it shows is to be read before the next move, and only while the
/// transaction lasts and changes nothing. Numbers are big-endian. Not thread-safe.
public final class LmdbBytes {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private long address;
  private int length;

  LmdbBytes() {}

  void show(long address, long length) {
    this.address = address;
    this.length = Math.toIntExact(length);
  }

  long address() {
    return address;
  }

  public int length() {
    return length;
  }

  public byte get(int index) {
    return Lmdb.MEMORY.get(ValueLayout.JAVA_BYTE, at(index, Byte.BYTES));
  }

  public int getInt(int index) {
    return Lmdb.MEMORY.get(INT, at(index, Integer.BYTES));
  }

  public long getLong(int index) {
    return Lmdb.MEMORY.get(LONG, at(index, Long.BYTES));
  }

  /// Copies `count` bytes from `index` on to a place in an array.
  public void copy(int index, byte[] to, int toIndex, int count) {
    MemorySegment.copy(Lmdb.MEMORY, ValueLayout.JAVA_BYTE, at(index, count), to, toIndex, count);
  }

  /// A copy of what comes from `index` on.
  public byte[] copyFrom(int index) {
    byte[] copy = new byte[length - index];
    copy(index, copy, 0, copy.length);
    return copy;
  }

  /// Whether these are the remaining bytes of a buffer.
  public boolean equalTo(ByteBuffer other) {
    return other.remaining() == length
        && MemorySegment.mismatch(
                Lmdb.MEMORY, address, address + length, MemorySegment.ofBuffer(other), 0, length)
            < 0;
  }

  private long at(int index, int count) {
    // A damaged length must not lead out of the entry.
    if (index < 0 || count > length - index) {
      throw new IndexOutOfBoundsException(index + " of " + length);
    }
    return address + index;
  }
}
