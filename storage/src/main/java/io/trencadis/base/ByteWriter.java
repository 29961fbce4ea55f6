package io.trencadis.base;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing byte array with big-endian put methods: the one output that encoders of rows, keys,
/// messages and wire formats write to. Reusable after [#reset]. Not thread-safe.
public final class ByteWriter {
  /// From here on the copy that [String#getBytes] makes costs less than looking at each character.
  private static final int LONG_TEXT = 32;

  private byte[] bytes;
  private int length;

  public ByteWriter() {
    this(128);
  }

  public ByteWriter(int initialCapacity) {
    bytes = new byte[Math.max(16, initialCapacity)];
  }

  /// Forgets the content and keeps the memory.
  public ByteWriter reset() {
    length = 0;
    return this;
  }

  /// Forgets everything from `newLength` on.
  public void truncate(int newLength) {
    if (newLength > length || newLength < 0) {
      throw new IllegalArgumentException("cannot truncate " + length + " bytes to " + newLength);
    }
    length = newLength;
  }

  /// Bytes written so far.
  public int length() {
    return length;
  }

  /// The backing array; only the first [#length] bytes are content, and it changes when more is
  /// written.
  public byte[] array() {
    return bytes;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      int needed = Math.addExact(length, more);
      bytes =
          Arrays.copyOf(
              bytes, Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 16L, bytes.length * 2L)));
    }
  }

  public ByteWriter putByte(int value) {
    ensure(1);
    bytes[length++] = (byte) value;
    return this;
  }

  public ByteWriter putShort(int value) {
    ensure(2);
    setShort(length, value);
    length += 2;
    return this;
  }

  public ByteWriter putInt(int value) {
    ensure(4);
    setInt(length, value);
    length += 4;
    return this;
  }

  public ByteWriter putLong(long value) {
    putInt((int) (value >>> 32));
    return putInt((int) value);
  }

  public ByteWriter putBytes(byte[] source) {
    return putBytes(source, 0, source.length);
  }

  public ByteWriter putBytes(byte[] source, int offset, int count) {
    ensure(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
    return this;
  }

  public ByteWriter putBytes(ByteBuffer source) {
    int count = source.remaining();
    ensure(count);
    source.get(bytes, length, count);
    length += count;
    return this;
  }

  /// Appends the string in UTF-8. Unpaired surrogates become `?`.
  public ByteWriter putUtf8(CharSequence text) {
    int chars = text.length();
    if (chars > LONG_TEXT && text instanceof String string) {
      return putBytes(string.getBytes(StandardCharsets.UTF_8));
    }
    ensure(chars);
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return putBytes(text.subSequence(i, chars).toString().getBytes(StandardCharsets.UTF_8));
      }
      // A short ASCII string is the common case: no intermediate array.
      bytes[length++] = (byte) c;
    }
    return this;
  }

  /// Appends the decimal digits of `value`, without an intermediate string.
  public ByteWriter putDecimal(long value) {
    if (value == Long.MIN_VALUE) {
      return putUtf8("-9223372036854775808");
    }
    ensure(20);
    if (value < 0) {
      bytes[length++] = '-';
      value = -value;
    }
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    for (int at = length + digits - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + value % 10);
      value /= 10;
    }
    length += digits;
    return this;
  }

  /// Overwrites two bytes at `at`, which must have been written.
  public void setShort(int at, int value) {
    bytes[at] = (byte) (value >>> 8);
    bytes[at + 1] = (byte) value;
  }

  /// Overwrites four bytes at `at`, which must have been written.
  public void setInt(int at, int value) {
    bytes[at] = (byte) (value >>> 24);
    bytes[at + 1] = (byte) (value >>> 16);
    bytes[at + 2] = (byte) (value >>> 8);
    bytes[at + 3] = (byte) value;
  }
}
