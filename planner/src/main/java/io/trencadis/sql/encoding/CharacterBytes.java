package io.trencadis.sql.encoding;

/// Where characters begin and end in encodings of several bytes a character. All positions are
/// within the arrays given.
///
/// Source: PostgreSQL 15 manual, 24.3; the byte ranges are those of the encodings' own standards.
final class CharacterBytes {
  private static final int SINGLE_SHIFT_2 = 0x8e;
  private static final int SINGLE_SHIFT_3 = 0x8f;

  private CharacterBytes() {}

  /// How many bytes the character that begins at `at` claims to have, whether or not they are
  /// there.
  static int claimed(Encoding encoding, byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    if (first < 0x80 || encoding.maxBytes() == 1) {
      return 1;
    }
    return switch (encoding) {
      case UTF8 -> first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 1;
      case EUC_JP, EUC_KR, JOHAB, EUC_JIS_2004 -> first == SINGLE_SHIFT_3 ? 3 : 2;
      case EUC_TW -> first == SINGLE_SHIFT_2 ? 4 : first == SINGLE_SHIFT_3 ? 3 : 2;
      case SJIS, SHIFT_JIS_2004 -> within(first, 0xa1, 0xdf) ? 1 : 2;
      case GB18030 -> at + 1 < bytes.length && within(bytes[at + 1], 0x30, 0x39) ? 4 : 2;
      case MULE_INTERNAL ->
          within(first, 0x81, 0x8d) ? 2 : within(first, 0x90, 0x99) ? 3 : first <= 0x9b ? 3 : 4;
      default -> 2;
    };
  }

  /// Whether what begins at `at` has the form of a character; that does not mean that there is one.
  static boolean valid(Encoding encoding, byte[] bytes, int at, int to) {
    int first = bytes[at] & 0xff;
    int length = claimed(encoding, bytes, at);
    if (first == 0 || at + length > to) {
      return false;
    }
    if (length == 1) {
      return true;
    }
    int second = bytes[at + 1] & 0xff;
    return switch (encoding) {
      case EUC_JP ->
          first == SINGLE_SHIFT_2
              ? within(second, 0xa1, 0xdf)
              : (first == SINGLE_SHIFT_3 || euc(first)) && allEuc(bytes, at + 1, at + length);
      case EUC_CN, EUC_KR -> euc(first) && euc(second);
      case EUC_TW ->
          first == SINGLE_SHIFT_2
              ? within(second, 0xa1, 0xa7) && allEuc(bytes, at + 2, at + length)
              : first != SINGLE_SHIFT_3 && euc(second);
      case JOHAB -> allEuc(bytes, at + 1, at + length);
      case SJIS ->
          (within(first, 0x81, 0x9f) || within(first, 0xe0, 0xfc))
              && (within(second, 0x40, 0x7e) || within(second, 0x80, 0xfc));
      case GB18030 ->
          within(first, 0x81, 0xfe)
              && (length == 2
                  ? within(second, 0x40, 0x7e) || within(second, 0x80, 0xfe)
                  : within(bytes[at + 2], 0x81, 0xfe) && within(bytes[at + 3], 0x30, 0x39));
      default -> second != 0;
    };
  }

  private static boolean within(int value, int lowest, int highest) {
    return (value & 0xff) >= lowest && (value & 0xff) <= highest;
  }

  private static boolean euc(int value) {
    return within(value, 0xa1, 0xfe);
  }

  private static boolean allEuc(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!euc(bytes[i])) {
        return false;
      }
    }
    return true;
  }
}
