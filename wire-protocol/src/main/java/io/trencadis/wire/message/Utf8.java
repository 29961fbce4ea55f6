package io.trencadis.wire.message;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;

/// Finds the first byte sequence that is not UTF-8, and complains of it as PostgreSQL does.
final class Utf8 {
  private Utf8() {}

  /// @throws SqlException 22021 unless all of `text` is UTF-8
  static void check(byte[] text) {
    int at = 0;
    while (at < text.length) {
      int length = sequenceLength(text, at);
      if (length == 0) {
        throw invalid(text, at);
      }
      at += length;
    }
  }

  /// Bytes of the character at `at`, or 0 if it is none (Unicode standard, table 3-7).
  private static int sequenceLength(byte[] text, int at) {
    int first = text[at] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    int length = leadLength(first);
    if (length == 1 || length > 4 || at + length > text.length) {
      return 0;
    }
    int second = text[at + 1] & 0xff;
    int lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (first < 0xc2 || first > 0xf4 || second < lowest || second > highest) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((text[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /// How long the lead byte alone claims its sequence to be.
  private static int leadLength(int first) {
    return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 1;
  }

  private static SqlException invalid(byte[] text, int at) {
    int shown = Math.min(leadLength(text[at] & 0xff), text.length - at);
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < shown; i++) {
      bytes.append(String.format(i == 0 ? "0x%02x" : " 0x%02x", text[at + i] & 0xff));
    }
    return new SqlException(
        SqlState.CHARACTER_NOT_IN_REPERTOIRE,
        "invalid byte sequence for encoding \"UTF8\": " + bytes);
  }
}
