package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;

/// Backslash sequences of PostgreSQL's regular expressions, outside of brackets.
final class RegexEscape {
  private RegexEscape() {}

  private static SqlException invalid(String reason) {
    return new SqlException(
        SqlState.INVALID_REGULAR_EXPRESSION, "invalid regular expression: " + reason);
  }

  /// Translates the sequence at `at` and returns where it ends.
  static int translate(String source, int at, StringBuilder out, int groups) {
    if (at + 1 >= source.length()) {
      throw invalid("invalid escape \\ sequence");
    }
    char c = source.charAt(at + 1);
    switch (c) {
      case 'm' -> out.append("(?:\\b(?=\\w))");
      case 'M' -> out.append("(?:\\b(?<=\\w))");
      case 'y' -> out.append("\\b");
      case 'Y' -> out.append("\\B");
      case 'A' -> out.append("\\A");
      case 'Z' -> out.append("\\z");
      case 'd', 'w', 's', 'D', 'W', 'S' -> out.append('\\').append(c);
      default -> {
        if (c >= '1' && c <= '9') {
          return backReference(source, at + 1, out, groups);
        }
        int[] end = new int[1];
        int literal = character(source, at + 1, end);
        literal(out, literal);
        return end[0];
      }
    }
    return at + 2;
  }

  private static int backReference(String source, int at, StringBuilder out, int groups) {
    int number = source.charAt(at) - '0';
    int end = at + 1;
    while (end < source.length()
        && Character.isDigit(source.charAt(end))
        && number * 10 + source.charAt(end) - '0' <= groups) {
      number = number * 10 + source.charAt(end++) - '0';
    }
    if (number > groups) {
      throw invalid("invalid backreference number");
    }
    out.append("(?:\\").append(number).append(')');
    return end;
  }

  static void literal(StringBuilder out, int c) {
    if (c < 0x80 && !Character.isLetterOrDigit(c)) {
      out.append('\\');
      if (c < ' ') {
        out.append(String.format("x%02x", c));
        return;
      }
    }
    out.appendCodePoint(c);
  }

  /// The one character that the letters after a backslash stand for; `end[0]` becomes where they
  /// end.
  static int character(String source, int at, int[] end) {
    char c = source.charAt(at);
    end[0] = at + 1;
    return switch (c) {
      case 'a' -> 7;
      case 'b' -> 8;
      case 'B' -> '\\';
      case 'c' -> {
        if (at + 1 >= source.length()) {
          throw invalid("invalid escape \\ sequence");
        }
        end[0] = at + 2;
        yield source.charAt(at + 1) & 0x1f;
      }
      case 'e' -> 27;
      case 'f' -> 12;
      case 'n' -> 10;
      case 'r' -> 13;
      case 't' -> 9;
      case 'v' -> 11;
      case 'u' -> hex(source, at + 1, 4, end);
      case 'U' -> hex(source, at + 1, 8, end);
      case 'x' -> {
        int to = at + 1;
        while (to < source.length() && Character.digit(source.charAt(to), 16) >= 0) {
          to++;
        }
        yield hex(source, at + 1, Math.max(1, to - at - 1), end);
      }
      case '0' -> {
        int to = at;
        int value = 0;
        while (to < source.length()
            && to < at + 3
            && source.charAt(to) >= '0'
            && source.charAt(to) <= '7') {
          value = value * 8 + source.charAt(to++) - '0';
        }
        end[0] = to;
        yield value;
      }
      default -> {
        if (Character.isLetterOrDigit(c) && c < 0x80) {
          throw invalid("invalid escape \\ sequence");
        }
        int point = source.codePointAt(at);
        end[0] = at + Character.charCount(point);
        yield point;
      }
    };
  }

  private static int hex(String source, int from, int digits, int[] end) {
    try {
      end[0] = from + digits;
      int point = Integer.parseInt(source.substring(from, from + digits), 16);
      if (!Character.isValidCodePoint(point)) {
        throw invalid("invalid escape \\ sequence");
      }
      return point;
    } catch (RuntimeException e) {
      throw invalid("invalid escape \\ sequence");
    }
  }
}
