package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.batch.LongColumn;
import io.trencadis.storage.RowBlock;

/// Makes batches of stored rows: each column is decoded when the first conjunct asks for it, of the
/// rows that are left by then. Confined to one thread.
final class ScanBatches implements BatchSource {
  private static final int FIRST_ROWS = 16;

  private final StoredTable table;
  private final TableScanNode.Stage[] stages;
  private final int[] rest;
  private final int[] filteredPlaces;
  private final RuntimeFilter[] runtimeFilters;
  private final Reader reader;
  private final Execution x;
  private final NodeCounters counters;
  private final RowBlock stored = new RowBlock(FIRST_ROWS);

  /// Where the rows come from.
  @FunctionalInterface
  interface Reader {
    /// Adds the next rows to a block that is empty, [Batch#MOST] at the most; none at the end.
    void read(RowBlock into);
  }

  /// @param rest what is to be decoded beyond the columns that the conjuncts ask for
  /// @param counters null where nothing is counted
  ScanBatches(
      StoredTable table,
      TableScanNode.Stage[] stages,
      int[] rest,
      int[] filteredPlaces,
      RuntimeFilter[] runtimeFilters,
      Reader reader,
      Execution x,
      NodeCounters counters) {
    this.table = table;
    this.stages = stages;
    this.rest = rest;
    this.filteredPlaces = filteredPlaces;
    this.runtimeFilters = runtimeFilters;
    this.reader = reader;
    this.x = x;
    this.counters = counters;
  }

  @Override
  public Batch next() {
    while (true) {
      stored.clear();
      reader.read(stored);
      int count = stored.count();
      if (count == 0) {
        return null;
      }
      Batch batch = Batch.whole(new Column[table.width()], count);
      filter(batch);
      if (batch.count() > 0) {
        decode(batch, rest);
        return batch;
      }
    }
  }

  private void filter(Batch batch) {
    int before = batch.count();
    for (int i = 0; i < stages.length && batch.count() > 0; i++) {
      decode(batch, stages[i].places());
      stages[i].batches().keep(batch, x);
    }
    int left = batch.count();
    for (int i = 0; i < runtimeFilters.length && batch.count() > 0; i++) {
      RuntimeFilter.Numbers numbers = x.filtered(runtimeFilters[i]);
      if (numbers != null) {
        decode(batch, filteredPlaces[i]);
        keep(batch, (LongColumn) batch.column(filteredPlaces[i]), numbers);
      }
    }
    if (counters != null) {
      counters.removedByFilter += before - left;
      counters.removedByRuntimeFilter += left - batch.count();
    }
  }

  private static void keep(Batch batch, LongColumn column, RuntimeFilter.Numbers numbers) {
    int[] places = batch.places();
    int count = batch.count();
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int place = places[i];
      if (!column.isNull(place) && numbers.has(column.values()[place])) {
        places[kept++] = place;
      }
    }
    batch.keep(kept);
  }

  private void decode(Batch batch, int[] columns) {
    for (int column : columns) {
      decode(batch, column);
    }
  }

  private void decode(Batch batch, int column) {
    if (batch.column(column) == null) {
      batch.column(column, table.column(stored, batch.places(), batch.count(), column));
    }
  }
}
