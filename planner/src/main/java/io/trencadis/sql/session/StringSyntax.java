package io.trencadis.sql.session;

import io.trencadis.base.SqlState;
import io.trencadis.sql.parser.BackslashStrings;

/// Which escapes a session's strings may have: `standard_conforming_strings`, `backslash_quote` and
/// `escape_string_warning`.
final class StringSyntax {
  private StringSyntax() {}

  /// What a client sent, as the parser takes it.
  static String conforming(LocalSession session, String sql) {
    if (sql.indexOf('\\') < 0 && sql.indexOf('&') < 0) {
      return sql;
    }
    boolean plain = session.settings().get("standard_conforming_strings").equals("off");
    boolean quotes = !session.settings().get("backslash_quote").equals("off");
    if (!plain && quotes) {
      return sql;
    }
    boolean warns = session.settings().get("escape_string_warning").equals("on");
    return BackslashStrings.conforming(
        sql,
        plain,
        quotes,
        escaped -> {
          if (warns) {
            session.notice(warning(escaped));
          }
        });
  }

  private static Notice warning(char escaped) {
    String shown = escaped == '\'' || escaped == '\\' ? "\\" + escaped : "\\";
    String hint =
        escaped == '\''
            ? "Use '' to write quotes in strings, or use the escape string syntax (E'...')."
            : escaped == '\\'
                ? "Use the escape string syntax for backslashes, e.g., E'\\\\'."
                : "Use the escape string syntax for escapes, e.g., E'\\r\\n'.";
    return new Notice(
        "WARNING",
        SqlState.NONSTANDARD_USE_OF_ESCAPE_CHARACTER,
        "nonstandard use of " + (shown.length() == 1 ? "escape" : shown) + " in a string literal",
        null,
        hint);
  }
}
