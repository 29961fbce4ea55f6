package io.trencadis.storage.run;

import io.trencadis.storage.Keys;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Some entries of a run, read and taken apart: keys in order, of one key the newest first.
/// Immutable; values are copied out as they are asked for.
final class Block {
  private static final int DELETED = -1;
  private static final int KEEPS_KEY = 1;

  /// Bytes of an entry beside its key and its value.
  static final int ENTRY_BYTES = 13;

  private final byte[] bytes;
  private byte[][] keys = new byte[64][];
  private int[] offsets = new int[64];
  private int count;

  /// @param content the block's entries, shared with the caller
  /// @throws IllegalArgumentException for bytes that are no entries
  Block(byte[] content) {
    bytes = content;
    ByteBuffer from = ByteBuffer.wrap(content);
    try {
      while (from.hasRemaining()) {
        if (count == offsets.length) {
          keys = Arrays.copyOf(keys, count * 2);
          offsets = Arrays.copyOf(offsets, count * 2);
        }
        offsets[count] = from.position();
        byte[] key = new byte[from.getInt()];
        from.position(from.position() + Integer.BYTES + 1);
        int length = from.getInt();
        from.get(key);
        keys[count++] = key;
        if (length != DELETED) {
          from.position(from.position() + length);
        }
      }
    } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
      throw new IllegalArgumentException("a block's entries do not fit it", e);
    }
  }

  /// Appends one entry to a block that is being written.
  static void put(ByteBuffer to, byte[] key, int mark, boolean keepsKey, byte[] value) {
    to.putInt(key.length).putInt(mark).put((byte) (keepsKey ? KEEPS_KEY : 0));
    to.putInt(value == null ? DELETED : value.length).put(key);
    if (value != null) {
      to.put(value);
    }
  }

  int count() {
    return count;
  }

  byte[] key(int at) {
    return keys[at];
  }

  int mark(int at) {
    return ByteBuffer.wrap(bytes).getInt(offsets[at] + Integer.BYTES);
  }

  RunEntry entry(int at) {
    ByteBuffer from = ByteBuffer.wrap(bytes, offsets[at] + Integer.BYTES, ENTRY_BYTES - 4);
    int mark = from.getInt();
    boolean keepsKey = (from.get() & KEEPS_KEY) != 0;
    int length = from.getInt();
    int start = offsets[at] + ENTRY_BYTES + keys[at].length;
    byte[] value = length == DELETED ? null : Arrays.copyOfRange(bytes, start, start + length);
    return new RunEntry(keys[at], mark, keepsKey, value);
  }

  /// The place of the first entry whose key is at or above `key`; [#count] if there is none.
  int ceiling(byte[] key) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Keys.compare(keys[middle], key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
