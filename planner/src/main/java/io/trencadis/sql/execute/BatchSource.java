package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;

/// The rows of a [RowSource] in batches, in the same order. Closed with that source.
@FunctionalInterface
public interface BatchSource {
  /// The next batch, with one row at least; null at the end.
  Batch next();
}
