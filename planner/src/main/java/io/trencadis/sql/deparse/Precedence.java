package io.trencadis.sql.deparse;

/// Which expressions need no parentheses inside others, where as few as PostgreSQL knows how to
/// leave out are written.
final class Precedence {
  private Precedence() {}

  static boolean isSimple(Tree tree, Tree parent) {
    return switch (tree) {
      case Tree.Column _,
          Tree.Constant _,
          Tree.Parameter _,
          Tree.Word _,
          Tree.Subscript _,
          Tree.ArrayOf _,
          Tree.Row _,
          Tree.Listing _,
          Tree.Aggregate _,
          Tree.Call _,
          Tree.Syntax _,
          Tree.Choice _ ->
          true;
      case Tree.Field _ -> !(parent instanceof Tree.Field);
      case Tree.Cast cast -> cast.call() || isSimple(cast.operand(), cast);
      case Tree.Operator operator when parent instanceof Tree.Operator outer ->
          binds(operator, outer);
      case Tree.Operator _, Tree.SubSelect _, Tree.Test _, Tree.Distinct _ ->
          parent instanceof Tree.Logic;
      case Tree.Logic logic -> parent instanceof Tree.Logic outer && binds(logic, outer);
      case Tree.Quantified _, Tree.RowComparison _, Tree.Collated _ -> false;
    };
  }

  private static boolean binds(Tree.Operator operator, Tree.Operator outer) {
    int inside = rank(operator);
    int outside = rank(outer);
    return inside > 0
        && outside > 0
        && (inside > outside || inside == outside && operator == outer.left());
  }

  private static int rank(Tree.Operator operator) {
    if (operator.left() == null || operator.symbol().length() != 1) {
      return 0;
    }
    char symbol = operator.symbol().charAt(0);
    return "+-".indexOf(symbol) >= 0 ? 1 : "*/%".indexOf(symbol) >= 0 ? 2 : 0;
  }

  private static boolean binds(Tree.Logic logic, Tree.Logic outer) {
    return outer.junction() == Tree.Junction.OR
        || outer.junction() == Tree.Junction.AND && logic.junction() != Tree.Junction.OR;
  }
}
