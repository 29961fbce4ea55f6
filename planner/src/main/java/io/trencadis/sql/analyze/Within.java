package io.trencadis.sql.analyze;

/// Which part of a call or a window an expression stands in, beside its clause: it decides what the
/// expression may contain.
enum Within {
  NOTHING,
  /// The condition of FILTER.
  FILTER,
  /// The arguments of a window function.
  WINDOW_CALL,
  /// PARTITION BY and ORDER BY of a window.
  WINDOW,
  /// The distances of a frame.
  ROWS,
  RANGE,
  GROUPS;

  /// Whether this is a distance of a frame: it has to be the same for all rows.
  boolean isFrame() {
    return this == ROWS || this == RANGE || this == GROUPS;
  }
}
