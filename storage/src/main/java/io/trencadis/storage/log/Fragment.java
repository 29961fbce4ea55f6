package io.trencadis.storage.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// The layout of a fragment: a header of 16 bytes, the body, and zeros up to a multiple of 8.
///
/// ```
///  0  int32  length of the body
///  4  int8   kind;  int24 mark: a hash of the position
///  8  int32  how far back everything was durable when this was written
/// 12  int32  CRC32C of the three above, the position, the generation, and the body
/// ```
///
/// The mark costs nothing to compare, and so lets recovery look for fragments at every offset
/// without computing a checksum there. Not thread-safe: an instance owns its scratch space.
final class Fragment {
  static final int HEADER = 16;

  /// Less room than this at a segment's end stays unused.
  static final int SMALLEST = 24;

  /// Longest body, so that a reader needs a window of known size.
  static final int MAX_BODY = 1 << 20;

  static final int FULL = 1;
  static final int FIRST = 2;
  static final int MIDDLE = 3;
  static final int LAST = 4;

  /// Eight bytes: the generation that everything behind it belongs to.
  static final int GENERATION = 5;

  /// Empty: the log was closed in order, and all before this was durable.
  static final int CLOSE = 6;

  private final CRC32C crc = new CRC32C();
  private final ByteBuffer covered = ByteBuffer.allocate(28);

  /// Bytes that a fragment takes, padding included.
  static int size(int length) {
    return HEADER + ((length + 7) & ~7);
  }

  /// Writes header and padding around a body that the caller puts in between; [#seal] completes it.
  static void begin(ByteBuffer buffer, int index, int length, int kind, long position) {
    buffer.putInt(index, length);
    buffer.putInt(index + 4, tag(kind, position));
    buffer.putInt(index + 8, 0);
    buffer.putInt(index + 12, 0);
    if ((length & 7) != 0) {
      // The last eight bytes, before the body comes over them.
      buffer.putLong(index + HEADER + (length & ~7), 0);
    }
  }

  static int kind(ByteBuffer buffer, int index) {
    return buffer.get(index + 4);
  }

  static int length(ByteBuffer buffer, int index) {
    return buffer.getInt(index);
  }

  /// Up to where the log was durable when this fragment was written.
  static long durable(ByteBuffer buffer, int index, long position) {
    return position - Integer.toUnsignedLong(buffer.getInt(index + 8));
  }

  private static int tag(int kind, long position) {
    return kind << 24 | (int) (((position >>> 3) * 0x9E3779B97F4A7C15L) >>> 40);
  }

  /// Whether a fragment may begin here: right in all that can be checked without its body.
  ///
  /// @param room bytes from here to the segment's end
  static boolean plausible(ByteBuffer buffer, int index, long position, long room) {
    int tag = buffer.getInt(index + 4);
    int kind = tag >>> 24;
    if (kind < FULL || kind > CLOSE || tag != tag(kind, position)) {
      return false;
    }
    int length = buffer.getInt(index);
    return length >= 0 && length <= MAX_BODY && size(length) <= room;
  }

  /// Completes the header. Leaves the buffer's position and limit changed.
  void seal(ByteBuffer buffer, int index, long position, long generation, long durable) {
    buffer.putInt(index + 8, (int) Math.min(position - durable, 0xFFFF_FFFFL));
    buffer.putInt(index + 12, checksum(buffer, index, position, generation));
  }

  /// Whether a plausible fragment is whole. Leaves the buffer's position and limit changed.
  boolean valid(ByteBuffer buffer, int index, long position, long generation) {
    return buffer.getInt(index + 12) == checksum(buffer, index, position, generation);
  }

  private int checksum(ByteBuffer buffer, int index, long position, long generation) {
    int length = buffer.getInt(index);
    covered.putInt(0, length);
    covered.putInt(4, buffer.getInt(index + 4));
    covered.putInt(8, buffer.getInt(index + 8));
    covered.putLong(12, position);
    covered.putLong(20, generation);
    crc.reset();
    crc.update(covered.array(), 0, 28);
    buffer.clear().limit(index + HEADER + length).position(index + HEADER);
    crc.update(buffer);
    buffer.clear();
    return (int) crc.getValue();
  }
}
