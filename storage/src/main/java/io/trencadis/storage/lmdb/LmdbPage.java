package io.trencadis.storage.lmdb;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A copy of the page that a reader's cursor stands in, with the entries in it: one native call and
/// one copy for all of them. What is known here of a page's inside is LMDB's file format, version 1
/// (`MDB_page` and `MDB_node` in `mdb.c`), on processors that keep the low byte first; where
/// anything looks different, the entries have to be asked for one by one. Not thread-safe; the
/// array is never written to again.
public final class LmdbPage {
  /// Pages of other sizes are not looked into: only of these it is known where they begin, since
  /// the map begins at a page of the operating system.
  static final int BYTES = 4096;

  private static final int FLAGS_AT = 10;
  private static final int LOWER_AT = 12;
  private static final int UPPER_AT = 14;
  private static final int HEADER_BYTES = 16;
  private static final int LEAF = 2;

  // A node: length of its value (low and high half), flags, length of its key; then both.
  private static final int VALUE_LENGTH_AT = 0;
  private static final int NODE_FLAGS_AT = 4;
  private static final int KEY_LENGTH_AT = 6;
  private static final int NODE_HEADER_BYTES = 8;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final boolean LOW_BYTE_FIRST = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private final byte[] bytes = new byte[BYTES];
  private final long start;
  private final int entries;
  private final int upper;
  private int entry;
  private int node;

  private LmdbPage(LmdbBytes key) {
    start = key.address() & -BYTES;
    MemorySegment.copy(Lmdb.MEMORY, ValueLayout.JAVA_BYTE, start, bytes, 0, BYTES);
    int lower = half(LOWER_AT);
    upper = half(UPPER_AT);
    boolean whole =
        half(FLAGS_AT) == LEAF && lower >= HEADER_BYTES && lower <= upper && upper <= BYTES;
    entries = whole ? (lower - HEADER_BYTES) / Short.BYTES : 0;
    int current = (int) (key.address() - start) - NODE_HEADER_BYTES;
    while (entry < entries && half(HEADER_BYTES + entry * Short.BYTES) != current) {
      entry++;
    }
  }

  /// The page that a cursor stands in. What the copy stands on first is the cursor's own entry.
  ///
  /// @param cursor of a reader's transaction, moved to an entry just now
  /// @return null where the page cannot be read
  static LmdbPage of(LmdbCursor cursor) {
    if (!LOW_BYTE_FIRST) {
      return null;
    }
    LmdbPage page = new LmdbPage(cursor.key());
    return page.stand() ? page : null;
  }

  /// Moves to the next entry of the page.
  ///
  /// @param mostKeyBytes the longest key that is wanted
  /// @return false if there is none, or it has a longer key, or it cannot be read here
  public boolean next(int mostKeyBytes) {
    entry++;
    if (stand() && keyLength() <= mostKeyBytes) {
      return true;
    }
    entry--;
    stand();
    return false;
  }

  /// @return false where the entry is not all in this page
  private boolean stand() {
    if (entry >= entries) {
      return false;
    }
    node = half(HEADER_BYTES + entry * Short.BYTES);
    if (node < upper || node + NODE_HEADER_BYTES > BYTES || half(node + NODE_FLAGS_AT) != 0) {
      return false;
    }
    long end = (long) valueAt() + valueLength();
    return valueLength() >= 0 && end <= BYTES;
  }

  private int half(int at) {
    return (short) SHORT.get(bytes, at) & 0xffff;
  }

  /// The array that keys and values are in.
  public byte[] bytes() {
    return bytes;
  }

  /// Where the current entry's key begins.
  public int keyAt() {
    return node + NODE_HEADER_BYTES;
  }

  public int keyLength() {
    return half(node + KEY_LENGTH_AT);
  }

  /// Where the current entry's value begins.
  public int valueAt() {
    return keyAt() + keyLength();
  }

  public int valueLength() {
    return (int) INT.get(bytes, node + VALUE_LENGTH_AT);
  }

  /// The order of the current entry's key and another one: below 0 where the entry's comes first.
  public int compareKey(byte[] other) {
    int at = keyAt();
    return Arrays.compareUnsigned(bytes, at, at + keyLength(), other, 0, other.length);
  }

  /// Where LMDB has the current entry's key.
  long keyAddress() {
    return start + keyAt();
  }
}
