package io.trencadis.sql.system;

import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Expressions of definitions as `pg_get_expr` prints them. The catalog keeps them as they were
/// written; only what PostgreSQL adds to nearly every one of them is added: the type of a string
/// literal.
final class ExpressionText {
  private static final Pattern INTEGER = Pattern.compile("0|[1-9][0-9]{0,8}");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]+\\.[0-9]+");
  private static final Pattern NEGATIVE = Pattern.compile("-[1-9][0-9]{0,8}|-[0-9]+\\.[0-9]+");
  private static final Set<String> VALUE_FUNCTIONS =
      Set.of(
          "CURRENT_DATE",
          "CURRENT_TIME",
          "CURRENT_TIMESTAMP",
          "LOCALTIME",
          "LOCALTIMESTAMP",
          "CURRENT_ROLE",
          "CURRENT_USER",
          "SESSION_USER",
          "CURRENT_CATALOG",
          "CURRENT_SCHEMA");

  private ExpressionText() {}

  static String defaultOf(Column column) {
    return typed(column.defaultText(), column.typeOid());
  }

  /// The same as it is shown to whoever reads.
  static String shown(Reading reading, Column column) {
    return StoredText.shownExpression(reading.access().names(), defaultOf(column));
  }

  /// The text, with the type after it if it is a string literal. An unknown literal has a domain's
  /// base type before it becomes the domain's value.
  static String typed(String text, int typeOid) {
    if (isString(text)) {
      int base = baseOf(typeOid);
      String literal = text.substring(1, text.length() - 1);
      return isBare(literal, base)
          ? literal
          : Types.byOid(base) == Types.BOOL
              ? String.valueOf(Types.BOOL.codec().parse(literal, -1, TypeContext.DEFAULTS))
              : text + "::" + Types.formatType(base, -1);
    }
    if (NEGATIVE.matcher(text).matches()) {
      return "'" + text + "'::" + (text.indexOf('.') < 0 ? "integer" : "numeric");
    }
    String upper = text.toUpperCase(Locale.ROOT);
    return VALUE_FUNCTIONS.contains(upper) ? upper : text;
  }

  /// Whether a literal of the type is one without quotes, too.
  private static boolean isBare(String literal, int typeOid) {
    PgType type = Types.byOid(typeOid);
    return type == Types.INT4
        ? INTEGER.matcher(literal).matches()
        : type == Types.NUMERIC && DECIMAL.matcher(literal).matches();
  }

  private static int baseOf(int typeOid) {
    PgType type = Types.byOid(typeOid);
    return type != null && type.isDomain() ? type.baseType().oid() : typeOid;
  }

  /// Whether the text is one plain string literal and nothing else.
  private static boolean isString(String text) {
    if (text.length() < 2 || text.charAt(0) != '\'' || text.charAt(text.length() - 1) != '\'') {
      return false;
    }
    return text.substring(1, text.length() - 1).replace("''", "").indexOf('\'') < 0;
  }

  static String check(CheckConstraint check, boolean pretty) {
    String text = check.text();
    String condition =
        pretty || isEnclosed(text) || standsAlone(text)
            ? "CHECK ("
                + (pretty && isEnclosed(text) ? text.substring(1, text.length() - 1) : text)
                + ")"
            : "CHECK ((" + text + "))";
    return condition
        + (check.noInherit() ? " NO INHERIT" : "")
        + (check.notValid() ? " NOT VALID" : "");
  }

  /// Whether an expression is one that PostgreSQL prints without parentheses around it.
  private static boolean standsAlone(String text) {
    Expr expr = SqlParser.parseExpression(text);
    return expr instanceof Expr.FunctionCall || expr instanceof Expr.ColumnRef;
  }

  /// Whether the first parenthesis is closed by the last one.
  static boolean isEnclosed(String text) {
    if (!text.startsWith("(") || !text.endsWith(")")) {
      return false;
    }
    int depth = 0;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0 && i < text.length() - 1) {
        return false;
      }
    }
    return true;
  }
}
