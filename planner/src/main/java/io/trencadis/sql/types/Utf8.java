package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Text that a client sent as bytes.
public final class Utf8 {
  private Utf8() {}

  /// @throws SqlException 22021 where the bytes are no UTF-8, or hold a zero byte
  static String decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /// @throws SqlException 22021 where the bytes in `[from, to)` are no UTF-8, or hold a zero byte
  public static String decode(byte[] bytes, int from, int to) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, from, to - from))
              .toString();
      if (text.indexOf(0) < 0) {
        return text;
      }
    } catch (CharacterCodingException e) {
      // Reported below, byte by byte as PostgreSQL does.
      throw firstWrong(bytes, from, to);
    }
    throw invalid("0x00");
  }

  private static SqlException firstWrong(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int lead = bytes[at] & 0xff;
      int length =
          (lead & 0xe0) == 0xc0 ? 2 : (lead & 0xf0) == 0xe0 ? 3 : (lead & 0xf8) == 0xf0 ? 4 : 1;
      int shown = Math.min(length, to - at);
      String decoded = new String(bytes, at, shown, StandardCharsets.UTF_8);
      if (lead == 0 || decoded.indexOf('\ufffd') >= 0) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < shown; i++) {
          hex.append(i == 0 ? "" : " ").append(String.format("0x%02x", bytes[at + i]));
        }
        return invalid(hex.toString());
      }
      at += length;
    }
    return invalid("");
  }

  private static SqlException invalid(String bytes) {
    return new SqlException(
        SqlState.CHARACTER_NOT_IN_REPERTOIRE,
        "invalid byte sequence for encoding \"UTF8\": " + bytes);
  }
}
