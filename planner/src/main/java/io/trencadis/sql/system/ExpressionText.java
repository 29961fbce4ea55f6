package io.trencadis.sql.system;

import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.types.Types;

/// Expressions of definitions as `pg_get_expr` prints them. The catalog keeps them as they were
/// written; only what PostgreSQL adds to nearly every one of them is added: the type of a string
/// literal.
final class ExpressionText {
  private ExpressionText() {}

  static String defaultOf(Column column) {
    String text = column.defaultText();
    if (isString(text)) {
      return text + "::" + Types.formatType(column.typeOid(), -1);
    }
    return text;
  }

  /// Whether the text is one plain string literal and nothing else.
  private static boolean isString(String text) {
    if (text.length() < 2 || text.charAt(0) != '\'' || text.charAt(text.length() - 1) != '\'') {
      return false;
    }
    return text.substring(1, text.length() - 1).replace("''", "").indexOf('\'') < 0;
  }

  static String check(CheckConstraint check, boolean pretty) {
    return pretty ? "CHECK (" + check.text() + ")" : "CHECK ((" + check.text() + "))";
  }
}
