package io.trencadis.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/// The part of a segment that recovery looks at, read in large pieces.
final class Window {
  private static final int SIZE = 4 << 20;

  /// Absolute reads only; its limit is its capacity. As large as the segments need.
  ByteBuffer bytes = ByteBuffer.allocate(0);

  private Segment segment;
  private long start;
  private long end;

  /// Makes bytes from `position` on readable.
  ///
  /// @param count how many; at most what the largest fragment takes, and within the segment
  /// @return the index of the first of them
  int at(Segment in, long position, int count) throws IOException {
    if (in != segment || position < start || position + count > end) {
      segment = in;
      start = position;
      int wished = (int) Math.min(SIZE, in.end - in.first);
      if (bytes.capacity() < wished) {
        bytes = ByteBuffer.allocate(wished);
      }
      bytes.clear().limit((int) Math.min(bytes.capacity(), in.end - position));
      end = position + in.file.read(bytes, position - in.first);
      bytes.clear();
      if (position + count > end) {
        throw new IOException("\"" + in.path + "\" ends at offset " + (end - in.first));
      }
    }
    return (int) (position - start);
  }
}
