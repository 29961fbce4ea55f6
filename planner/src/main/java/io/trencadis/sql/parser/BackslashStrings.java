package io.trencadis.sql.parser;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.function.Consumer;

/// Statements of clients that write backslash escapes in plain strings, as was usual before
/// `standard_conforming_strings`: the same statements with such strings as `E'…'`. Stateless.
public final class BackslashStrings {
  private BackslashStrings() {}

  /// @param plain whether backslashes escape in plain strings; else only in `E'…'`
  /// @param quotes whether `\'` is allowed for a quote
  /// @param found told of the character behind the first backslash of each plain string
  /// @return the statement as the parser takes it; an error's position after such a string counts
  ///   the letters that were added
  /// @throws SqlException 42601 for what does not end, 22P06 for a quote that is not allowed, 0A000
  ///   for `U&'…'`
  public static String conforming(
      String sql, boolean plain, boolean quotes, Consumer<Character> found) {
    StringBuilder out = new StringBuilder(sql.length() + 8);
    int i = 0;
    while (i < sql.length()) {
      int start = i;
      char c = sql.charAt(i);
      if (c == '\'') {
        i = string(sql, start, start, plain, quotes);
        int escape = plain ? sql.indexOf('\\', start) : -1;
        if (escape >= 0 && escape < i) {
          found.accept(sql.charAt(escape + 1));
          out.append('E');
        }
      } else if (c == '"') {
        i = Lexemes.name(sql, start, start).end();
      } else if (sql.startsWith("--", i)) {
        i = Lexemes.lineEnd(sql, start);
      } else if (sql.startsWith("/*", i)) {
        i = Lexemes.commentEnd(sql, start);
      } else if (c == '$' && Lexemes.dollarTag(sql, start) > 0) {
        i = Lexemes.dollarQuoted(sql, start, Lexemes.dollarTag(sql, start)).end();
      } else if (Lexemes.isNameStart(c)) {
        i = word(sql, start, plain, quotes);
      } else {
        i++;
      }
      out.append(sql, start, i);
    }
    return out.toString();
  }

  /// The end of a word, or of the string that it is the prefix of.
  private static int word(String sql, int start, boolean plain, boolean quotes) {
    int end = Lexemes.nameEnd(sql, start);
    boolean quoted = end < sql.length() && sql.charAt(end) == '\'' && end == start + 1;
    if (plain && sql.regionMatches(true, start, "u&'", 0, 3)) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED, "unsafe use of string constant with Unicode escapes")
          .detail(
              "String constants with Unicode escapes cannot be used when standard_conforming_strings is off.")
          .at(start);
    }
    return !quoted
        ? end
        : switch (sql.charAt(start)) {
          case 'e', 'E' -> string(sql, start, end, true, quotes);
          case 'b', 'B', 'x', 'X' -> string(sql, start, end, false, quotes);
          default -> end;
        };
  }

  private static int string(String sql, int start, int open, boolean escapes, boolean quotes) {
    int end = Lexemes.string(sql, start, open, escapes, "quoted string").end();
    for (int i = open + 1; escapes && !quotes && i < end; i++) {
      if (sql.charAt(i) == '\\') {
        i++;
        if (sql.charAt(i) == '\'') {
          throw new SqlException(
                  SqlState.NONSTANDARD_USE_OF_ESCAPE_CHARACTER,
                  "unsafe use of \\' in a string literal")
              .at(start)
              .hint("Use '' to write quotes in strings. \\' is insecure in client-only encodings.");
        }
      }
    }
    return end;
  }
}
