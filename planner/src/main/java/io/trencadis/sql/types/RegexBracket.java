package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;

/// Bracket expressions of PostgreSQL's regular expressions, such as `[^[:alpha:]_-]`.
final class RegexBracket {
  private final String source;
  private final StringBuilder out;
  private final boolean excludeNewline;

  RegexBracket(String source, StringBuilder out, boolean excludeNewline) {
    this.source = source;
    this.out = out;
    this.excludeNewline = excludeNewline;
  }

  private static SqlException unbalanced() {
    return new SqlException(
        SqlState.INVALID_REGULAR_EXPRESSION,
        "invalid regular expression: brackets [] not balanced");
  }

  /// Where the bracket expression that starts at `at` ends, that is after its closing bracket.
  static int end(String source, int at) {
    int i = at + 1;
    if (i < source.length() && source.charAt(i) == '^') {
      i++;
    }
    if (i < source.length() && source.charAt(i) == ']') {
      i++;
    }
    while (i < source.length()) {
      char c = source.charAt(i);
      if (c == ']') {
        return i + 1;
      }
      if (c == '\\') {
        i += 2;
      } else if (c == '[' && i + 1 < source.length() && ":.=".indexOf(source.charAt(i + 1)) >= 0) {
        int close = source.indexOf(source.charAt(i + 1) + "]", i + 2);
        if (close < 0) {
          throw unbalanced();
        }
        i = close + 2;
      } else {
        i++;
      }
    }
    throw unbalanced();
  }

  void translateAt(int at) {
    if (source.startsWith("[[:<:]]", at)) {
      out.append("(?:\\b(?=\\w))");
      return;
    }
    if (source.startsWith("[[:>:]]", at)) {
      out.append("(?:\\b(?<=\\w))");
      return;
    }
    int end = end(source, at) - 1;
    int i = at + 1;
    out.append('[');
    if (source.charAt(i) == '^') {
      out.append('^');
      if (excludeNewline) {
        out.append("\\n");
      }
      i++;
    }
    while (i < end) {
      char c = source.charAt(i);
      if (c == '[' && ":.=".indexOf(source.charAt(i + 1)) >= 0) {
        int close = source.indexOf(source.charAt(i + 1) + "]", i + 2);
        String name = source.substring(i + 2, close);
        if (source.charAt(i + 1) == ':') {
          out.append(posixClass(name));
        } else {
          for (char each : name.toCharArray()) {
            RegexEscape.literal(out, each);
          }
        }
        i = close + 2;
      } else if (c == '\\') {
        char escaped = source.charAt(i + 1);
        if ("dwsDWS".indexOf(escaped) >= 0) {
          out.append('\\').append(escaped);
          i += 2;
        } else {
          int[] after = new int[1];
          RegexEscape.literal(out, RegexEscape.character(source, i + 1, after));
          i = after[0];
        }
      } else if (c == '-' && i > at + 1 && i + 1 < end && source.charAt(i - 1) != '^') {
        out.append('-');
        i++;
      } else {
        int point = source.codePointAt(i);
        RegexEscape.literal(out, point);
        i += Character.charCount(point);
      }
    }
    out.append(']');
  }

  private static String posixClass(String name) {
    return switch (name) {
      case "alpha" -> "\\p{IsAlphabetic}";
      case "digit" -> "\\p{IsDigit}";
      case "alnum" -> "\\p{IsAlphabetic}\\p{IsDigit}";
      case "upper" -> "\\p{IsUppercase}";
      case "lower" -> "\\p{IsLowercase}";
      case "space" -> "\\s";
      case "blank" -> "\\x20\\t";
      case "punct" -> "\\p{Punct}";
      case "cntrl" -> "\\p{Cntrl}";
      case "xdigit" -> "0-9a-fA-F";
      case "graph" -> "\\p{Graph}";
      case "print" -> "\\p{Print}";
      case "word" -> "\\w";
      case "ascii" -> "\\x00-\\x7f";
      default ->
          throw new SqlException(
              SqlState.INVALID_REGULAR_EXPRESSION,
              "invalid regular expression: invalid character class");
    };
  }
}
