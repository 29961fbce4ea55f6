package io.trencadis.sql.ast;

import java.util.List;

/// A query with everything that can stand around its body.
///
/// @param with null when there is no WITH clause
/// @param limit null when there is none; `LIMIT ALL` is a NULL literal
/// @param withTies `FETCH FIRST n ROWS WITH TIES`
/// @param offset null when there is none
public record Query(
    With with,
    Body body,
    List<SortKey> orderBy,
    Expr limit,
    boolean withTies,
    Expr offset,
    List<Locking> locking,
    int pos) {

  /// A query of nothing but its body.
  public static Query of(Body body) {
    return new Query(null, body, List.of(), null, false, null, List.of(), body.pos());
  }

  /// The query of one row with one value.
  public static Query value(Expr expr) {
    return of(
        new SelectCore(
            false,
            List.of(),
            List.of(new Target(expr, null, expr.pos())),
            List.of(),
            null,
            false,
            List.of(),
            null,
            List.of(),
            expr.pos()));
  }

  public record With(boolean recursive, List<Cte> ctes, int pos) {}

  public enum Materialized {
    DEFAULT,
    ALWAYS,
    NEVER
  }

  /// One `name (columns) AS [NOT MATERIALIZED] (statement)`.
  ///
  /// @param statement a Select, Insert, Update or Delete
  /// @param search null without SEARCH
  /// @param cycle null without CYCLE
  public record Cte(
      String name,
      List<String> columns,
      Materialized materialized,
      Statement statement,
      Search search,
      Cycle cycle,
      int pos) {}

  /// `SEARCH {DEPTH|BREADTH} FIRST BY columns SET sequence`.
  public record Search(boolean breadth, List<String> columns, String sequence, int pos) {}

  /// `CYCLE columns SET mark TO value DEFAULT otherwise USING path`.
  public record Cycle(
      List<String> columns, String mark, Expr value, Expr otherwise, String path, int pos) {}

  /// What a query computes, before ORDER BY and LIMIT.
  public sealed interface Body {
    int pos();
  }

  /// SELECT … FROM … WHERE …; `TABLE t` arrives as `SELECT * FROM t`.
  ///
  /// @param distinctOn the expressions of DISTINCT ON; `distinct` is set as well
  /// @param where null when there is none
  /// @param groupByDistinct `GROUP BY DISTINCT`
  /// @param having null when there is none
  public record SelectCore(
      boolean distinct,
      List<Expr> distinctOn,
      List<Target> targets,
      List<TableRef> from,
      Expr where,
      boolean groupByDistinct,
      List<GroupItem> groupBy,
      Expr having,
      List<WindowSpec> windows,
      int pos)
      implements Body {}

  public enum SetKind {
    UNION,
    INTERSECT,
    EXCEPT
  }

  public record SetOperation(SetKind kind, boolean all, Body left, Body right, int pos)
      implements Body {}

  /// `VALUES (…), (…)`; rows may differ in length here.
  public record Values(List<List<Expr>> rows, int pos) implements Body {}

  /// A query in parentheses that is an operand of a set operation and has clauses of its own.
  public record Nested(Query query, int pos) implements Body {}

  /// One item of a select list or of RETURNING; `alias` is null when none was written.
  public record Target(Expr expr, String alias, int pos) {}

  /// One item of GROUP BY.
  public sealed interface GroupItem {
    int pos();
  }

  /// A plain expression.
  public record GroupExpr(Expr expr, int pos) implements GroupItem {}

  /// `()`.
  public record GroupEmpty(int pos) implements GroupItem {}

  /// `ROLLUP (…)`; a [Expr.Row] among the elements stands for a group of columns.
  public record Rollup(List<Expr> elements, int pos) implements GroupItem {}

  /// `CUBE (…)`.
  public record Cube(List<Expr> elements, int pos) implements GroupItem {}

  /// `GROUPING SETS (…)`.
  public record GroupingSets(List<GroupItem> sets, int pos) implements GroupItem {}

  public enum LockStrength {
    KEY_SHARE,
    SHARE,
    NO_KEY_UPDATE,
    UPDATE
  }

  public enum LockWait {
    BLOCK,
    SKIP_LOCKED,
    NOWAIT
  }

  /// `FOR UPDATE OF tables NOWAIT`; an empty list means every table of FROM.
  public record Locking(
      LockStrength strength, List<QualifiedName> of, LockWait lockWait, int pos) {}
}
