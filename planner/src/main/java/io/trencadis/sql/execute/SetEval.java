package io.trencadis.sql.execute;

import java.util.Iterator;

/// A compiled call of a set-returning function. Immutable and thread-safe.
@FunctionalInterface
public interface SetEval {
  /// The set for one input row.
  Iterator<?> open(Object[] row, Execution x);
}
