package io.trencadis.sql.execute;

/// A compiled expression. Immutable and thread-safe; everything that changes is in the arguments.
@FunctionalInterface
public interface Eval {
  /// The value for one input row; null is SQL NULL.
  Object eval(Object[] row, Execution x);

  /// Whether a condition holds: true, and not false or unknown.
  default boolean holds(Object[] row, Execution x) {
    return Boolean.TRUE.equals(eval(row, x));
  }
}
