package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.ArrayList;
import java.util.List;

/// Takes the text of a row value apart (PostgreSQL 15 manual, 8.16.6).
final class RowText {
  private RowText() {}

  /// The texts of the fields; null for a field that is null.
  ///
  /// @param count how many there have to be
  /// @throws SqlException 22P02 for a text that is no row, or has another number of fields
  static List<String> split(String text, int count) {
    int at = skipSpace(text, 0);
    if (at == text.length() || text.charAt(at) != '(') {
      throw malformed(text, "Missing left parenthesis.");
    }
    at++;
    List<String> items = new ArrayList<>();
    StringBuilder item = new StringBuilder();
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        if (text.charAt(at) != ',') {
          throw malformed(text, "Too few columns.");
        }
        at++;
      }
      if (at < text.length() && (text.charAt(at) == ',' || text.charAt(at) == ')')) {
        items.add(null);
        continue;
      }
      item.setLength(0);
      boolean quoted = false;
      while (quoted || at < text.length() && text.charAt(at) != ',' && text.charAt(at) != ')') {
        if (at == text.length()) {
          throw malformed(text, "Unexpected end of input.");
        }
        char c = text.charAt(at++);
        if (c == '\\') {
          if (at == text.length()) {
            throw malformed(text, "Unexpected end of input.");
          }
          item.append(text.charAt(at++));
        } else if (c != '"') {
          item.append(c);
        } else if (!quoted) {
          quoted = true;
        } else if (at < text.length() && text.charAt(at) == '"') {
          item.append(text.charAt(at++));
        } else {
          quoted = false;
        }
      }
      if (at == text.length()) {
        throw malformed(text, "Unexpected end of input.");
      }
      items.add(item.toString());
    }
    if (at == text.length() || text.charAt(at) != ')') {
      throw malformed(text, "Too many columns.");
    }
    if (skipSpace(text, at + 1) < text.length()) {
      throw malformed(text, "Junk after right parenthesis.");
    }
    return items;
  }

  private static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && Scan.isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static SqlException malformed(String text, String why) {
    return new SqlException(
            SqlState.INVALID_TEXT_REPRESENTATION, "malformed record literal: \"" + text + "\"")
        .detail(why);
  }
}
