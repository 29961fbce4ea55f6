package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.ExprBuilder.expr;
import static io.trencadis.sql.parser.ExprBuilder.exprOrNull;
import static io.trencadis.sql.parser.ExprBuilder.exprs;
import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.value;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.SortKey;
import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.ast.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/// Expressions that begin with no operand: constants, columns, calls, things in parentheses.
final class PrimaryBuilder {
  private PrimaryBuilder() {}

  static Expr primary(PgParser.PrimaryContext c) {
    return switch (c) {
      case PgParser.LiteralPrimaryContext x -> literal(x.literal().getStart());
      case PgParser.ColumnPrimaryContext x -> column(x.columnRef());
      case PgParser.FuncPrimaryContext x -> function(x.funcExpr());
      case PgParser.TypedPrimaryContext x -> typed(x.typedLiteral());
      case PgParser.ParamPrimaryContext x -> {
        Expr param = new Expr.Param(parameter(x.PARAM().getSymbol()), pos(x));
        yield indirection(param, x.indirection(), 0);
      }
      case PgParser.ParenPrimaryContext x -> {
        List<Expr> items = exprs(x.expr());
        Expr inner = items.size() == 1 ? items.getFirst() : new Expr.Row(items, false, pos(x));
        if (items.size() > 1 && !x.indirection().isEmpty()) {
          throw SyntaxErrors.at(x.indirection(0).getStart());
        }
        yield indirection(inner, x.indirection(), 0);
      }
      case PgParser.QueryPrimaryExprContext x ->
          indirection(
              new Expr.ScalarSubquery(QueryBuilder.subquery(x.query()), pos(x)),
              x.indirection(),
              0);
      case PgParser.RowPrimaryContext x -> new Expr.Row(exprs(x.exprList()), true, pos(x));
      case PgParser.CasePrimaryContext x -> {
        List<Expr.When> whens = new ArrayList<>();
        for (PgParser.WhenClauseContext w : x.whenClause()) {
          whens.add(new Expr.When(expr(w.expr(0)), expr(w.expr(1)), pos(w)));
        }
        yield new Expr.Case(
            exprOrNull(x.operand), List.copyOf(whens), exprOrNull(x.otherwise), pos(x));
      }
      case PgParser.ExistsPrimaryContext x ->
          new Expr.Exists(QueryBuilder.subquery(x.query()), pos(x));
      case PgParser.ArrayPrimaryContext x ->
          x.query() != null
              ? new Expr.ArraySubquery(QueryBuilder.subquery(x.query()), pos(x))
              : array(x.arrayItems(), pos(x));
      case PgParser.GroupingPrimaryContext x -> new Expr.GroupingCall(exprs(x.exprList()), pos(x));
      default -> throw new IllegalStateException("no primary: " + c.getClass());
    };
  }

  private static int parameter(Token token) {
    String digits = value(token);
    if (!Lexemes.fits(digits, "2147483647")) {
      throw new SqlException(SqlState.UNDEFINED_PARAMETER, "there is no parameter $" + digits)
          .at(pos(token));
    }
    return Integer.parseInt(digits);
  }

  private static Expr array(PgParser.ArrayItemsContext c, int pos) {
    if (c.exprList() != null) {
      return new Expr.ArrayConstructor(exprs(c.exprList()), pos);
    }
    List<Expr> rows = new ArrayList<>();
    for (PgParser.ArrayItemsContext row : c.arrayItems()) {
      rows.add(array(row, pos(row)));
    }
    return new Expr.ArrayConstructor(List.copyOf(rows), pos);
  }

  // ---------------------------------------------------------------- constants

  static Expr literal(Token token) {
    int pos = pos(token);
    return switch (token.getType()) {
      case PgParser.ICONST, PgParser.FCONST -> number(token);
      case PgParser.STRING -> string(token);
      case PgParser.BITS -> new Expr.BitStringLiteral(value(token), false, pos);
      case PgParser.HEXBITS -> new Expr.BitStringLiteral(value(token), true, pos);
      case PgParser.K_TRUE -> new Expr.BooleanLiteral(true, pos);
      case PgParser.K_FALSE -> new Expr.BooleanLiteral(false, pos);
      default -> new Expr.NullLiteral(pos);
    };
  }

  static Expr.NumberLiteral number(Token token) {
    String digits = value(token);
    Expr.NumberClass kind =
        token.getType() == PgParser.ICONST
            ? Expr.NumberClass.INT4
            : Lexemes.fits(digits, "9223372036854775807")
                ? Expr.NumberClass.INT8
                : Expr.NumberClass.NUMERIC;
    return new Expr.NumberLiteral(digits, kind, false, pos(token), ((SqlToken) token).literal());
  }

  static Expr.NumberLiteral number(TerminalNode node) {
    return number(node.getSymbol());
  }

  static Expr.StringLiteral string(Token token) {
    return new Expr.StringLiteral(value(token), pos(token), ((SqlToken) token).literal());
  }

  /// A keyword that stands for a string.
  static Expr.StringLiteral word(Token token) {
    return new Expr.StringLiteral(value(token), pos(token), -1);
  }

  private static Expr typed(PgParser.TypedLiteralContext c) {
    TypeName type;
    if (c.funcName() != null) {
      QualifiedName name = ExprBuilder.function(c.funcName());
      type = new TypeName(name.parts(), List.of(), List.of(), false, false, name.pos());
    } else if (c.constType() != null) {
      type = TypeBuilder.literalType(c.constType());
    } else {
      type = TypeBuilder.interval(c.intervalField(), c.ICONST(), pos(c));
    }
    return new Expr.TypedLiteral(type, string(c.STRING().getSymbol()), pos(c));
  }

  // ---------------------------------------------------------------- columns and their parts

  static Expr column(PgParser.ColumnRefContext c) {
    List<String> parts = new ArrayList<>();
    parts.add(name(c.colId()));
    int used = 0;
    for (PgParser.IndirectionContext i : c.indirection()) {
      if (i.DOT() == null) {
        break;
      }
      used++;
      if (i.STAR() != null) {
        if (used < c.indirection().size()) {
          throw misusedStar(c);
        }
        return new Expr.ColumnRef(List.copyOf(parts), true, pos(c));
      }
      parts.add(name(i.colLabel()));
    }
    return indirection(
        new Expr.ColumnRef(List.copyOf(parts), false, pos(c)), c.indirection(), used);
  }

  /// PostgreSQL notices it when it has read what comes behind.
  private static SqlException misusedStar(ParserRuleContext c) {
    SqlToken last = (SqlToken) c.getStop();
    String text = ((TextStream) last.getInputStream()).text();
    SqlToken next = Scanner.tokens(text).get(last.getTokenIndex() + 1);
    return SyntaxErrors.near("improper use of \"*\"", next);
  }

  /// Applies fields and subscripts to a value.
  static Expr indirection(Expr base, List<PgParser.IndirectionContext> list, int from) {
    Expr value = base;
    for (PgParser.IndirectionContext i : list.subList(from, list.size())) {
      int pos = pos(i);
      if (i.STAR() != null) {
        if (i != list.getLast()) {
          throw misusedStar(list.getLast());
        }
        value = new Expr.FieldAccess(value, null, pos);
      } else if (i.colLabel() != null) {
        value = new Expr.FieldAccess(value, name(i.colLabel()), pos);
      } else if (i.COLON() != null) {
        boolean continued = value != base && value instanceof Expr.Subscript;
        value =
            new Expr.Subscript(
                value, true, exprOrNull(i.lower), exprOrNull(i.upper), continued, pos);
      } else {
        boolean continued = value != base && value instanceof Expr.Subscript;
        value = new Expr.Subscript(value, false, null, expr(i.expr(0)), continued, pos);
      }
    }
    return value;
  }

  // ---------------------------------------------------------------- calls

  /// A call of a system function that SQL writes in its own way.
  static Expr.FunctionCall call(String function, List<Expr> values, int pos) {
    List<Expr.Argument> args = new ArrayList<>();
    for (Expr value : values) {
      args.add(new Expr.Argument(null, value, value.pos()));
    }
    return systemCall(function, List.copyOf(args), pos);
  }

  private static Expr.FunctionCall systemCall(String function, List<Expr.Argument> args, int pos) {
    QualifiedName name = new QualifiedName(List.of("pg_catalog", function), pos);
    return new Expr.FunctionCall(
        name, args, false, false, false, List.of(), false, null, null, true, pos);
  }

  private static Expr function(PgParser.FuncExprContext c) {
    if (c.STRING() != null) {
      return castCall(c);
    }
    if (c.specialFunc() != null) {
      return SpecialFunctions.build(c.specialFunc());
    }
    Expr.FunctionCall f = plainCall(ExprBuilder.function(c.funcName()), c.funcArgs());
    if (c.K_WITHIN() == null && c.K_FILTER() == null && c.over() == null) {
      return f;
    }
    List<SortKey> orderBy = f.orderBy();
    if (c.K_WITHIN() != null) {
      refuseWithinGroup(f, c.K_WITHIN());
      orderBy = SortBuilder.keys(c.sortClause());
    }
    return new Expr.FunctionCall(
        f.name(),
        f.args(),
        f.star(),
        f.distinct(),
        f.variadic(),
        orderBy,
        c.K_WITHIN() != null,
        exprOrNull(c.expr()),
        over(c.over()),
        false,
        f.pos());
  }

  private static void refuseWithinGroup(Expr.FunctionCall f, TerminalNode within) {
    String fault =
        !f.orderBy().isEmpty()
            ? "cannot use multiple ORDER BY clauses with WITHIN GROUP"
            : f.distinct()
                ? "cannot use DISTINCT with WITHIN GROUP"
                : f.variadic() ? "cannot use VARIADIC with WITHIN GROUP" : null;
    if (fault != null) {
      throw SyntaxErrors.because(fault, pos(within));
    }
  }

  /// `type(modifiers) 'constant'`.
  private static Expr castCall(PgParser.FuncExprContext c) {
    QualifiedName name = ExprBuilder.function(c.funcName());
    Expr.FunctionCall call = plainCall(name, c.funcArgs());
    List<Expr> modifiers = new ArrayList<>();
    for (Expr.Argument arg : call.args()) {
      if (arg.name() != null) {
        throw SyntaxErrors.because("type modifier cannot have parameter name", arg.pos());
      }
      modifiers.add(arg.value());
    }
    if (!call.orderBy().isEmpty()) {
      throw SyntaxErrors.because(
          "type modifier cannot have ORDER BY", pos(c.funcArgs().sortClause()));
    }
    TypeName type =
        new TypeName(name.parts(), List.copyOf(modifiers), List.of(), false, false, name.pos());
    return new Expr.TypedLiteral(type, string(c.STRING().getSymbol()), pos(c));
  }

  static Expr.FunctionCall plainCall(QualifiedName name, PgParser.FuncArgsContext c) {
    List<Expr.Argument> args = arguments(c.funcArg());
    boolean variadic = false;
    for (PgParser.FuncArgContext arg : c.funcArg()) {
      if (arg.K_VARIADIC() != null) {
        if (arg != c.funcArg().getLast()) {
          throw SyntaxErrors.at(c.COMMA(c.funcArg().indexOf(arg)).getSymbol());
        }
        if (c.quant != null) {
          throw SyntaxErrors.at(arg.getStart());
        }
        variadic = true;
      }
    }
    return new Expr.FunctionCall(
        name,
        args,
        c.STAR() != null,
        c.quant != null && c.quant.getType() == PgParser.K_DISTINCT,
        variadic,
        SortBuilder.keys(c.sortClause()),
        false,
        null,
        null,
        false,
        name.pos());
  }

  static List<Expr.Argument> arguments(List<PgParser.FuncArgContext> list) {
    List<Expr.Argument> args = new ArrayList<>(list.size());
    for (PgParser.FuncArgContext arg : list) {
      String name = arg.typeFuncName() == null ? null : name(arg.typeFuncName());
      args.add(new Expr.Argument(name, expr(arg.expr()), pos(arg)));
    }
    return List.copyOf(args);
  }

  static Expr.FunctionCall systemCall(
      String function, PgParser.PlainArgsContext c, ParserRuleContext at) {
    return systemCall(function, c == null ? List.of() : arguments(c.funcArg()), pos(at));
  }

  private static WindowSpec over(PgParser.OverContext c) {
    if (c == null) {
      return null;
    }
    if (c.colId() != null) {
      return new WindowSpec(
          null, name(c.colId()), true, List.of(), List.of(), null, pos(c.colId()));
    }
    return SortBuilder.window(null, c.windowSpec());
  }
}
