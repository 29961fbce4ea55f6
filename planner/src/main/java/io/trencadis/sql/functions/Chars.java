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

  /// Each character mapped to one other, unlike `String.toUpperCase`, which may make two of one.
  static String map(String text, java.util.function.IntUnaryOperator mapping) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int mapped = mapping.applyAsInt(c);
      if (out == null && mapped != c) {
        out = new StringBuilder(text.length()).append(text, 0, i);
      }
      if (out != null) {
        out.appendCodePoint(mapped);
      }
      i += Character.charCount(c);
    }
    return out == null ? text : out.toString();
  }

  static String lower(String text) {
    return map(text, Character::toLowerCase);
  }

  static String upper(String text) {
    return map(text, Character::toUpperCase);
  }
}
