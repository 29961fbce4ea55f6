package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.Column;

/// The rows of batches one by one, for those who keep them. Confined to one thread.
final class BatchRows implements RowSource {
  private final BatchSource batches;
  private final int[] columns;
  private Batch batch;
  private int at;

  /// A source's rows, read in batches if there are any. The source is still the caller's to close.
  static RowSource of(RowSource source) {
    BatchSource batches = source.batches();
    return batches == null ? source : new BatchRows(batches, null);
  }

  /// @param columns of the batches: what a row consists of; null for all
  BatchRows(BatchSource batches, int[] columns) {
    this.batches = batches;
    this.columns = columns;
  }

  @Override
  public Object[] next() {
    if (batch == null || at == batch.count()) {
      batch = batches.next();
      if (batch == null) {
        return null;
      }
      at = 0;
    }
    int place = batch.places()[at++];
    if (columns == null) {
      return batch.row(place);
    }
    Object[] row = new Object[columns.length];
    for (int i = 0; i < row.length; i++) {
      Column column = batch.column(columns[i]);
      row[i] = column == null ? null : column.get(place);
    }
    return row;
  }
}
