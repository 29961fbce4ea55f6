package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;

/// LIKE: `%` is any string, `_` any character, and a backslash takes the next one literally.
final class LikeMatcher {
  private LikeMatcher() {}

  /// Whether all of `text` matches. Linear but for the number of `%`: on a mismatch only the last
  /// `%` is tried again, one character further.
  static boolean matches(String text, String pattern) {
    int t = 0;
    int p = 0;
    int retryText = -1;
    int retryPattern = -1;
    while (true) {
      if (p < pattern.length() && pattern.charAt(p) == '%') {
        retryPattern = ++p;
        t = candidate(text, t, pattern, p);
        if (t < 0) {
          return false;
        }
        retryText = t;
        continue;
      }
      if (t == text.length() && p == pattern.length()) {
        return true;
      }
      boolean matched = false;
      if (p < pattern.length()) {
        char c = pattern.charAt(p);
        if (t < text.length()) {
          if (c == '\\' && p + 1 >= pattern.length()) {
            throw new SqlException(
                SqlState.INVALID_ESCAPE_SEQUENCE,
                "LIKE pattern must not end with escape character");
          }
          if (c == '_') {
            t += Character.charCount(text.codePointAt(t));
            p++;
            matched = true;
          } else {
            int literal = c == '\\' ? p + 1 : p;
            if (pattern.charAt(literal) == text.charAt(t)) {
              t++;
              p = literal + 1;
              matched = true;
            }
          }
        }
      }
      if (!matched) {
        if (retryText < 0 || retryText >= text.length()) {
          return false;
        }
        retryText += Character.charCount(text.codePointAt(retryText));
        retryText = candidate(text, retryText, pattern, retryPattern);
        if (retryText < 0) {
          return false;
        }
        t = retryText;
        p = retryPattern;
      }
    }
  }

  /// Where, from a place on, what follows a `%` may begin; -1 for nowhere. A plain character is
  /// looked for many at a time.
  private static int candidate(String text, int from, String pattern, int afterPercent) {
    if (afterPercent == pattern.length()) {
      return text.length();
    }
    char c = pattern.charAt(afterPercent);
    return c == '%' || c == '_' || c == '\\' || Character.isSurrogate(c)
        ? from
        : text.indexOf(c, from);
  }

  /// LIKE on bytes.
  static boolean matches(byte[] text, byte[] pattern) {
    return matches(
        new String(text, java.nio.charset.StandardCharsets.ISO_8859_1),
        new String(pattern, java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  /// `like_escape`: the pattern with its own escape character rewritten to use a backslash.
  static String escape(String pattern, String escape) {
    if (Chars.length(escape) > 1) {
      throw new SqlException(SqlState.INVALID_ESCAPE_SEQUENCE, "invalid escape string")
          .hint("Escape string must be empty or one character.");
    }
    if (escape.equals("\\")) {
      return pattern;
    }
    StringBuilder out = new StringBuilder(pattern.length() + 4);
    boolean afterEscape = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (!escape.isEmpty() && pattern.startsWith(escape, i) && !afterEscape) {
        out.append('\\');
        i += escape.length() - 1;
        afterEscape = true;
      } else if (c == '\\') {
        out.append(afterEscape ? "\\" : "\\\\");
        afterEscape = false;
      } else {
        out.append(c);
        afterEscape = false;
      }
    }
    return out.toString();
  }
}
