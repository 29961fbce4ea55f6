package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.pos;

import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.OperatorName;
import java.util.ArrayDeque;
import java.util.Deque;

/// The restricted expressions of BETWEEN, POSITION and DEFAULT.
final class BExprBuilder {
  private BExprBuilder() {}

  static Expr expr(PgParser.BExprContext c) {
    Deque<PgParser.BExprContext> spine = new ArrayDeque<>();
    PgParser.BExprContext node = c;
    while (node.getChild(0) instanceof PgParser.BExprContext left) {
      spine.push(node);
      node = left;
    }
    Expr value = leaf(node);
    PgParser.BExprContext below = node;
    while (!spine.isEmpty()) {
      PgParser.BExprContext above = spine.pop();
      value = apply(above, value, below);
      below = above;
    }
    return value;
  }

  private static Expr leaf(PgParser.BExprContext c) {
    return switch (c) {
      case PgParser.PrimaryBContext p -> PrimaryBuilder.primary(p.primary());
      case PgParser.SignBContext s -> {
        Expr operand = expr(s.bExpr());
        boolean minus = s.sign.getType() == PgParser.MINUS;
        if (minus && operand instanceof Expr.NumberLiteral n) {
          yield new Expr.NumberLiteral(
              n.digits(), n.numberClass(), !n.negated(), pos(c), n.literalIndex());
        }
        yield new Expr.UnaryOp(OperatorName.of(minus ? "-" : "+"), operand, pos(c));
      }
      case PgParser.PrefixBContext p ->
          new Expr.UnaryOp(ExprBuilder.operator(p.qualOp()), expr(p.bExpr()), pos(p));
      default -> throw new IllegalStateException("no leaf: " + c.getClass());
    };
  }

  private static Expr apply(PgParser.BExprContext c, Expr left, PgParser.BExprContext leftNode) {
    return switch (c) {
      case PgParser.CastBContext x ->
          new Expr.Cast(left, TypeBuilder.type(x.typeName()), pos(x.TYPECAST()));
      case PgParser.SymbolBContext x -> ExprBuilder.binary(x.op, left, expr(x.bExpr(1)));
      case PgParser.CompareBContext x -> {
        if (leftNode instanceof PgParser.CompareBContext) {
          throw SyntaxErrors.at(x.op);
        }
        yield ExprBuilder.binary(x.op, left, expr(x.bExpr(1)));
      }
      case PgParser.InfixBContext x ->
          new Expr.BinaryOp(
              ExprBuilder.operator(x.qualOp()), left, expr(x.bExpr(1)), pos(x.qualOp()));
      case PgParser.DistinctBContext x ->
          new Expr.IsDistinctFrom(left, expr(x.bExpr(1)), x.K_NOT() != null, pos(x.K_IS()));
      case PgParser.DocumentBContext x -> throw ExprBuilder.unsupportedXml(pos(x.K_IS()));
      default -> throw new IllegalStateException("no operator: " + c.getClass());
    };
  }
}
