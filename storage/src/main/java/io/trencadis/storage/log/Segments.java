package io.trencadis.storage.log;

import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFile;
import io.trencadis.storage.disk.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/// Makes segments and reuses those no longer needed. Used by one thread: the opener's, then the
/// log's.
///
/// A segment gets its name only when all its bytes have their place on disk and its header is
/// durable, and it is used only when the name is durable too. So a segment found under its name is
/// whole, and a write into it finds room.
final class Segments {
  static final String SUFFIX = ".wal";
  static final String UNFINISHED = "allocating.tmp";

  /// How much is allocated between two groups of commits; they wait that long.
  private static final int SLICE = 2 << 20;

  private final Disk disk;
  private final Path directory;
  private final LogConfig config;
  private final Deque<Segment> free = new ArrayDeque<>();
  private DiskFile unfinished;
  private long done;
  private long fsyncs;

  Segments(Disk disk, Path directory, LogConfig config) {
    this.disk = disk;
    this.directory = directory;
    this.config = config;
  }

  static String name(long first) {
    return "%016x".formatted(first) + SUFFIX;
  }

  static boolean isSegment(String name) {
    return name.matches("[0-9a-f]{16}\\.wal");
  }

  /// The position of a segment's first byte, by its name.
  static long first(String name) {
    return Long.parseUnsignedLong(name.substring(0, 16), 16);
  }

  /// Calls of force so far.
  long fsyncs() {
    return fsyncs;
  }

  /// Goes on with the segment that is to begin at `first`.
  ///
  /// @param whole to do all of it now; else one slice is done
  /// @return the segment, or null if more is to do
  /// @throws DiskFullException if there was no room; what had been allocated was given back
  Segment allocate(long first, long generation, boolean whole) throws IOException {
    if (!free.isEmpty() && unfinished == null) {
      Segment segment = reuse(free.peek(), first, generation);
      free.remove();
      return segment;
    }
    int length = first == 0 ? config.firstSegmentBytes() : config.segmentBytes();
    Path temporary = directory.resolve(UNFINISHED);
    try {
      if (unfinished == null) {
        unfinished = disk.create(temporary);
        done = 0;
      }
      long slice = whole ? length - done : Math.min(SLICE, length - done);
      unfinished.preallocate(done, slice);
      done += slice;
      if (done < length) {
        force(unfinished);
        return null;
      }
      Segment segment = new Segment(directory.resolve(name(first)), unfinished, first, length);
      segment.writeHeader(generation);
      force(unfinished);
      disk.rename(temporary, segment.path);
      disk.syncDirectory(directory);
      unfinished = null;
      return segment;
    } catch (DiskFullException full) {
      if (unfinished != null) {
        unfinished.close();
        unfinished = null;
        // Others need the room too, the base tree first of all.
        disk.delete(temporary);
      }
      throw full;
    }
  }

  private Segment reuse(Segment old, long first, long generation) throws IOException {
    long length = old.end - old.first;
    Segment segment = new Segment(directory.resolve(name(first)), old.file, first, length);
    // Header first: a crash before the rename leaves a file below the position that recovery
    // begins at, which it does not look into.
    segment.writeHeader(generation);
    force(segment.file);
    disk.rename(old.path, segment.path);
    disk.syncDirectory(directory);
    return segment;
  }

  /// Takes a segment that nobody needs any more.
  void release(Segment segment) throws IOException {
    if (free.size() < config.spareSegments()) {
      free.add(segment);
    } else {
      segment.file.close();
      disk.delete(segment.path);
    }
  }

  /// Gives back a segment at the log's end that has not been used. Its name is gone for good when
  /// this returns, so that the log never has a gap.
  void discard(Segment segment) throws IOException {
    segment.file.close();
    disk.delete(segment.path);
    disk.syncDirectory(directory);
  }

  void force(DiskFile file) throws IOException {
    fsyncs++;
    file.force();
  }

  /// Closes what is open here.
  void close() throws IOException {
    for (Segment segment : free) {
      segment.file.close();
    }
    free.clear();
    if (unfinished != null) {
      unfinished.close();
      unfinished = null;
    }
  }
}
