package io.trencadis.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;

/// What can be said of keys without knowing what is in them.
public final class Keys {
  /// Unsigned byte order, shorter first where one begins the other.
  public static final Comparator<byte[]> ORDER = Arrays::compareUnsigned;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

  private Keys() {}

  public static int compare(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b);
  }

  /// The relation that the key belongs to: its first four bytes.
  public static int relationId(byte[] key) {
    return ((key[0] & 0xff) << 24)
        | ((key[1] & 0xff) << 16)
        | ((key[2] & 0xff) << 8)
        | (key[3] & 0xff);
  }

  /// The lowest key of a relation.
  public static byte[] relationStart(int relationId) {
    return new byte[] {
      (byte) (relationId >>> 24),
      (byte) (relationId >>> 16),
      (byte) (relationId >>> 8),
      (byte) relationId
    };
  }

  /// The lowest key after all of a relation, or null after the last relation.
  public static byte[] relationEnd(int relationId) {
    return relationId == -1 ? null : relationStart(relationId + 1);
  }

  /// Whether `key` begins with all of `prefix`.
  public static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  /// The lowest key above `key`.
  public static byte[] successor(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  /// The lowest key that does not begin with `prefix`, above all that do; null if there is none.
  public static byte[] prefixEnd(byte[] prefix) {
    for (int i = prefix.length - 1; i >= 0; i--) {
      if (prefix[i] != -1) {
        byte[] end = Arrays.copyOf(prefix, i + 1);
        end[i]++;
        return end;
      }
    }
    return null;
  }

  /// Whether `from <= key < to`, where null is unbounded.
  public static boolean inRange(byte[] key, byte[] from, byte[] to) {
    return (from == null || compare(from, key) <= 0) && (to == null || compare(key, to) < 0);
  }

  /// A 64-bit hash whose every bit is usable; stable across versions of the server, since it places
  /// rows.
  public static long hash64(byte[] bytes, int offset, int length) {
    long h = length * MULTIPLIER;
    int at = offset;
    int end = offset + length;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      h = (h ^ mix((long) LONG.get(bytes, at))) * MULTIPLIER;
    }
    if (at < end) {
      long tail = 0;
      for (int shift = 0; at < end; at++, shift += 8) {
        tail |= (bytes[at] & 0xffL) << shift;
      }
      h = (h ^ mix(tail)) * MULTIPLIER;
    }
    return mix(h);
  }

  /// 32 bits of [#hash64] over a whole key.
  public static int hash(byte[] key) {
    return (int) (hash64(key, 0, key.length) >>> 32);
  }

  /// The finalizer of MurmurHash3 (Appleby): bijective, each input bit changes about half of the
  /// output.
  private static long mix(long x) {
    x = (x ^ (x >>> 33)) * 0xff51_afd7_ed55_8ccdL;
    x = (x ^ (x >>> 33)) * 0xc4ce_b9fe_1a85_ec53L;
    return x ^ (x >>> 33);
  }
}
