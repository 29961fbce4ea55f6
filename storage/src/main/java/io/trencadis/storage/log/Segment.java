package io.trencadis.storage.log;

import io.trencadis.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// One file of the log, linked to the one behind it.
final class Segment {
  final Path path;
  final DiskFile file;

  /// Position of the file's first byte.
  final long first;

  /// Position behind its last.
  final long end;

  /// Guarded by the log's lock.
  Segment next;

  Segment(Path path, DiskFile file, long first, long length) {
    this.path = path;
    this.file = file;
    this.first = first;
    this.end = first + length;
  }

  /// Where the first fragment begins.
  long begin() {
    return first + SegmentHeader.SIZE;
  }

  void writeHeader(long generation) throws IOException {
    ByteBuffer header = new SegmentHeader(generation, first, end - first).encode();
    file.write(header, 0);
  }

  SegmentHeader readHeader() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.SIZE);
    bytes.limit(file.read(bytes, 0));
    SegmentHeader header = SegmentHeader.decode(path, bytes);
    if (header.first() != first) {
      throw new LogDamagedException(
          path, 24, "its header says that it begins at position " + header.first());
    }
    if (header.length() != end - first) {
      throw new LogDamagedException(
          path,
          Math.min(end - first, header.length()),
          "it has " + (end - first) + " bytes, its header says " + header.length());
    }
    return header;
  }
}
