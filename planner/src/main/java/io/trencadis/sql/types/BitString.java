package io.trencadis.sql.types;

import java.util.Arrays;

/// A string of bits, packed eight to a byte, the first bit highest; unused bits of the last byte
/// are zero. Immutable.
public final class BitString {
  private final byte[] bytes;
  private final int length;

  /// @param bytes not changed afterwards, unused bits zero
  private BitString(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  /// The first `length` bits of some bytes.
  public static BitString of(byte[] from, int length) {
    byte[] bytes = Arrays.copyOf(from, size(length));
    if (length % 8 != 0) {
      bytes[bytes.length - 1] &= (byte) (0xff << (8 - length % 8));
    }
    return new BitString(bytes, length);
  }

  private static int size(int bits) {
    return (int) (((long) bits + 7) / 8);
  }

  /// The lowest `length` bits of a number, with its sign in front where it has fewer.
  public static BitString of(long number, int length) {
    byte[] bytes = new byte[size(length)];
    for (int i = 0; i < length; i++) {
      if ((number >> Math.min(63, length - 1 - i) & 1) != 0) {
        bytes[i >> 3] |= (byte) (0x80 >> (i & 7));
      }
    }
    return new BitString(bytes, length);
  }

  /// Number of bits.
  public int length() {
    return length;
  }

  /// The packed bits, which must not be changed.
  public byte[] bytes() {
    return bytes;
  }

  public boolean bit(int index) {
    return (bytes[index >> 3] & 0x80 >> (index & 7)) != 0;
  }

  public BitString with(int index, boolean value) {
    byte[] changed = bytes.clone();
    int mask = 0x80 >> (index & 7);
    changed[index >> 3] = (byte) (value ? changed[index >> 3] | mask : changed[index >> 3] & ~mask);
    return new BitString(changed, length);
  }

  /// The bits from `from` to before `to`, which are within the string.
  public BitString slice(int from, int to) {
    int count = to - from;
    byte[] out = new byte[size(count)];
    int shift = from & 7;
    for (int i = 0; i < out.length; i++) {
      int at = (from >> 3) + i;
      int next = at + 1 < bytes.length ? bytes[at + 1] & 0xff : 0;
      out[i] = (byte) (((bytes[at] & 0xff) << 8 | next) << shift >> 8);
    }
    return of(out, count);
  }

  /// Cut, or filled with zero bits behind.
  public BitString resized(int newLength) {
    return newLength == length ? this : of(bytes, newLength);
  }

  public BitString concat(BitString other) {
    byte[] out = Arrays.copyOf(bytes, size(length + other.length));
    int shift = length & 7;
    for (int i = 0; i < other.bytes.length; i++) {
      int at = (length >> 3) + i;
      int value = other.bytes[i] & 0xff;
      out[at] |= (byte) (value >> shift);
      if (at + 1 < out.length) {
        out[at + 1] |= (byte) (value << (8 - shift));
      }
    }
    return new BitString(out, length + other.length);
  }

  /// Byte by byte, then the shorter first.
  int compare(BitString other) {
    int order = Arrays.compareUnsigned(bytes, other.bytes);
    int common = Math.min(bytes.length, other.bytes.length);
    int first = Arrays.mismatch(bytes, 0, common, other.bytes, 0, common);
    return first >= 0 ? order : Integer.compare(length, other.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BitString bits
        && length == bits.length
        && Arrays.equals(bytes, bits.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes) * 31 + length;
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      out.append(bit(i) ? '1' : '0');
    }
    return out.toString();
  }
}
