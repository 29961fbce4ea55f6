package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.Column;

/// An expression compiled for batches: the same as an [Eval] of each row, and of no other.
/// Immutable and thread-safe.
@FunctionalInterface
public interface BatchEval {
  /// The values for the batch's rows.
  Column eval(Batch batch, Execution x);
}
