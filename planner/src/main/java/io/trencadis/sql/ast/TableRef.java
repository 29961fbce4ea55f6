package io.trencadis.sql.ast;

import java.util.List;

/// An item of FROM. Where an alias may stand it is null if it was not written, and its list of
/// column names is empty.
public sealed interface TableRef {
  int pos();

  /// @param columns new names for the leading columns
  record Alias(String name, List<String> columns, int pos) {}

  /// @param only whether descendants are left out
  /// @param sample null without TABLESAMPLE
  record TableName(QualifiedName name, boolean only, Alias alias, Sample sample, int pos)
      implements TableRef {}

  /// `TABLESAMPLE method (args) REPEATABLE (seed)`; `seed` may be null.
  record Sample(QualifiedName method, List<Expr> args, Expr seed, int pos) {}

  enum JoinKind {
    CROSS,
    INNER,
    LEFT,
    RIGHT,
    FULL
  }

  /// @param using the columns of USING; empty if there is no USING
  /// @param usingAlias the alias of `USING (…) AS alias`, or null
  /// @param on the condition of ON, or null
  /// @param alias the alias of a join in parentheses, or null
  record Join(
      JoinKind kind,
      TableRef left,
      TableRef right,
      boolean natural,
      List<String> using,
      String usingAlias,
      Expr on,
      Alias alias,
      int pos)
      implements TableRef {}

  record SubqueryTable(boolean lateral, Query query, Alias alias, int pos) implements TableRef {}

  /// One function, or several in ROWS FROM.
  ///
  /// @param columns the column definition list given after the alias of a single function
  record FunctionTable(
      boolean lateral,
      boolean rowsFrom,
      List<RowFunction> functions,
      boolean withOrdinality,
      Alias alias,
      List<ColumnDefinition> columns,
      int pos)
      implements TableRef {}

  /// @param call a [Expr.FunctionCall], or another expression that is written like one (COALESCE,
  ///   CAST…)
  /// @param columns the column definition list it has inside ROWS FROM
  record RowFunction(Expr call, List<ColumnDefinition> columns, int pos) {}

  /// One column of a column definition list; `collation` may be null.
  record ColumnDefinition(String name, TypeName type, QualifiedName collation, int pos) {}
}
