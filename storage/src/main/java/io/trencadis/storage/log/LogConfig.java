package io.trencadis.storage.log;

/// Sizes of the write-ahead log. They may differ from one opening to the next.
///
/// @param firstSegmentBytes size of the very first segment, small so that a new node starts fast; a
///   multiple of 4,096 from 4,096 to 1 GiB
/// @param segmentBytes size of every later segment; the same range
/// @param maxPendingBytes how much may wait to be written before appenders are held up; at least
///   4,096. What is being written comes on top, so memory is twice this
/// @param spareSegments how many segments that are no longer needed are kept for reuse rather than
///   deleted; 0 or more
public record LogConfig(
    int firstSegmentBytes, int segmentBytes, int maxPendingBytes, int spareSegments) {
  private static final int UNIT = 4096;

  public LogConfig {
    checkSegment(firstSegmentBytes);
    checkSegment(segmentBytes);
    if (maxPendingBytes < UNIT || maxPendingBytes > 1 << 30) {
      throw new IllegalArgumentException("pending bytes out of range: " + maxPendingBytes);
    }
    if (spareSegments < 0) {
      throw new IllegalArgumentException("negative number of spare segments: " + spareSegments);
    }
  }

  /// A server's: a first segment of 4 MiB, then 64 MiB, 32 MiB pending, two spare segments.
  public static LogConfig server() {
    return new LogConfig(4 << 20, 64 << 20, 32 << 20, 2);
  }

  /// Segments of one size, and as much pending as one of them holds.
  public static LogConfig small(int segmentBytes) {
    return new LogConfig(segmentBytes, segmentBytes, segmentBytes, 2);
  }

  private static void checkSegment(int bytes) {
    if (bytes < UNIT || bytes > 1 << 30 || bytes % UNIT != 0) {
      throw new IllegalArgumentException("segment size out of range: " + bytes);
    }
  }
}
