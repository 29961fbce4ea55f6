package io.trencadis.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Takes the records that recovery finds, in the order they were appended.
@FunctionalInterface
public interface RecordReader {
  /// @param end the position that append returned for this record
  /// @param body the record, from position to limit, on the heap; valid during the call only
  /// @throws IOException to end recovery with it
  void record(long end, ByteBuffer body) throws IOException;
}
