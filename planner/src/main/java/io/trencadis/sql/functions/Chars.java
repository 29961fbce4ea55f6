package io.trencadis.sql.functions;

/// Strings by characters, that is code points, which is how SQL counts.
final class Chars {
  private Chars() {}

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /// The characters from `from` (0-based) up to but not `to`, both cut to what is there.
  static String slice(String text, long from, long to) {
    int length = text.length();
    // Without surrogates, characters are UTF-16 units.
    if (length(text) == length) {
      int start = (int) Math.max(0, Math.min(from, length));
      int end = (int) Math.max(start, Math.min(to, length));
      return text.substring(start, end);
    }
    int count = length(text);
    int start = (int) Math.max(0, Math.min(from, count));
    int end = (int) Math.max(start, Math.min(to, count));
    int at = text.offsetByCodePoints(0, start);
    return text.substring(at, text.offsetByCodePoints(at, end - start));
  }
}
