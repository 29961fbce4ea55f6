package io.trencadis.cli;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.wire.Frames;
import java.nio.charset.StandardCharsets;

/// What one hostile connection sends.
///
/// @param answers how often it has to be told ReadyForQuery, or [#UNKNOWN]
/// @param unfinished whether the server cannot but wait for more
record Attack(byte[] bytes, int answers, boolean unfinished) {
  static final int UNKNOWN = -1;

  /// What is worth filling up rather than leaving torn.
  private static final int MOST_FILL = 100_000;

  private static final int REQUEST_MAJOR = 1234;
  private static final int CANCEL_MINOR = 5678;

  /// A stream of any kind, with its last message filled up and Terminate after it, so that the
  /// server gets to answer all that is before. Where that takes too much, it stays torn.
  static Attack stream(byte[] bytes) {
    int missing = missing(bytes);
    if (missing > MOST_FILL) {
      return new Attack(bytes, UNKNOWN, true);
    }
    return new Attack(
        new ByteWriter()
            .putBytes(bytes)
            .putBytes(new byte[missing])
            .putBytes(Frames.terminate().toByteArray())
            .toByteArray(),
        UNKNOWN,
        false);
  }

  /// How many bytes the last message lacks.
  private static int missing(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    boolean started = false;
    while (in.remaining() > 0) {
      if (started) {
        in.skip(1);
      }
      if (in.remaining() < 4) {
        // The length itself is torn; what is filled in makes it some other one.
        return Integer.MAX_VALUE;
      }
      int length = in.getInt() - 4;
      if (length < (started ? 0 : 4)) {
        // No message, and the end of the connection.
        return 0;
      }
      if (length > in.remaining()) {
        return length - in.remaining();
      }
      if (!started) {
        int code = in.getInt();
        length -= 4;
        started = code >>> 16 != REQUEST_MAJOR || (code & 0xffff) == CANCEL_MINOR;
      }
      in.skip(length);
    }
    return started ? 0 : Integer.MAX_VALUE;
  }

  /// For a person who wants to see what went wrong.
  String description() {
    return new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]+", "·");
  }
}
