package io.trencadis.storage.run;

import io.trencadis.storage.Keys;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Some entries of a run, read and taken apart: keys in order, of one key the newest first.
/// Immutable; values are copied out as they are asked for.
final class Block {
  private static final int DELETED = -1;
  private static final int KEEPS_KEY = 1;

  // An entry: the key's length, the mark, flags, the value's length, key, value.
  private static final int MARK = Integer.BYTES;
  private static final int FLAGS = MARK + Integer.BYTES;
  private static final int VALUE_LENGTH = FLAGS + 1;

  /// Bytes of an entry beside its key and its value.
  static final int ENTRY_BYTES = VALUE_LENGTH + Integer.BYTES;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private byte[][] keys = new byte[64][];
  private int[] offsets = new int[64];
  private int count;

  /// @param content the block's entries, shared with the caller
  /// @param length of them, in bytes
  /// @throws IllegalArgumentException for bytes that are no entries
  Block(byte[] content, int length) {
    bytes = content;
    try {
      for (int at = 0; at < length; ) {
        if (count == offsets.length) {
          keys = Arrays.copyOf(keys, count * 2);
          offsets = Arrays.copyOf(offsets, count * 2);
        }
        offsets[count] = at;
        int keyEnd = within(length, at + ENTRY_BYTES, (int) INT.get(content, at));
        int value = (int) INT.get(content, at + VALUE_LENGTH);
        keys[count++] = Arrays.copyOfRange(content, at + ENTRY_BYTES, keyEnd);
        at = value == DELETED ? keyEnd : within(length, keyEnd, value);
      }
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("a block's entries do not fit it", e);
    }
  }

  private static int within(int end, int start, int bytes) {
    if (bytes < 0 || bytes > end - start) {
      throw new IllegalArgumentException("an entry is longer than its block");
    }
    return start + bytes;
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
    return (int) INT.get(bytes, offsets[at] + MARK);
  }

  RunEntry entry(int at) {
    int offset = offsets[at];
    boolean keepsKey = (bytes[offset + FLAGS] & KEEPS_KEY) != 0;
    int length = (int) INT.get(bytes, offset + VALUE_LENGTH);
    int start = offset + ENTRY_BYTES + keys[at].length;
    byte[] value = length == DELETED ? null : Arrays.copyOfRange(bytes, start, start + length);
    return new RunEntry(keys[at], mark(at), keepsKey, value);
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
