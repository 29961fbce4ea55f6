package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.has;
import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.value;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.OperatorName;
import io.trencadis.sql.ast.QualifiedName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/// Expressions. Operators nest to the left without bound (`1 + 1 + …`), so the left spine of the
/// parse tree is walked in a loop; everything else is as deep as the parser has let it be.
final class ExprBuilder {
  private ExprBuilder() {}

  static List<Expr> exprs(List<PgParser.ExprContext> list) {
    List<Expr> result = new ArrayList<>(list.size());
    for (PgParser.ExprContext c : list) {
      result.add(expr(c));
    }
    return List.copyOf(result);
  }

  static List<Expr> exprs(PgParser.ExprListContext c) {
    return c == null ? List.of() : exprs(c.expr());
  }

  static Expr exprOrNull(PgParser.ExprContext c) {
    return c == null ? null : expr(c);
  }

  static Expr expr(PgParser.ExprContext c) {
    if (c instanceof PgParser.PrimaryExprContext p) {
      return PrimaryBuilder.primary(p.primary());
    }
    Deque<PgParser.ExprContext> spine = new ArrayDeque<>();
    PgParser.ExprContext node = c;
    while (node.getChild(0) instanceof PgParser.ExprContext left) {
      spine.push(node);
      node = left;
    }
    Expr value = leaf(node);
    PgParser.ExprContext below = node;
    while (!spine.isEmpty()) {
      PgParser.ExprContext above = spine.pop();
      if (above instanceof PgParser.AndExprContext || above instanceof PgParser.OrExprContext) {
        value = chain(above, value, spine);
      } else {
        value = apply(above, value, below);
      }
      below = above;
    }
    return value;
  }

  /// Collects `a AND b AND c` into one node, taking the equal operators off the spine.
  private static Expr chain(
      PgParser.ExprContext first, Expr left, Deque<PgParser.ExprContext> spine) {
    boolean and = first instanceof PgParser.AndExprContext;
    List<Expr> operands = new ArrayList<>();
    int pos = pos((TerminalNode) first.getChild(1));
    if (and && left instanceof Expr.And inner) {
      operands.addAll(inner.operands());
      pos = inner.pos();
    } else if (!and && left instanceof Expr.Or inner) {
      operands.addAll(inner.operands());
      pos = inner.pos();
    } else {
      operands.add(left);
    }
    operands.add(expr((PgParser.ExprContext) first.getChild(2)));
    while (!spine.isEmpty() && spine.peek().getClass() == first.getClass()) {
      operands.add(expr((PgParser.ExprContext) spine.pop().getChild(2)));
    }
    List<Expr> all = List.copyOf(operands);
    return and ? new Expr.And(all, pos) : new Expr.Or(all, pos);
  }

  /// An expression that has no left operand.
  private static Expr leaf(PgParser.ExprContext c) {
    return switch (c) {
      case PgParser.PrimaryExprContext p -> PrimaryBuilder.primary(p.primary());
      case PgParser.SignExprContext s -> sign(s.sign, expr(s.expr()));
      case PgParser.PrefixExprContext p ->
          new Expr.UnaryOp(operator(p.qualOp()), expr(p.expr()), pos(p));
      case PgParser.NotExprContext n -> new Expr.Not(expr(n.expr()), pos(n));
      case PgParser.DefaultExprContext d -> new Expr.Default(pos(d));
      default -> throw new IllegalStateException("no leaf: " + c.getClass());
    };
  }

  /// A minus before a constant becomes part of it, even through parentheses, as in PostgreSQL.
  private static Expr sign(Token sign, Expr operand) {
    boolean minus = sign.getType() == PgParser.MINUS;
    if (minus && operand instanceof Expr.NumberLiteral n) {
      return new Expr.NumberLiteral(
          n.digits(), n.numberClass(), !n.negated(), pos(sign), n.literalIndex());
    }
    return new Expr.UnaryOp(OperatorName.of(minus ? "-" : "+"), operand, pos(sign));
  }

  /// Applies the operator of one node of the spine.
  private static Expr apply(PgParser.ExprContext c, Expr left, PgParser.ExprContext leftNode) {
    return switch (c) {
      case PgParser.CastExprContext x ->
          new Expr.Cast(left, TypeBuilder.type(x.typeName()), pos(x.TYPECAST()));
      case PgParser.CollateExprContext x ->
          new Expr.Collate(left, Nodes.qname(x.qname()), pos(x.K_COLLATE()));
      case PgParser.ZoneExprContext x ->
          PrimaryBuilder.call("timezone", List.of(expr(x.expr(1)), left), pos(x.K_AT()));
      case PgParser.SymbolExprContext x -> binary(x.op, left, expr(x.expr(1)));
      case PgParser.CompareExprContext x -> {
        nonAssociative(leftNode instanceof PgParser.CompareExprContext, x.op);
        yield binary(x.op, left, expr(x.expr(1)));
      }
      case PgParser.InfixExprContext x ->
          new Expr.BinaryOp(operator(x.qualOp()), left, expr(x.expr(1)), pos(x.qualOp()));
      case PgParser.QuantExprContext x -> quantified(x, left);
      case PgParser.EscapeExprContext x -> throw SyntaxErrors.at(x.K_ESCAPE().getSymbol());
      case PgParser.LikeExprContext x -> {
        boolean like = x.kind.getType() == PgParser.K_LIKE;
        nonAssociative(isPattern(leftNode), x.NOT_LA() != null ? x.NOT_LA().getSymbol() : x.kind);
        yield pattern(
            like ? Expr.PatternKind.LIKE : Expr.PatternKind.ILIKE, x, left, x.expr(1), pos(x.kind));
      }
      case PgParser.SimilarExprContext x -> {
        Token at = x.NOT_LA() != null ? x.NOT_LA().getSymbol() : x.K_SIMILAR().getSymbol();
        nonAssociative(isPattern(leftNode), at);
        yield pattern(Expr.PatternKind.SIMILAR, x, left, x.expr(1), pos(x.K_SIMILAR()));
      }
      case PgParser.InExprContext x -> in(x, left, leftNode);
      case PgParser.BetweenExprContext x -> {
        Token at = x.NOT_LA() != null ? x.NOT_LA().getSymbol() : x.K_BETWEEN().getSymbol();
        nonAssociative(isPattern(leftNode), at);
        yield new Expr.Between(
            left,
            BExprBuilder.expr(x.bExpr()),
            expr(x.expr(1)),
            x.K_SYMMETRIC() != null,
            x.NOT_LA() != null,
            pos(at));
      }
      case PgParser.OverlapsExprContext x -> overlaps(x, left);
      case PgParser.DistinctExprContext x -> {
        nonAssociative(isTest(leftNode), x.K_IS().getSymbol());
        yield new Expr.IsDistinctFrom(left, expr(x.expr(1)), x.K_NOT() != null, pos(x.K_IS()));
      }
      case PgParser.IsExprContext x -> {
        nonAssociative(isTest(leftNode), x.K_IS().getSymbol());
        yield new Expr.IsTest(left, testKind(x.what), x.K_NOT() != null, pos(x.K_IS()));
      }
      case PgParser.IsNullExprContext x -> {
        nonAssociative(isTest(leftNode), x.which);
        boolean negated = x.which.getType() == PgParser.K_NOTNULL;
        yield new Expr.IsTest(left, Expr.TestKind.NULL, negated, pos(x.which));
      }
      case PgParser.NormalizedExprContext x -> normalized(x, left);
      case PgParser.DocumentExprContext x -> throw unsupportedXml(pos(x.K_IS()));
      default -> throw new IllegalStateException("no operator: " + c.getClass());
    };
  }

  static SqlException unsupportedXml(int pos) {
    return SqlException.notSupported("XML").at(pos);
  }

  /// Whether an operator of this level would chain with one before it that ends in an operand.
  private static boolean isPattern(PgParser.ExprContext c) {
    return c instanceof PgParser.LikeExprContext
        || c instanceof PgParser.SimilarExprContext
        || c instanceof PgParser.BetweenExprContext;
  }

  private static boolean isTest(PgParser.ExprContext c) {
    return c instanceof PgParser.DistinctExprContext;
  }

  /// PostgreSQL's comparisons do not chain: `a < b < c` is a syntax error at the second `<`.
  private static void nonAssociative(boolean chained, Token operator) {
    if (chained) {
      throw SyntaxErrors.at(operator);
    }
  }

  static Expr binary(Token op, Expr left, Expr right) {
    return new Expr.BinaryOp(OperatorName.of(value(op)), left, right, pos(op));
  }

  private static Expr.TestKind testKind(Token what) {
    return switch (what.getType()) {
      case PgParser.K_NULL -> Expr.TestKind.NULL;
      case PgParser.K_TRUE -> Expr.TestKind.TRUE;
      case PgParser.K_FALSE -> Expr.TestKind.FALSE;
      default -> Expr.TestKind.UNKNOWN;
    };
  }

  private static Expr pattern(
      Expr.PatternKind kind, ParserRuleContext c, Expr left, PgParser.ExprContext right, int pos) {
    boolean negated = has(c, PgParser.NOT_LA);
    int at = negated ? pos(Nodes.token(c, PgParser.NOT_LA)) : pos;
    if (right instanceof PgParser.EscapeExprContext e) {
      return new Expr.PatternMatch(kind, left, expr(e.expr(0)), expr(e.expr(1)), negated, at);
    }
    return new Expr.PatternMatch(kind, left, expr(right), null, negated, at);
  }

  private static Expr in(PgParser.InExprContext c, Expr left, PgParser.ExprContext leftNode) {
    boolean negated = c.NOT_LA() != null;
    Token at = negated ? c.NOT_LA().getSymbol() : c.K_IN().getSymbol();
    nonAssociative(isPattern(leftNode), at);
    int pos = pos(at);
    if (c.query() != null) {
      return new Expr.InQuery(left, QueryBuilder.subquery(c.query()), negated, pos);
    }
    List<Expr> items = exprs(c.exprList());
    // `IN ((SELECT …))` is a query in redundant parentheses.
    if (items.size() == 1
        && items.getFirst() instanceof Expr.ScalarSubquery q
        && c.exprList().expr(0).getChild(0) instanceof PgParser.QueryPrimaryExprContext) {
      return new Expr.InQuery(left, q.query(), negated, pos);
    }
    return new Expr.InList(left, items, negated, pos);
  }

  private static Expr quantified(PgParser.QuantExprContext c, Expr left) {
    OperatorName operator = quantOperator(c.anyOp);
    int pos = pos(c.anyOp);
    boolean all = c.which.getType() == PgParser.K_ALL;
    if (c.query() != null) {
      return new Expr.QuantifiedQuery(left, operator, all, QueryBuilder.subquery(c.query()), pos);
    }
    Expr array = expr(c.expr(1));
    if (array instanceof Expr.ScalarSubquery q) {
      return new Expr.QuantifiedQuery(left, operator, all, q.query(), pos);
    }
    return new Expr.QuantifiedArray(left, operator, all, array, pos);
  }

  private static OperatorName quantOperator(PgParser.QuantOpContext c) {
    if (c.mathOp() != null) {
      return OperatorName.of(value(c.mathOp().getStart()));
    }
    if (c.qualOp() != null) {
      return operator(c.qualOp());
    }
    String symbol = (c.NOT_LA() != null ? "!~~" : "~~") + (c.K_ILIKE() != null ? "*" : "");
    return OperatorName.of(symbol);
  }

  static OperatorName operator(PgParser.QualOpContext c) {
    return c.anyOperator() != null ? operator(c.anyOperator()) : OperatorName.of(value(c.OP()));
  }

  static OperatorName operator(PgParser.AnyOperatorContext c) {
    List<String> schema = c.colId().stream().map(Nodes::name).toList();
    return new OperatorName(schema, value(c.getStop()));
  }

  static OperatorName operator(PgParser.QualAllOpContext c) {
    return c.anyOperator() != null
        ? operator(c.anyOperator())
        : OperatorName.of(value(c.getStart()));
  }

  private static Expr overlaps(PgParser.OverlapsExprContext c, Expr left) {
    Expr right = expr(c.expr(1));
    if (!(left instanceof Expr.Row a) || !(right instanceof Expr.Row b)) {
      boolean row = left instanceof Expr.Row;
      // A lone expression in parentheses would have had to go on with a comma.
      boolean lone = c.expr(1).getStart().getType() == PgParser.LPAREN;
      Token wrong = lone ? c.expr(1).getStop() : c.expr(1).getStart();
      throw SyntaxErrors.at(row ? wrong : c.K_OVERLAPS().getSymbol());
    }
    if (a.fields().size() != 2) {
      throw SyntaxErrors.because(
          "wrong number of parameters on left side of OVERLAPS expression", a.pos());
    }
    if (b.fields().size() != 2) {
      throw SyntaxErrors.because(
          "wrong number of parameters on right side of OVERLAPS expression", b.pos());
    }
    List<Expr> args = new ArrayList<>(a.fields());
    args.addAll(b.fields());
    return PrimaryBuilder.call("overlaps", args, pos(c.K_OVERLAPS()));
  }

  private static Expr normalized(PgParser.NormalizedExprContext c, Expr left) {
    List<Expr> args = new ArrayList<>();
    args.add(left);
    for (int form : new int[] {PgParser.K_NFC, PgParser.K_NFD, PgParser.K_NFKC, PgParser.K_NFKD}) {
      Token word = Nodes.token(c, form);
      if (word != null) {
        args.add(PrimaryBuilder.word(word));
      }
    }
    Expr call = PrimaryBuilder.call("is_normalized", args, pos(c.K_IS()));
    return c.K_NOT() != null ? new Expr.Not(call, pos(c.K_IS())) : call;
  }

  /// The dotted name of a function; `parts` are folded.
  static QualifiedName function(PgParser.FuncNameContext c) {
    List<String> parts = new ArrayList<>();
    parts.add(name(c));
    for (PgParser.ColLabelContext label : c.colLabel()) {
      parts.add(name(label));
    }
    return new QualifiedName(List.copyOf(parts), pos(c));
  }
}
