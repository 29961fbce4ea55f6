package io.trencadis.sql.parser;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;

/// Where the words of PostgreSQL's lexical rules (manual, 4.1) end. The lexer and the fingerprint
/// share these rules, because the literals they count have to be the same ones.
final class Lexemes {
  /// NAMEDATALEN - 1.
  private static final int MAX_NAME_BYTES = 63;

  private Lexemes() {}

  static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isNameStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80;
  }

  static boolean isNamePart(char c) {
    return isNameStart(c) || isDigit(c) || c == '$';
  }

  static boolean isOperatorChar(char c) {
    return "~!@#^&|`?+-*/%<>=".indexOf(c) >= 0;
  }

  static int nameEnd(String s, int start) {
    int i = start;
    while (i < s.length() && isNamePart(s.charAt(i))) {
      i++;
    }
    return i;
  }

  /// The end of the operator at `start`. A comment that begins inside ends it, and it gives back a
  /// trailing `+` or `-` unless it has a character that SQL's own operators never have.
  static int operatorEnd(String s, int start) {
    int end = start;
    boolean exotic = false;
    while (end < s.length() && isOperatorChar(s.charAt(end))) {
      char c = s.charAt(end);
      if (end > start && end + 1 < s.length()) {
        char next = s.charAt(end + 1);
        if (c == '-' && next == '-' || c == '/' && next == '*') {
          break;
        }
      }
      exotic |= "~!@#^&|`?%".indexOf(c) >= 0;
      end++;
    }
    if (!exotic) {
      while (end > start + 1 && (s.charAt(end - 1) == '+' || s.charAt(end - 1) == '-')) {
        end--;
      }
    }
    return end;
  }

  /// The end of the block comment at `start`; comments nest.
  static int commentEnd(String s, int start) {
    int depth = 0;
    int i = start;
    while (i + 1 < s.length()) {
      char c = s.charAt(i);
      char next = s.charAt(i + 1);
      if (c == '/' && next == '*') {
        depth++;
        i += 2;
      } else if (c == '*' && next == '/') {
        depth--;
        i += 2;
        if (depth == 0) {
          return i;
        }
      } else {
        i++;
      }
    }
    throw near(SqlState.SYNTAX_ERROR, "unterminated /* comment", s, start, s.length());
  }

  /// The end of a line comment, before its newline.
  static int lineEnd(String s, int start) {
    int i = start;
    while (i < s.length() && s.charAt(i) != '\n' && s.charAt(i) != '\r') {
      i++;
    }
    return i;
  }

  /// The end of the number at `start`. It is an integer if it has digits only.
  static int numberEnd(String s, int start) {
    int i = digits(s, start);
    if (i < s.length() && s.charAt(i) == '.' && !(i + 1 < s.length() && s.charAt(i + 1) == '.')) {
      i = digits(s, i + 1);
    }
    if (i < s.length() && (s.charAt(i) | 0x20) == 'e') {
      int exponent = i + 1;
      boolean sign =
          exponent < s.length() && (s.charAt(exponent) == '+' || s.charAt(exponent) == '-');
      int end = digits(s, sign ? exponent + 1 : exponent);
      if (end > (sign ? exponent + 1 : exponent)) {
        i = end;
      } else {
        int junk = sign ? end : nameEnd(s, end);
        throw near(SqlState.SYNTAX_ERROR, "trailing junk after numeric literal", s, start, junk);
      }
    }
    if (i < s.length() && isNameStart(s.charAt(i))) {
      throw near(
          SqlState.SYNTAX_ERROR, "trailing junk after numeric literal", s, start, nameEnd(s, i));
    }
    return i;
  }

  private static int digits(String s, int start) {
    int i = start;
    while (i < s.length() && isDigit(s.charAt(i))) {
      i++;
    }
    return i;
  }

  /// Whether these digits are an integer no greater than `limit`, itself written in digits.
  static boolean fits(String digits, String limit) {
    int zeros = 0;
    int n = digits.length();
    for (int i = 0; i < n; i++) {
      char c = digits.charAt(i);
      if (!isDigit(c)) {
        return false;
      }
      if (c == '0' && zeros == i) {
        zeros++;
      }
    }
    int significant = n - zeros;
    return significant < limit.length()
        || significant == limit.length() && digits.substring(zeros).compareTo(limit) <= 0;
  }

  /// The length of the tag of a dollar quote, both dollars included, or 0 if none opens at `start`.
  static int dollarTag(String s, int start) {
    int i = start + 1;
    if (i < s.length() && isNameStart(s.charAt(i))) {
      while (i < s.length() && s.charAt(i) != '$' && isNamePart(s.charAt(i))) {
        i++;
      }
    }
    return i < s.length() && s.charAt(i) == '$' ? i + 1 - start : 0;
  }

  /// Folds an unquoted name to lower case (ASCII only, as PostgreSQL does in UTF-8) and cuts it.
  static String fold(String name) {
    StringBuilder folded = null;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        if (folded == null) {
          folded = new StringBuilder(name);
        }
        folded.setCharAt(i, (char) (c + 32));
      }
    }
    return truncate(folded == null ? name : folded.toString());
  }

  /// Cuts a name to 63 bytes of UTF-8, at a character's border.
  static String truncate(String name) {
    if (name.length() <= MAX_NAME_BYTES / 3) {
      return name;
    }
    int bytes = 0;
    int i = 0;
    while (i < name.length()) {
      int c = name.codePointAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (bytes > MAX_NAME_BYTES) {
        return name.substring(0, i);
      }
      i += Character.charCount(c);
    }
    return name;
  }

  /// A string constant that was read: what it says and where it ends.
  record Quoted(String value, int end) {}

  /// Reads the string whose opening quote is at `open`.
  ///
  /// @param escapes whether backslash escapes count (`E''`)
  /// @param start where an error points: the prefix of the string, if it has one
  static Quoted string(String s, int start, int open, boolean escapes, String what) {
    StringBuilder value = null;
    int from = open + 1;
    int i = from;
    while (true) {
      if (i >= s.length()) {
        throw near(SqlState.SYNTAX_ERROR, "unterminated " + what, s, start, s.length());
      }
      char c = s.charAt(i);
      if (c == '\'') {
        if (i + 1 < s.length() && s.charAt(i + 1) == '\'') {
          value = append(value, s, from, i + 1);
          i += 2;
          from = i;
          continue;
        }
        int next = continuation(s, i + 1);
        if (next < 0) {
          String all = value == null ? s.substring(from, i) : value.append(s, from, i).toString();
          return new Quoted(all, i + 1);
        }
        value = append(value, s, from, i);
        i = next + 1;
        from = i;
      } else if (escapes && c == '\\' && i + 1 < s.length()) {
        value = append(value, s, from, i);
        i = EscapeReader.read(s, start, i, value);
        from = i;
      } else {
        i++;
      }
    }
  }

  private static StringBuilder append(StringBuilder value, String s, int from, int to) {
    return (value == null ? new StringBuilder() : value).append(s, from, to);
  }

  /// The quote that continues a string that was closed before `i`: there has to be a newline
  /// between, and nothing but blanks and line comments. -1 if there is none.
  private static int continuation(String s, int i) {
    boolean newline = false;
    while (i < s.length()) {
      char c = s.charAt(i);
      if (c == '\n' || c == '\r') {
        newline = true;
        i++;
      } else if (isSpace(c)) {
        i++;
      } else if (c == '-' && i + 1 < s.length() && s.charAt(i + 1) == '-') {
        i = lineEnd(s, i);
      } else {
        return c == '\'' && newline ? i : -1;
      }
    }
    return -1;
  }

  /// Reads the quoted name whose opening quote is at `open`, without cutting it.
  static Quoted name(String s, int start, int open) {
    StringBuilder value = null;
    int from = open + 1;
    int i = from;
    while (true) {
      int quote = s.indexOf('"', i);
      if (quote < 0) {
        throw near(SqlState.SYNTAX_ERROR, "unterminated quoted identifier", s, start, s.length());
      }
      if (quote + 1 < s.length() && s.charAt(quote + 1) == '"') {
        value = append(value, s, from, quote + 1);
        i = quote + 2;
        from = i;
        continue;
      }
      String all =
          value == null ? s.substring(from, quote) : value.append(s, from, quote).toString();
      if (all.isEmpty()) {
        throw near(SqlState.SYNTAX_ERROR, "zero-length delimited identifier", s, start, quote + 1);
      }
      return new Quoted(all, quote + 1);
    }
  }

  /// Reads the dollar-quoted string at `start`, whose tag is `tag` long.
  static Quoted dollarQuoted(String s, int start, int tag) {
    int from = start + tag;
    int close = s.indexOf(s.substring(start, from), from);
    if (close < 0) {
      throw near(SqlState.SYNTAX_ERROR, "unterminated dollar-quoted string", s, start, s.length());
    }
    return new Quoted(s.substring(from, close), close + tag);
  }

  /// Skips blanks and comments.
  static int skipBlanks(String s, int i) {
    while (i < s.length()) {
      char c = s.charAt(i);
      char next = i + 1 < s.length() ? s.charAt(i + 1) : 0;
      if (isSpace(c)) {
        i++;
      } else if (c == '-' && next == '-') {
        i = lineEnd(s, i);
      } else if (c == '/' && next == '*') {
        i = commentEnd(s, i);
      } else {
        break;
      }
    }
    return i;
  }

  /// The error of the scanner: `message at or near "text"`.
  static SqlException near(SqlState state, String message, String s, int start, int end) {
    String where =
        start >= s.length()
            ? " at end of input"
            : " at or near \"" + s.substring(start, end) + "\"";
    return new SqlException(state, message + where).at(start);
  }
}
