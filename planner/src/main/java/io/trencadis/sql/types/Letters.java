package io.trencadis.sql.types;

import java.util.function.IntUnaryOperator;

/// Upper and lower case, character by character.
public final class Letters {
  private Letters() {}

  /// Each character mapped to one other, unlike `String.toUpperCase`, which may make two of one.
  public static String map(String text, IntUnaryOperator mapping) {
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

  public static String lower(String text) {
    return map(text, Character::toLowerCase);
  }

  public static String upper(String text) {
    return map(text, Character::toUpperCase);
  }
}
