package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.Locale;

/// The text of one range: `[1,10)`, with bounds in quotes where they need them.
final class RangeText {
  private final String text;
  private int at;

  private RangeText(String text) {
    this.text = text;
  }

  /// The parts of a range; bounds are null where there are none.
  record Parts(
      String lower, String upper, boolean lowerIncluded, boolean upperIncluded, boolean empty) {}

  /// @throws SqlException 22P02
  static Parts parse(String text) {
    return new RangeText(text).parse();
  }

  private SqlException malformed(String detail) {
    return new SqlException(
            SqlState.INVALID_TEXT_REPRESENTATION, "malformed range literal: \"" + text + "\"")
        .detail(detail);
  }

  private void skipSpace() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }

  private Parts parse() {
    skipSpace();
    if (text.substring(at).toLowerCase(Locale.ROOT).startsWith("empty")) {
      at += "empty".length();
      skipSpace();
      if (at < text.length()) {
        throw malformed("Junk after \"empty\" key word.");
      }
      return new Parts(null, null, false, false, true);
    }
    char opening = at < text.length() ? text.charAt(at) : ' ';
    if (opening != '[' && opening != '(') {
      throw malformed("Missing left parenthesis or bracket.");
    }
    at++;
    String lower = bound();
    if (text.charAt(at) != ',') {
      throw malformed("Missing comma after lower bound.");
    }
    at++;
    String upper = bound();
    char closing = text.charAt(at);
    if (closing == ',') {
      throw malformed("Too many commas.");
    }
    at++;
    skipSpace();
    if (at < text.length()) {
      throw malformed("Junk after right parenthesis or bracket.");
    }
    return new Parts(lower, upper, opening == '[', closing == ']', false);
  }

  /// A bound up to what ends it; null for none.
  private String bound() {
    if (at < text.length() && ",)]".indexOf(text.charAt(at)) >= 0) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    boolean quoted = false;
    while (quoted || at >= text.length() || ",)]([".indexOf(text.charAt(at)) < 0) {
      if (at >= text.length()) {
        throw malformed("Unexpected end of input.");
      }
      char c = text.charAt(at++);
      if (c == '\\') {
        if (at >= text.length()) {
          throw malformed("Unexpected end of input.");
        }
        out.append(text.charAt(at++));
      } else if (c == '"') {
        if (quoted && at < text.length() && text.charAt(at) == '"') {
          out.append('"');
          at++;
        } else {
          quoted = !quoted;
        }
      } else {
        out.append(c);
      }
    }
    // PostgreSQL stops at an opening one, too, and then misses what should have come.
    return out.toString();
  }

  /// A bound as it is written.
  static String quoted(String bound) {
    boolean needed = bound.isEmpty();
    for (int i = 0; i < bound.length() && !needed; i++) {
      char c = bound.charAt(i);
      needed = "\"\\()[],".indexOf(c) >= 0 || isSpace(c);
    }
    return needed ? '"' + bound.replace("\\", "\\\\").replace("\"", "\"\"") + '"' : bound;
  }
}
