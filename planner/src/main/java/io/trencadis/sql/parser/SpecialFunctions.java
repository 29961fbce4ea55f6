package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.ExprBuilder.expr;
import static io.trencadis.sql.parser.ExprBuilder.exprs;
import static io.trencadis.sql.parser.Nodes.has;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.PrimaryBuilder.call;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;

/// The functions that SQL writes in ways of their own.
final class SpecialFunctions {
  private SpecialFunctions() {}

  static Expr build(PgParser.SpecialFuncContext c) {
    int pos = pos(c);
    return switch (c) {
      case PgParser.CollationForContext x -> call("pg_collation_for", List.of(expr(x.expr())), pos);
      case PgParser.ValueFuncContext x -> {
        String word = PgParser.VOCABULARY.getSymbolicName(x.word.getType()).substring(2);
        Expr.NumberLiteral precision =
            x.ICONST() == null ? null : PrimaryBuilder.number(x.ICONST());
        yield new Expr.SqlValueFunction(Expr.ValueFunction.valueOf(word), precision, pos);
      }
      case PgParser.CastFuncContext x ->
          new Expr.Cast(expr(x.expr()), TypeBuilder.type(x.typeName()), pos);
      case PgParser.ExtractFuncContext x -> extract(x);
      case PgParser.NormalizeFuncContext x -> normalize(x);
      case PgParser.OverlayFuncContext x ->
          x.K_PLACING() != null
              ? call("overlay", exprs(x.expr()), pos)
              : PrimaryBuilder.systemCall("overlay", x.plainArgs(), x);
      case PgParser.PositionFuncContext x ->
          x.bExpr().isEmpty()
              ? call("position", List.of(), pos)
              : call(
                  "position",
                  List.of(BExprBuilder.expr(x.bExpr(1)), BExprBuilder.expr(x.bExpr(0))),
                  pos);
      case PgParser.SubstringFuncContext x -> substring(x);
      case PgParser.TreatFuncContext x -> {
        TypeName type = TypeBuilder.type(x.typeName());
        yield call(type.name(), List.of(expr(x.expr())), pos);
      }
      case PgParser.TrimFuncContext x -> trim(x);
      case PgParser.NullIfFuncContext x -> new Expr.NullIf(expr(x.expr(0)), expr(x.expr(1)), pos);
      case PgParser.CoalesceFuncContext x -> new Expr.Coalesce(exprs(x.exprList()), pos);
      case PgParser.GreatestFuncContext x -> new Expr.Greatest(exprs(x.exprList()), pos);
      case PgParser.LeastFuncContext x -> new Expr.Least(exprs(x.exprList()), pos);
      case PgParser.XmlFuncContext x -> throw SqlException.notSupported("XML").at(pos);
      default -> throw new IllegalStateException("no function: " + c.getClass());
    };
  }

  private static Expr extract(PgParser.ExtractFuncContext c) {
    if (c.extractField() == null) {
      return call("extract", List.of(), pos(c));
    }
    Token field = c.extractField().getStart();
    Expr name =
        field.getType() == PgParser.STRING
            ? PrimaryBuilder.string(field)
            : PrimaryBuilder.word(field);
    return call("extract", List.of(name, expr(c.expr())), pos(c));
  }

  private static Expr normalize(PgParser.NormalizeFuncContext c) {
    List<Expr> args = new ArrayList<>();
    args.add(expr(c.expr()));
    for (int form : new int[] {PgParser.K_NFC, PgParser.K_NFD, PgParser.K_NFKC, PgParser.K_NFKD}) {
      Token word = Nodes.token(c, form);
      if (word != null) {
        args.add(PrimaryBuilder.word(word));
      }
    }
    return call("normalize", args, pos(c));
  }

  private static Expr substring(PgParser.SubstringFuncContext c) {
    int pos = pos(c);
    if (c.K_SIMILAR() != null) {
      return call("substring", List.of(expr(c.expr(0)), expr(c.pattern), expr(c.escape)), pos);
    }
    if (c.from == null && c.length == null) {
      return PrimaryBuilder.systemCall("substring", c.plainArgs(), c);
    }
    List<Expr> args = new ArrayList<>();
    args.add(expr(c.expr(0)));
    if (c.from != null) {
      args.add(expr(c.from));
      if (c.length != null) {
        args.add(expr(c.length));
      }
    } else {
      // PostgreSQL casts here so that the length cannot be taken for a pattern.
      args.add(new Expr.NumberLiteral("1", Expr.NumberClass.INT4, false, -1, -1));
      args.add(new Expr.Cast(expr(c.length), TypeName.system("int4", -1), -1));
    }
    return call("substring", args, pos);
  }

  private static Expr trim(PgParser.TrimFuncContext c) {
    String function =
        has(c, PgParser.K_LEADING) ? "ltrim" : has(c, PgParser.K_TRAILING) ? "rtrim" : "btrim";
    List<Expr> args = new ArrayList<>(exprs(c.exprList()));
    if (c.expr() != null) {
      args.add(expr(c.expr()));
    }
    return call(function, args, pos(c));
  }
}
