package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.ExprBuilder.exprOrNull;
import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.nameOrNull;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.qname;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import java.util.List;

/// INSERT, UPDATE, DELETE and MERGE.
final class ChangeBuilder {
  private ChangeBuilder() {}

  static Statement.Insert insert(PgParser.InsertStmtContext c) {
    PgParser.InsertRestContext rest = c.insertRest();
    return new Statement.Insert(
        QueryBuilder.with(c.withClause()),
        qname(c.qname()),
        nameOrNull(c.colId()),
        columns(rest.columnTarget()),
        overriding(rest.overriding()),
        rest.query() == null ? null : QueryBuilder.subquery(rest.query()),
        c.onConflict() == null ? null : onConflict(c.onConflict()),
        returning(c.returning()),
        pos(c));
  }

  private static Statement.OnConflict onConflict(PgParser.OnConflictContext c) {
    return new Statement.OnConflict(
        c.indexElement().stream().map(IndexBuilder::element).toList(),
        where(c.targetWhere),
        nameOrNull(c.colId()),
        c.K_NOTHING() != null,
        setItems(c.setItem()),
        where(c.where),
        pos(c));
  }

  static Expr where(PgParser.WhereClauseContext c) {
    return c == null ? null : ExprBuilder.expr(c.expr());
  }

  private static List<Statement.ColumnTarget> columns(List<PgParser.ColumnTargetContext> list) {
    return list.stream().map(ChangeBuilder::column).toList();
  }

  private static Statement.ColumnTarget column(PgParser.ColumnTargetContext c) {
    List<Expr> path =
        c.indirection().stream().map(i -> PrimaryBuilder.indirection(null, List.of(i), 0)).toList();
    return new Statement.ColumnTarget(name(c.colId()), path, pos(c));
  }

  private static List<Statement.SetClause> setItems(List<PgParser.SetItemContext> list) {
    return list.stream()
        .map(
            c ->
                new Statement.SetClause(
                    columns(c.columnTarget()),
                    ExprBuilder.expr(c.expr()),
                    c.LPAREN() != null,
                    pos(c)))
        .toList();
  }

  private static List<Query.Target> returning(PgParser.ReturningContext c) {
    return c == null ? List.of() : QueryBuilder.targets(c.targetList());
  }

  private static Expr where(PgParser.ChangeWhereContext c) {
    if (c == null) {
      return null;
    }
    return c.colId() != null ? new Expr.CurrentOf(name(c.colId()), pos(c)) : exprOrNull(c.expr());
  }

  static Statement.Update update(PgParser.UpdateStmtContext c) {
    return new Statement.Update(
        QueryBuilder.with(c.withClause()),
        qname(c.relation().qname()),
        c.relation().K_ONLY() != null,
        nameOrNull(c.colId()),
        setItems(c.setItem()),
        FromBuilder.tables(c.fromClause()),
        where(c.changeWhere()),
        returning(c.returning()),
        pos(c));
  }

  static Statement.Merge merge(PgParser.MergeStmtContext c) {
    return new Statement.Merge(
        QueryBuilder.with(c.withClause()),
        qname(c.relation().qname()),
        c.relation().K_ONLY() != null,
        nameOrNull(c.colId()),
        FromBuilder.tables(List.of(c.tableRef())).getFirst(),
        ExprBuilder.expr(c.expr()),
        c.mergeWhen().stream().map(ChangeBuilder::when).toList(),
        pos(c));
  }

  private static Statement.MergeWhen when(PgParser.MergeWhenContext c) {
    PgParser.MergeActionContext action = c.mergeAction();
    boolean matched = c.K_NOT() == null;
    boolean inserts = action.K_INSERT() != null;
    boolean changes = action.K_UPDATE() != null || action.K_DELETE() != null;
    if (matched ? inserts : changes) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR,
              "syntax error at or near \"" + action.getStart().getText() + "\"")
          .at(pos(action));
    }
    return new Statement.MergeWhen(
        matched,
        exprOrNull(c.expr()),
        action.K_NOTHING() != null
            ? Statement.MergeKind.NOTHING
            : inserts
                ? Statement.MergeKind.INSERT
                : action.K_DELETE() != null
                    ? Statement.MergeKind.DELETE
                    : Statement.MergeKind.UPDATE,
        setItems(action.setItem()),
        columns(action.columnTarget()),
        overriding(action.overriding()),
        action.valuesRow() == null ? null : ExprBuilder.exprs(action.valuesRow().exprList()),
        pos(c));
  }

  private static Statement.Overriding overriding(PgParser.OverridingContext c) {
    return c == null
        ? Statement.Overriding.NONE
        : c.K_USER() != null ? Statement.Overriding.USER : Statement.Overriding.SYSTEM;
  }

  static Statement.Delete delete(PgParser.DeleteStmtContext c) {
    return new Statement.Delete(
        QueryBuilder.with(c.withClause()),
        qname(c.relation().qname()),
        c.relation().K_ONLY() != null,
        nameOrNull(c.colId()),
        FromBuilder.tables(c.tableRef()),
        where(c.changeWhere()),
        returning(c.returning()),
        pos(c));
  }
}
