package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;

/// A recursive-descent recognizer of JSON that says what PostgreSQL says where a text is none.
final class JsonCheck {
  // PostgreSQL's own limit is its stack depth; this is near what it allows by default.
  private static final int MAX_DEPTH = 5_000;

  private final String text;
  private int at;
  private int tokenStart;
  private int depth;

  private JsonCheck(String text) {
    this.text = text;
  }

  static void check(String text) {
    JsonCheck check = new JsonCheck(text);
    check.value("Expected JSON value, but found ");
    check.skipSpace();
    if (check.at < text.length()) {
      throw check.unexpected("Expected end of input, but found ");
    }
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    tokenStart = at;
  }

  private char peek() {
    skipSpace();
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void value(String expectation) {
    char c = peek();
    if (c == '{') {
      object();
    } else if (c == '[') {
      array();
    } else if (c == '"') {
      string();
    } else if (c == '-' || Scan.isDigit(c)) {
      number();
    } else if (!literal("true") && !literal("false") && !literal("null")) {
      throw unexpected(expectation);
    }
  }

  private void enter() {
    at++;
    if (++depth > MAX_DEPTH) {
      throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
  }

  private void object() {
    enter();
    if (peek() == '}') {
      at++;
      depth--;
      return;
    }
    String expected = "Expected string or \"}\", but found ";
    while (true) {
      if (peek() != '"') {
        throw unexpected(expected);
      }
      string();
      if (peek() != ':') {
        throw unexpected("Expected \":\", but found ");
      }
      at++;
      value("Expected JSON value, but found ");
      char c = peek();
      if (c == '}') {
        at++;
        depth--;
        return;
      }
      if (c != ',') {
        throw unexpected("Expected \",\" or \"}\", but found ");
      }
      at++;
      expected = "Expected string, but found ";
    }
  }

  private void array() {
    enter();
    if (peek() == ']') {
      at++;
      depth--;
      return;
    }
    value("Expected array element or \"]\", but found ");
    while (true) {
      char c = peek();
      if (c == ']') {
        at++;
        depth--;
        return;
      }
      if (c != ',') {
        throw unexpected("Expected \",\" or \"]\", but found ");
      }
      at++;
      value("Expected JSON value, but found ");
    }
  }

  private boolean literal(String word) {
    if (!text.startsWith(word, at)) {
      return false;
    }
    int end = at + word.length();
    if (end < text.length() && isWordChar(text.charAt(end))) {
      return false;
    }
    at = end;
    return true;
  }

  private void number() {
    int start = at;
    if (text.charAt(at) == '-') {
      at++;
    }
    boolean valid = at < text.length() && Scan.isDigit(text.charAt(at));
    if (valid && text.charAt(at) == '0') {
      at++;
    } else {
      digits();
    }
    if (valid && at < text.length() && text.charAt(at) == '.') {
      at++;
      valid = digits() > 0;
    }
    if (valid && at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      at++;
      if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
        at++;
      }
      valid = digits() > 0;
    }
    if (!valid || (at < text.length() && isWordChar(text.charAt(at)))) {
      int end = at;
      while (end < text.length() && isWordChar(text.charAt(end))) {
        end++;
      }
      throw error("Token \"" + text.substring(start, end) + "\" is invalid.", end);
    }
  }

  private int digits() {
    int from = at;
    while (at < text.length() && Scan.isDigit(text.charAt(at))) {
      at++;
    }
    return at - from;
  }

  private void string() {
    int start = at;
    at++;
    while (true) {
      if (at >= text.length()) {
        at = start;
        throw invalidToken();
      }
      char c = text.charAt(at++);
      if (c == '"') {
        return;
      }
      if (c < ' ') {
        String shown = String.format("0x%02x", (int) c);
        throw error("Character with value " + shown + " must be escaped.", at);
      }
      if (c == '\\') {
        char escaped = at < text.length() ? text.charAt(at++) : 0;
        if (escaped == 'u') {
          for (int i = 0; i < 4; i++, at++) {
            if (at >= text.length() || Character.digit(text.charAt(at), 16) < 0) {
              throw error(
                  "\"\\u\" must be followed by four hexadecimal digits.",
                  Math.min(at + 1, text.length()));
            }
          }
        } else if ("\"\\/bfnrt".indexOf(escaped) < 0 || escaped == 0) {
          throw error("Escape sequence \"\\" + escaped + "\" is invalid.", at);
        }
      }
    }
  }

  private static boolean isWordChar(char c) {
    return c == '_' || c >= 0x80 || Character.isLetterOrDigit(c);
  }

  private SqlException unexpected(String expectation) {
    if (at >= text.length()) {
      return error("The input string ended unexpectedly.", at);
    }
    char c = text.charAt(at);
    int end = at + 1;
    if (c == '-' || Scan.isDigit(c)) {
      number();
      end = at;
    } else if (isWordChar(c)) {
      while (end < text.length() && isWordChar(text.charAt(end))) {
        end++;
      }
      String word = text.substring(at, end);
      boolean known = word.equals("true") || word.equals("false") || word.equals("null");
      if (!known) {
        return invalidToken();
      }
    } else if ("{}[]:,\"".indexOf(c) < 0) {
      return invalidToken();
    } else if (c == '"') {
      string();
      end = at;
    }
    String token = text.substring(tokenStart, end);
    return error(expectation + "\"" + token + "\".", end);
  }

  private SqlException invalidToken() {
    int end = at + 1;
    if (text.charAt(at) == '"') {
      end = text.length();
    } else {
      while (end < text.length() && isWordChar(text.charAt(at)) && isWordChar(text.charAt(end))) {
        end++;
      }
    }
    return error("Token \"" + text.substring(at, end) + "\" is invalid.", end);
  }

  private SqlException error(String detail, int end) {
    return error(text, detail, end);
  }

  /// The error of a text that is no JSON.
  ///
  /// @param end offset after what is wrong
  static SqlException error(String text, String detail, int end) {
    return error(
        text,
        SqlState.INVALID_TEXT_REPRESENTATION,
        "invalid input syntax for type json",
        detail,
        end);
  }

  static SqlException error(String text, SqlState state, String message, String detail, int end) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < Math.min(end, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    String context = text.substring(lineStart, Math.min(end, text.length()));
    return new SqlException(state, message)
        .detail(detail)
        .with(
            SqlException.Field.WHERE,
            "JSON data, line " + line + ": " + context + (end < text.length() ? "..." : ""));
  }
}
