package io.trencadis.sql.functions;

/// Where a cast is wanted, which decides what is allowed.
public enum CastContext {
  /// Inside an expression, without being asked for.
  IMPLICIT,
  /// When a value is stored in a column.
  ASSIGNMENT,
  /// `CAST(x AS t)` or `x::t`.
  EXPLICIT
}
