package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.ExprBuilder.exprOrNull;
import static io.trencadis.sql.parser.ExprBuilder.exprs;
import static io.trencadis.sql.parser.Nodes.has;
import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.names;
import static io.trencadis.sql.parser.Nodes.pos;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.ast.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/// Queries.
final class QueryBuilder {
  private QueryBuilder() {}

  /// A query within another statement, which makes no table.
  ///
  /// @throws SqlException 42601 for INTO
  static Query subquery(PgParser.QueryContext c) {
    PgParser.IntoClauseContext into = into(c);
    if (into != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "SELECT ... INTO is not allowed here")
          .at(pos(into.qname()));
    }
    return query(c);
  }

  static Query query(PgParser.QueryContext c) {
    Query.With with = with(c.withClause());
    Query.Body body = setExpr(c.setExpr());
    boolean bare =
        with == null
            && c.sortClause() == null
            && c.limitClause() == null
            && c.lockClause().isEmpty();
    if (body instanceof Query.Nested nested) {
      if (bare) {
        return nested.query();
      }
      refuseTwice(c, nested.query());
    }
    PgParser.LimitContext limit = c.limitClause() == null ? null : c.limitClause().limit();
    PgParser.OffsetContext offset = c.limitClause() == null ? null : c.limitClause().offset();
    boolean withTies = limit != null && limit.K_TIES() != null;
    if (withTies && c.sortClause() == null) {
      throw SyntaxErrors.because("WITH TIES cannot be specified without ORDER BY clause", -1);
    }
    List<Query.Locking> locking = new ArrayList<>();
    for (PgParser.LockClauseContext lock : c.lockClause()) {
      if (lock.K_READ() == null) {
        Query.Locking l = locking(lock);
        if (withTies && l.lockWait() == Query.LockWait.SKIP_LOCKED) {
          throw SyntaxErrors.because(
              "SKIP LOCKED and WITH TIES options cannot be used together", -1);
        }
        locking.add(l);
      }
    }
    return new Query(
        with,
        body,
        SortBuilder.keys(c.sortClause()),
        limit == null ? null : limit(limit),
        withTies,
        offset == null ? null : ExprBuilder.expr(offset.expr()),
        List.copyOf(locking),
        pos(c));
  }

  /// `(SELECT … ORDER BY a) ORDER BY b` is one query with the clause twice, which is an error.
  private static void refuseTwice(PgParser.QueryContext c, Query inner) {
    PgParser.LimitClauseContext limit = c.limitClause();
    if (c.sortClause() != null && !inner.orderBy().isEmpty()) {
      throw SyntaxErrors.because(
          "multiple ORDER BY clauses not allowed", pos(c.sortClause().sortKey(0)));
    }
    if (limit != null && limit.offset() != null && inner.offset() != null) {
      throw SyntaxErrors.because("multiple OFFSET clauses not allowed", pos(limit.offset().expr()));
    }
    if (limit != null && limit.limit() != null && inner.limit() != null) {
      throw SyntaxErrors.because("multiple LIMIT clauses not allowed", limit(limit.limit()).pos());
    }
    if (c.withClause() != null && inner.with() != null) {
      throw SyntaxErrors.because("multiple WITH clauses not allowed", pos(c.withClause()));
    }
  }

  private static Expr limit(PgParser.LimitContext c) {
    if (c.COMMA() != null) {
      throw SyntaxErrors.because("LIMIT #,# syntax is not supported", pos(c))
          .hint("Use separate LIMIT and OFFSET clauses.");
    }
    if (c.K_LIMIT() != null) {
      return c.K_ALL() != null ? new Expr.NullLiteral(pos(c.K_ALL())) : ExprBuilder.expr(c.expr(0));
    }
    PgParser.FetchCountContext count = c.fetchCount();
    if (count == null) {
      return new Expr.NumberLiteral("1", Expr.NumberClass.INT4, false, -1, -1);
    }
    if (count.primary() != null) {
      return PrimaryBuilder.primary(count.primary());
    }
    Expr.NumberLiteral number = PrimaryBuilder.number(count.getStop());
    if (count.MINUS() == null) {
      return number;
    }
    return new Expr.NumberLiteral(
        number.digits(), number.numberClass(), true, pos(count), number.literalIndex());
  }

  private static Query.Locking locking(PgParser.LockClauseContext c) {
    Query.LockStrength strength =
        has(c, PgParser.K_UPDATE)
            ? has(c, PgParser.K_NO) ? Query.LockStrength.NO_KEY_UPDATE : Query.LockStrength.UPDATE
            : has(c, PgParser.K_KEY) ? Query.LockStrength.KEY_SHARE : Query.LockStrength.SHARE;
    Query.LockWait lockWait =
        has(c, PgParser.K_NOWAIT)
            ? Query.LockWait.NOWAIT
            : has(c, PgParser.K_SKIP) ? Query.LockWait.SKIP_LOCKED : Query.LockWait.BLOCK;
    return new Query.Locking(
        strength, c.qname().stream().map(Nodes::qname).toList(), lockWait, pos(c));
  }

  // ---------------------------------------------------------------- WITH

  static Query.With with(PgParser.WithClauseContext c) {
    if (c == null) {
      return null;
    }
    return new Query.With(
        c.K_RECURSIVE() != null, c.cte().stream().map(QueryBuilder::cte).toList(), pos(c));
  }

  private static Query.Cte cte(PgParser.CteContext c) {
    Query.Materialized materialized =
        c.K_MATERIALIZED() == null
            ? Query.Materialized.DEFAULT
            : c.K_NOT() != null ? Query.Materialized.NEVER : Query.Materialized.ALWAYS;
    return new Query.Cte(
        name(c.colId()),
        names(c.nameList()),
        materialized,
        preparable(c.preparable()),
        search(c.cteSearch()),
        cycle(c.cteCycle()),
        pos(c));
  }

  private static Query.Search search(PgParser.CteSearchContext c) {
    return c == null
        ? null
        : new Query.Search(c.K_BREADTH() != null, names(c.nameList()), name(c.colId()), pos(c));
  }

  private static Query.Cycle cycle(PgParser.CteCycleContext c) {
    if (c == null) {
      return null;
    }
    boolean given = !c.expr().isEmpty();
    return new Query.Cycle(
        names(c.nameList()),
        name(c.colId(0)),
        given ? ExprBuilder.expr(c.expr(0)) : new Expr.BooleanLiteral(true, pos(c)),
        given ? ExprBuilder.expr(c.expr(1)) : new Expr.BooleanLiteral(false, pos(c)),
        name(c.colId(1)),
        pos(c));
  }

  static Statement preparable(PgParser.PreparableContext c) {
    if (c.query() != null) {
      return StatementBuilder.select(c.query());
    }
    if (c.mergeStmt() != null) {
      return ChangeBuilder.merge(c.mergeStmt());
    }
    if (c.insertStmt() != null) {
      return ChangeBuilder.insert(c.insertStmt());
    }
    return c.updateStmt() != null
        ? ChangeBuilder.update(c.updateStmt())
        : ChangeBuilder.delete(c.deleteStmt());
  }

  // ---------------------------------------------------------------- bodies

  // The lists are fetched once: ANTLR's accessors by index search from the start each time.

  private static Query.Body setExpr(PgParser.SetExprContext c) {
    List<PgParser.SetTermContext> terms = c.setTerm();
    List<PgParser.SetQuantContext> quants = c.setQuant();
    Query.Body left = setTerm(terms.getFirst());
    for (int i = 1; i < terms.size(); i++) {
      boolean union = c.kind.get(i - 1).getType() == PgParser.K_UNION;
      Query.SetKind kind = union ? Query.SetKind.UNION : Query.SetKind.EXCEPT;
      boolean all = quants.get(i - 1).K_ALL() != null;
      left = new Query.SetOperation(kind, all, left, setTerm(terms.get(i)), pos(c));
    }
    return left;
  }

  private static Query.Body setTerm(PgParser.SetTermContext c) {
    List<PgParser.SetPrimaryContext> operands = c.setPrimary();
    List<PgParser.SetQuantContext> quants = c.setQuant();
    Query.Body left = setPrimary(operands.getFirst());
    for (int i = 1; i < operands.size(); i++) {
      boolean all = quants.get(i - 1).K_ALL() != null;
      left =
          new Query.SetOperation(
              Query.SetKind.INTERSECT, all, left, setPrimary(operands.get(i)), pos(c));
    }
    return left;
  }

  private static Query.Body setPrimary(PgParser.SetPrimaryContext c) {
    if (c.selectCore() != null) {
      return core(c.selectCore());
    }
    if (c.query() != null) {
      Query inner = query(c.query());
      return isBare(inner) ? inner.body() : new Query.Nested(inner, pos(c));
    }
    if (c.K_TABLE() != null) {
      Expr star = new Expr.ColumnRef(List.of(), true, -1);
      return new Query.SelectCore(
          false,
          List.of(),
          List.of(new Query.Target(star, null, -1)),
          List.of(FromBuilder.relation(c.relation())),
          null,
          false,
          List.of(),
          null,
          List.of(),
          pos(c));
    }
    List<List<Expr>> rows = new ArrayList<>(c.valuesRow().size());
    for (PgParser.ValuesRowContext row : c.valuesRow()) {
      rows.add(exprs(row.exprList()));
    }
    return new Query.Values(List.copyOf(rows), pos(c));
  }

  /// Whether the query is its body and nothing else, so that its parentheses mean nothing.
  private static boolean isBare(Query q) {
    return q.with() == null
        && q.orderBy().isEmpty()
        && q.limit() == null
        && q.offset() == null
        && q.locking().isEmpty();
  }

  /// Whether this is the one SELECT of a statement that is nothing but a query.
  static boolean isTop(PgParser.SelectCoreContext c) {
    // Its parents are setPrimary, setTerm and setExpr.
    RuleContext parent = c.getParent();
    for (int i = 0; i < 3; i++) {
      if (parent.getChildCount() != 1) {
        return false;
      }
      parent = parent.getParent();
    }
    return parent.getParent() instanceof PgParser.StatementContext;
  }

  /// The `AS OF SYSTEM TIME` behind the FROM list of a statement's one SELECT, or null.
  static PgParser.AsOfContext asOf(PgParser.QueryContext c) {
    PgParser.SetPrimaryContext first = c.setExpr().setTerm(0).setPrimary(0);
    PgParser.SelectCoreContext core = first.selectCore();
    return core == null || !isTop(core) || core.fromClause() == null
        ? null
        : core.fromClause().asOf();
  }

  private static Query.Body core(PgParser.SelectCoreContext c) {
    List<TableRef> from = FromBuilder.tables(c.fromClause());
    List<WindowSpec> windows =
        c.windowClause() == null
            ? List.of()
            : c.windowClause().windowDef().stream().map(SortBuilder::window).toList();
    PgParser.GroupClauseContext group = c.groupClause();
    return new Query.SelectCore(
        c.K_DISTINCT() != null,
        exprs(c.exprList()),
        targets(c.targetList()),
        from,
        c.whereClause() == null ? null : ExprBuilder.expr(c.whereClause().expr()),
        group != null && group.quant != null && group.quant.getType() == PgParser.K_DISTINCT,
        group == null
            ? List.of()
            : group.groupItem().stream().map(QueryBuilder::groupItem).toList(),
        c.havingClause() == null ? null : exprOrNull(c.havingClause().expr()),
        windows,
        pos(c));
  }

  static List<Query.Target> targets(PgParser.TargetListContext c) {
    return c == null ? List.of() : c.target().stream().map(QueryBuilder::target).toList();
  }

  private static Query.Target target(PgParser.TargetContext c) {
    if (c.STAR() != null) {
      return new Query.Target(new Expr.ColumnRef(List.of(), true, pos(c)), null, pos(c));
    }
    String alias =
        c.colLabel() != null
            ? name(c.colLabel())
            : c.bareLabel() != null ? name(c.bareLabel()) : null;
    return new Query.Target(ExprBuilder.expr(c.expr()), alias, pos(c));
  }

  private static Query.GroupItem groupItem(PgParser.GroupItemContext c) {
    if (c.expr() != null) {
      return new Query.GroupExpr(ExprBuilder.expr(c.expr()), pos(c));
    }
    if (c.K_ROLLUP() != null) {
      return new Query.Rollup(exprs(c.exprList()), pos(c));
    }
    if (c.K_CUBE() != null) {
      return new Query.Cube(exprs(c.exprList()), pos(c));
    }
    if (c.K_SETS() != null) {
      return new Query.GroupingSets(
          c.groupItem().stream().map(QueryBuilder::groupItem).toList(), pos(c));
    }
    return new Query.GroupEmpty(pos(c));
  }

  /// The INTO of a query, which only a statement of its own may have; null if there is none.
  static PgParser.IntoClauseContext into(PgParser.QueryContext c) {
    ParseTree node = c.setExpr();
    while (!(node instanceof PgParser.SelectCoreContext)) {
      if (node instanceof PgParser.QueryContext q) {
        node = q.setExpr();
      } else if (node.getChild(0) instanceof TerminalNode) {
        if (node instanceof PgParser.SetPrimaryContext p && p.query() != null) {
          node = p.query();
        } else {
          return null;
        }
      } else {
        node = node.getChild(0);
      }
    }
    return ((PgParser.SelectCoreContext) node).intoClause();
  }
}
