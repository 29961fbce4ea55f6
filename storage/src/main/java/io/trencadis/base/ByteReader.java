package io.trencadis.base;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads big-endian values out of a byte range, the twin of [ByteWriter]. Reading past the end
/// throws `IndexOutOfBoundsException`; what that means is the caller's to say. Not thread-safe.
public final class ByteReader {
  private final byte[] bytes;
  private final int end;
  private int position;

  public ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public ByteReader(byte[] bytes, int offset, int length) {
    java.util.Objects.checkFromIndexSize(offset, length, bytes.length);
    this.bytes = bytes;
    this.position = offset;
    this.end = offset + length;
  }

  public int remaining() {
    return end - position;
  }

  /// Offset of the next byte in the underlying array.
  public int position() {
    return position;
  }

  public byte[] array() {
    return bytes;
  }

  private int advance(int count) {
    if (count < 0 || count > end - position) {
      throw new IndexOutOfBoundsException(
          "need " + count + " bytes, " + (end - position) + " left");
    }
    int at = position;
    position += count;
    return at;
  }

  public byte getByte() {
    return bytes[advance(1)];
  }

  public short getShort() {
    int at = advance(2);
    return (short) ((bytes[at] << 8) | (bytes[at + 1] & 0xff));
  }

  public int getInt() {
    return intAt(bytes, advance(4));
  }

  public long getLong() {
    int at = advance(8);
    return ((long) intAt(bytes, at) << 32) | (intAt(bytes, at + 4) & 0xffff_ffffL);
  }

  public byte[] getBytes(int count) {
    int at = advance(count);
    return Arrays.copyOfRange(bytes, at, at + count);
  }

  public String getUtf8(int count) {
    int at = advance(count);
    return new String(bytes, at, count, StandardCharsets.UTF_8);
  }

  public void skip(int count) {
    advance(count);
  }

  private static int intAt(byte[] b, int at) {
    return (b[at] << 24)
        | ((b[at + 1] & 0xff) << 16)
        | ((b[at + 2] & 0xff) << 8)
        | (b[at + 3] & 0xff);
  }
}
