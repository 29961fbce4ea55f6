package io.trencadis.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// The part of a segment that recovery looks at, read in large pieces.
final class Window {
  private static final int SIZE = 4 << 20;
  private static final byte[] ZEROS = new byte[64 << 10];

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

  /// Skips zeros, of which a segment that was never filled has many.
  ///
  /// @param position a multiple of 8 from the segment's beginning on, up to its end
  /// @return the first multiple of 8 from there with anything else, or the segment's end
  long pastZeros(Segment in, long position) throws IOException {
    while (in.end - position >= Long.BYTES) {
      int index = at(in, position, Long.BYTES);
      int length = (int) (Math.min(end, in.end) - position);
      int zeros = 0;
      while (zeros < length) {
        int piece = Math.min(ZEROS.length, length - zeros);
        int other =
            Arrays.mismatch(bytes.array(), index + zeros, index + zeros + piece, ZEROS, 0, piece);
        if (other >= 0) {
          return position + ((zeros + other) & -Long.BYTES);
        }
        zeros += piece;
      }
      position += length & -Long.BYTES;
    }
    return in.end;
  }
}
