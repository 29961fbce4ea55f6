package io.trencadis.sql.analyze;

import io.trencadis.sql.ast.Expr;

/// Where expressions begin. An operator's own place is in the middle; PostgreSQL points errors
/// about a whole expression at its first token (`exprLocation`).
final class Beginnings {
  private Beginnings() {}

  /// @return offset in the statement's text; parentheses around the expression do not count
  static int of(Expr expr) {
    int first = expr.pos();
    for (Expr at = leading(expr); at != null; at = leading(at)) {
      first = Math.min(first, at.pos());
    }
    return first;
  }

  /// The part that stands before an expression's own place; null where there may be none.
  private static Expr leading(Expr expr) {
    return switch (expr) {
      case Expr.BinaryOp binary -> binary.left();
      case Expr.And and -> and.operands().getFirst();
      case Expr.Or or -> or.operands().getFirst();
      case Expr.IsTest test -> test.operand();
      case Expr.IsDistinctFrom distinct -> distinct.left();
      case Expr.Between between -> between.operand();
      case Expr.InList in -> in.operand();
      case Expr.InQuery in -> in.operand();
      case Expr.QuantifiedArray quantified -> quantified.left();
      case Expr.QuantifiedQuery quantified -> quantified.left();
      case Expr.PatternMatch match -> match.operand();
      case Expr.Cast cast -> cast.operand();
      case Expr.Collate collate -> collate.operand();
      case Expr.FieldAccess field -> field.base();
      case Expr.Subscript subscript -> subscript.base();
      default -> null;
    };
  }
}
