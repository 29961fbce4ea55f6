package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;

/// A condition compiled for batches. Immutable and thread-safe.
@FunctionalInterface
public interface BatchCondition {
  /// Leaves in a batch the rows for which the condition is true.
  void keep(Batch batch, Execution x);
}
