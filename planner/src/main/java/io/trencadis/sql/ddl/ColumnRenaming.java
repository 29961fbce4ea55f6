package io.trencadis.sql.ddl;

import io.trencadis.sql.ast.AstWalk;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.types.Identifiers;
import java.util.TreeMap;

/// Another name for a column in the expressions that are stored with its table.
record ColumnRenaming(String from, String to) {
  /// The text of an expression over the table's columns, with the new name.
  String of(String text) {
    TreeMap<Integer, Integer> places = new TreeMap<>();
    AstWalk.visit(
        SqlParser.parseExpression(text),
        each -> {
          if (each instanceof Expr.ColumnRef ref
              && !ref.star()
              && ref.parts().getLast().equals(from)) {
            int start = ref.pos();
            for (int i = 1; i < ref.parts().size(); i++) {
              start = text.indexOf('.', end(text, start)) + 1;
              while (Character.isWhitespace(text.charAt(start))) {
                start++;
              }
            }
            places.put(start, end(text, start));
          }
        });
    StringBuilder out = new StringBuilder(text);
    places.descendingMap().forEach((start, end) -> out.replace(start, end, Identifiers.quote(to)));
    return out.toString();
  }

  /// Where the identifier at `start` ends.
  private static int end(String text, int start) {
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
