package io.trencadis.sql.execute;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Brings keys into an order in which those that lie near each other come one after the other.
final class NearKeys {
  /// How many keys can be ordered at once.
  static final int MOST = 1 << 13;

  private static final int PLACE_BITS = 13;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private NearKeys() {}

  /// The places of keys in their order, by the first bytes in which any two of them differ: where
  /// these are the same, in any order, since this saves time and nothing may depend on it.
  ///
  /// @param count at most [#MOST]
  static int[] order(byte[][] keys, int count) {
    int shared = sharedPrefix(keys, count);
    // The bytes and the place in one number, which is sorted without a call for each comparison.
    long[] order = new long[count];
    for (int i = 0; i < count; i++) {
      order[i] = (bytesFrom(keys[i], shared) >>> PLACE_BITS << PLACE_BITS ^ Long.MIN_VALUE) + i;
    }
    Arrays.sort(order);
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = (int) order[i] & MOST - 1;
    }
    return places;
  }

  private static int sharedPrefix(byte[][] keys, int count) {
    byte[] first = count == 0 ? new byte[0] : keys[0];
    int shared = first.length;
    for (int i = 1; i < count && shared > 0; i++) {
      int most = Math.min(shared, keys[i].length);
      int differs = Arrays.mismatch(first, 0, most, keys[i], 0, most);
      shared = differs < 0 ? most : differs;
    }
    return shared;
  }

  /// Eight bytes of a key, with zeros behind its end.
  private static long bytesFrom(byte[] key, int start) {
    if (start + Long.BYTES <= key.length) {
      return (long) LONG.get(key, start);
    }
    long bytes = 0;
    for (int i = start; i < start + Long.BYTES; i++) {
      bytes = bytes << Byte.SIZE | (i < key.length ? key[i] & 0xff : 0);
    }
    return bytes;
  }
}
