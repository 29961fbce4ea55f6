package io.trencadis.sql.ddl;

import io.trencadis.sql.ast.AstWalk;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.types.Identifiers;
import java.util.Set;
import java.util.TreeMap;

/// Another name for a column in the expressions that are stored with its table, and in queries of
/// views.
record ColumnRenaming(String from, String to) {
  /// The text of an expression over the table's columns, with the new name.
  String of(String text) {
    TreeMap<Integer, Integer> places = new TreeMap<>();
    AstWalk.visit(
        SqlParser.parseExpression(text),
        each -> {
          if (each instanceof Expr.ColumnRef ref && isOld(ref)) {
            int start = start(text, ref);
            places.put(start, end(text, start));
          }
        });
    StringBuilder out = new StringBuilder(text);
    places.descendingMap().forEach((start, end) -> out.replace(start, end, Identifiers.quote(to)));
    return out.toString();
  }

  /// The text of a query with the new name, whose own columns keep their names.
  ///
  /// @param mentions where the query names the column
  String ofQuery(String text, Set<Integer> mentions) {
    Query query = SqlParser.parseQuery(text);
    TreeMap<Integer, String> places = new TreeMap<>();
    AstWalk.visit(
        query,
        each -> {
          if (each instanceof Expr.ColumnRef ref && mentions.contains(ref.pos()) && isOld(ref)) {
            places.put(start(text, ref), Identifiers.quote(to));
          }
        });
    AstWalk.visit(
        query,
        each -> {
          if (each instanceof Query.Target target
              && target.alias() == null
              && target.expr() instanceof Expr.ColumnRef ref) {
            places.computeIfPresent(
                start(text, ref), (_, name) -> name + " AS " + Identifiers.quote(from));
          }
        });
    StringBuilder out = new StringBuilder(text);
    places.descendingMap().forEach((start, name) -> out.replace(start, end(text, start), name));
    return out.toString();
  }

  private boolean isOld(Expr.ColumnRef ref) {
    return !ref.star() && ref.parts().getLast().equals(from);
  }

  /// Where the last identifier of a column's name begins.
  private static int start(String text, Expr.ColumnRef ref) {
    int start = ref.pos();
    for (int i = 1; i < ref.parts().size(); i++) {
      start = text.indexOf('.', end(text, start)) + 1;
      while (Character.isWhitespace(text.charAt(start))) {
        start++;
      }
    }
    return start;
  }

  /// Where the identifier at `start` ends.
  static int end(String text, int start) {
    int at = start;
    if (text.charAt(at) == '"') {
      do {
        at = text.indexOf('"', at + 1) + 1;
      } while (at < text.length() && text.charAt(at) == '"');
      return at;
    }
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || "_$".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    return at;
  }
}
