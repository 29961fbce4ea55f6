package io.trencadis.sql.ast;

/// One item of an ORDER BY list.
///
/// @param using the operator of `USING op`, or null; the direction is then [Direction#DEFAULT]
public record SortKey(Expr expr, Direction direction, Nulls nulls, OperatorName using, int pos) {
  /// What was written; DEFAULT means nothing, which sorts ascending.
  public enum Direction {
    DEFAULT,
    ASC,
    DESC
  }

  /// What was written; DEFAULT means nothing: last when ascending, first when descending.
  public enum Nulls {
    DEFAULT,
    FIRST,
    LAST
  }
}
