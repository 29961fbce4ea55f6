package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Letters;
import java.util.ArrayList;
import java.util.List;

/// Names as SQL writes them, such as `public."My Table"`.
public final class QualifiedName {
  private QualifiedName() {}

  private static SqlException invalid(String text) {
    return new SqlException(
        SqlState.INVALID_PARAMETER_VALUE, "string is not a valid identifier: \"" + text + "\"");
  }

  /// The parts of a dotted name, quotes undone and unquoted parts in lower case.
  ///
  /// @param strict whether anything after the name is an error
  public static List<String> parse(String text, boolean strict) {
    List<String> parts = new ArrayList<>();
    int at = skip(text, 0);
    while (true) {
      StringBuilder part = new StringBuilder();
      if (at < text.length() && text.charAt(at) == '"') {
        at = quoted(text, at, part);
      } else {
        int from = at;
        while (at < text.length() && isPart(text.charAt(at), at == from)) {
          at++;
        }
        if (at == from) {
          throw at < text.length() && text.charAt(at) == '.' || !parts.isEmpty()
              ? invalid(text)
                  .detail(
                      at < text.length() && text.charAt(at) == '.'
                          ? "No valid identifier before \".\"."
                          : "No valid identifier after \".\".")
              : invalid(text);
        }
        part.append(Letters.lower(text.substring(from, at)));
      }
      parts.add(part.toString());
      at = skip(text, at);
      if (at < text.length() && text.charAt(at) == '.') {
        at = skip(text, at + 1);
        continue;
      }
      if (at < text.length() && strict) {
        throw invalid(text);
      }
      return parts;
    }
  }

  private static int quoted(String text, int start, StringBuilder part) {
    int at = start + 1;
    while (true) {
      int end = text.indexOf('"', at);
      if (end < 0) {
        throw invalid(text).detail("String has unclosed double quotes.");
      }
      part.append(text, at, end);
      if (end + 1 < text.length() && text.charAt(end + 1) == '"') {
        part.append('"');
        at = end + 2;
        continue;
      }
      if (part.isEmpty()) {
        throw invalid(text).detail("Quoted identifier must not be empty.");
      }
      return end + 1;
    }
  }

  private static boolean isPart(char c, boolean first) {
    return c == '_'
        || c >= 0x80
        || Character.isLetter(c)
        || (!first && (Character.isDigit(c) || c == '$'));
  }

  private static int skip(String text, int at) {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }
}
