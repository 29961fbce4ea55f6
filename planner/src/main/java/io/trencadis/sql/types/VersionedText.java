package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.Arrays;

/// The binary format of `jsonb` and `jsonpath`: a version, which is 1, and the text.
final class VersionedText {
  private static final int VERSION = 1;

  private VersionedText() {}

  /// @param what the type and what it has a number of, as the error for another version says it
  /// @throws SqlException 08P01 without a version, XX000 for another one
  static String read(ByteReader in, int length, String what) {
    byte[] bytes = in.getBytes(length);
    if (length < 1) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "no data left in message");
    }
    if (bytes[0] != VERSION) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "unsupported " + what + (bytes[0] & 0xff));
    }
    return Utf8.decode(Arrays.copyOfRange(bytes, 1, length));
  }

  static void write(String text, ByteWriter out) {
    out.putByte(VERSION);
    out.putUtf8(text);
  }
}
