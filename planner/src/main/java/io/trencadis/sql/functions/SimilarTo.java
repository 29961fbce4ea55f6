package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;

/// SIMILAR TO patterns, rewritten as regular expressions.
final class SimilarTo {
  private SimilarTo() {}

  /// What `similar_to_escape` returns. Two escaped double quotes cut the pattern into three parts,
  /// the middle one of which is what `substring` returns.
  ///
  /// @param escape empty for none
  static String toRegex(String pattern, String escape) {
    if (Chars.length(escape) > 1) {
      throw new SqlException(SqlState.INVALID_ESCAPE_SEQUENCE, "invalid escape string")
          .hint("Escape string must be empty or one character.");
    }
    StringBuilder out = new StringBuilder("^(?:");
    boolean afterEscape = false;
    boolean inBracket = false;
    int quotes = 0;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (afterEscape) {
        if (c == '"' && !inBracket) {
          if (quotes == 0) {
            out.append("){1,1}?(");
          } else if (quotes == 1) {
            out.append("){1,1}(?:");
          } else {
            throw new SqlException(
                SqlState.INVALID_USE_OF_ESCAPE_CHARACTER,
                "SQL regular expression may not contain more than two escape-double-quote separators");
          }
          quotes++;
        } else {
          out.append('\\').append(c);
        }
        afterEscape = false;
      } else if (!escape.isEmpty() && c == escape.charAt(0)) {
        afterEscape = true;
      } else if (inBracket) {
        if (c == '\\') {
          out.append('\\');
        }
        out.append(c);
        inBracket = c != ']';
      } else {
        switch (c) {
          case '[' -> {
            out.append(c);
            inBracket = true;
          }
          case '%' -> out.append(".*");
          case '_' -> out.append('.');
          case '(' -> out.append("(?:");
          case '\\', '.', '^', '$' -> out.append('\\').append(c);
          default -> out.append(c);
        }
      }
    }
    return out.append(")$").toString();
  }
}
