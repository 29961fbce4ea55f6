package io.trencadis.sql.execute;

/// The compiled expressions of an index that is not one of plain columns. Immutable and
/// thread-safe.
///
/// @param expressions those of its key that are no columns, in order, over a row of live columns
/// @param predicate the condition of the rows that it has, or null for all
/// @param conflict whether two rows are in conflict by an exclusion constraint, over the columns of
///   both; null without one
public record IndexEvals(Eval[] expressions, Eval predicate, Eval conflict) {
  /// The row with the values of the expressions behind its columns.
  Object[] extended(Object[] row, int width, Execution x) {
    if (expressions.length == 0) {
      return row;
    }
    Object[] out = java.util.Arrays.copyOf(row, width + expressions.length);
    for (int i = 0; i < expressions.length; i++) {
      out[width + i] = expressions[i].eval(row, x);
    }
    return out;
  }

  boolean covers(Object[] row, Execution x) {
    return predicate == null || predicate.holds(row, x);
  }
}
