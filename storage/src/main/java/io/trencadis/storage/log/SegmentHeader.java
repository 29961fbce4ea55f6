package io.trencadis.storage.log;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// The first 64 bytes of a segment. They lie in one sector, so a rewrite is seen whole or not at
/// all.
///
/// ```
///  0  8 bytes  "TRENCWAL"
///  8  int32    format version: 1
/// 12  int32    0
/// 16  int64    generation
/// 24  int64    position of the segment's first byte
/// 32  int64    length of the segment
/// 40  20 bytes 0
/// 60  int32    CRC32C of the above
/// ```
///
/// @param generation that of the first fragment
/// @param first the position of the header itself
/// @param length bytes, header included
record SegmentHeader(long generation, long first, long length) {
  static final int SIZE = 64;

  private static final long MAGIC = 0x5452454E4357414CL;
  private static final int VERSION = 1;

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE);
    bytes.putLong(0, MAGIC);
    bytes.putInt(8, VERSION);
    bytes.putLong(16, generation);
    bytes.putLong(24, first);
    bytes.putLong(32, length);
    bytes.putInt(60, checksum(bytes));
    return bytes;
  }

  /// @param bytes what the file begins with; fewer than [#SIZE] where it is shorter
  static SegmentHeader decode(Path file, ByteBuffer bytes) throws LogDamagedException {
    if (bytes.limit() < SIZE || bytes.getLong(0) != MAGIC) {
      throw new LogDamagedException(file, 0, "it does not begin as a log segment does");
    }
    if (bytes.getInt(60) != checksum(bytes)) {
      throw new LogDamagedException(file, 0, "its header has a wrong checksum");
    }
    if (bytes.getInt(8) != VERSION) {
      throw new LogDamagedException(
          file, 8, "it has format version " + bytes.getInt(8) + ", this server reads " + VERSION);
    }
    return new SegmentHeader(bytes.getLong(16), bytes.getLong(24), bytes.getLong(32));
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, 60);
    return (int) crc.getValue();
  }
}
