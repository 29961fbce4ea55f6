package io.trencadis.storage.log;

import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A log's files, for those who copy or check it without appending to it. Stateless.
public final class LogFiles {
  private LogFiles() {}

  /// A segment as far as it is needed.
  ///
  /// @param length of the whole file, in bytes
  /// @param used how many of them, from its beginning, hold the log up to where it was asked for
  public record Piece(Path file, long length, long used) {}

  /// The segments that hold the log between two positions, in order. They may belong to a log that
  /// is open, as long as it does not recycle what lies behind `from`.
  ///
  /// @param from the end of a record, or 0
  /// @param to a durable position at or behind `from`
  /// @throws LogDamagedException if a segment in between is missing
  public static List<Piece> between(Disk disk, Path directory, long from, long to)
      throws IOException {
    List<Long> begins = new ArrayList<>();
    for (Path path : disk.list(directory)) {
      String name = path.getFileName().toString();
      if (Segments.isSegment(name)) {
        begins.add(Segments.first(name));
      }
    }
    begins.sort(null);
    while (begins.size() > 1 && begins.get(1) <= from) {
      begins.removeFirst();
    }
    List<Piece> pieces = new ArrayList<>();
    long reached = from;
    for (long first : begins) {
      if (first >= to && !pieces.isEmpty()) {
        break;
      }
      if (first > reached) {
        break;
      }
      Path path = directory.resolve(Segments.name(first));
      long length;
      try (DiskFile file = disk.open(path)) {
        length = file.size();
      }
      long used = Math.max(SegmentHeader.SIZE, Math.min(length, to - first));
      pieces.add(new Piece(path, length, used));
      reached = first + length;
    }
    if (reached < to || pieces.isEmpty()) {
      throw new LogDamagedException(
          directory, 0, "the segment that begins at position " + reached + " is missing");
    }
    return pieces;
  }

  /// Walks the log as a start would, replays its records, and changes nothing.
  ///
  /// @param disk may be one that refuses to write
  /// @param from as for [WriteAheadLog#open]
  /// @param replay given the records behind `from`, up to the first damage
  /// @throws IOException if a file cannot be read, or from `replay`
  public static LogReport check(Disk disk, Path directory, long from, RecordReader replay)
      throws IOException {
    Recovery recovery = new Recovery(disk, directory, null, from, replay);
    return recovery.check();
  }
}
