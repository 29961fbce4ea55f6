package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.batch.LongColumn;
import io.trencadis.sql.batch.RowsColumn;
import io.trencadis.sql.functions.Accumulator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Groups of rows that come group by group, so that only one of them is kept. Confined to one
/// thread.
final class GroupStream implements RowSource {
  private final AggregateNode node;
  private final RowSource source;
  private final Execution x;
  private final Object[][] arguments;
  private Accumulator[] accumulators;
  private Object[] first;
  private boolean ended;
  private int rows;

  GroupStream(AggregateNode node, RowSource source, Execution x) {
    this.node = node;
    this.source = source;
    this.x = x;
    this.arguments = new Object[node.calls().length][];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = new Object[node.calls()[i].arguments().length];
    }
  }

  @Override
  public Object[] next() {
    while (!ended) {
      Object[] row = source.next();
      if ((++rows & 0xfff) == 0) {
        x.checkInterrupts();
      }
      Object[] finished = null;
      if (row == null) {
        ended = true;
        return first == null ? null : group();
      }
      if (first == null || !isSame(row)) {
        finished = first == null ? null : group();
        begin(row);
      }
      add(row);
      if (finished != null) {
        return finished;
      }
    }
    return null;
  }

  private void begin(Object[] row) {
    first = row;
    accumulators = new Accumulator[arguments.length];
    for (int i = 0; i < accumulators.length; i++) {
      accumulators[i] = node.calls()[i].accumulator().newAccumulator();
    }
  }

  private boolean isSame(Object[] row) {
    int[] keys = node.keys();
    for (int i = 0; i < keys.length; i++) {
      Object a = first[keys[i]];
      Object b = row[keys[i]];
      if (a == null || b == null ? a != b : !node.keyCodecs()[i].equal(a, b)) {
        return false;
      }
    }
    return true;
  }

  private void add(Object[] row) {
    for (int i = 0; i < accumulators.length; i++) {
      AggregateNode.Call call = node.calls()[i];
      if (call.filter() >= 0 && !Boolean.TRUE.equals(row[call.filter()])) {
        continue;
      }
      Object[] values = arguments[i];
      for (int j = 0; j < values.length; j++) {
        values[j] = row[call.arguments()[j]];
      }
      accumulators[i].add(values, x.cx());
    }
  }

  private Object[] group() {
    int[] keys = node.keys();
    Object[] out = new Object[keys.length + accumulators.length];
    for (int i = 0; i < keys.length; i++) {
      out[i] = first[keys[i]];
    }
    for (int i = 0; i < accumulators.length; i++) {
      out[keys.length + i] = accumulators[i].result(x.cx());
    }
    return out;
  }

  @Override
  public BatchSource batches() {
    BatchSource batches = source.batches();
    return batches == null ? null : new Batches(batches);
  }

  /// The groups of batches, as batches.
  private final class Batches implements BatchSource {
    private final BatchSource inputs;
    private final List<Object[]> finished = new ArrayList<>();

    Batches(BatchSource inputs) {
      this.inputs = inputs;
    }

    @Override
    public Batch next() {
      finished.clear();
      while (!ended && finished.size() < Batch.MOST) {
        x.checkInterrupts();
        Batch batch = inputs.next();
        if (batch == null) {
          ended = true;
          if (first != null) {
            finished.add(group());
          }
        } else {
          add(batch);
        }
      }
      if (finished.isEmpty()) {
        return null;
      }
      Object[][] rows = finished.toArray(new Object[0][]);
      Column[] columns = new Column[rows[0].length];
      Arrays.setAll(columns, i -> new RowsColumn(rows, i));
      return Batch.whole(columns, rows.length);
    }

    /// Takes in a batch, one stretch of rows of the same group after the other.
    private void add(Batch batch) {
      int[] places = batch.places();
      int count = batch.count();
      int from = 0;
      while (from < count) {
        if (first == null || !isSame(batch, places[from])) {
          if (first != null) {
            finished.add(group());
          }
          begin(batch.row(places[from]));
        }
        int to = from + 1;
        while (to < count && isSame(batch, places[to])) {
          to++;
        }
        feed(batch, from, to);
        from = to;
      }
    }

    private boolean isSame(Batch batch, int place) {
      int[] keys = node.keys();
      for (int i = 0; i < keys.length; i++) {
        Object a = first[keys[i]];
        Column column = batch.column(keys[i]);
        if (column instanceof LongColumn numbers && a != null && !numbers.isNull(place)) {
          if (numbers.codec().unbox(a) != numbers.values()[place]) {
            return false;
          }
          continue;
        }
        Object b = column.get(place);
        if (a == null || b == null ? a != b : !node.keyCodecs()[i].equal(a, b)) {
          return false;
        }
      }
      return true;
    }

    private void feed(Batch batch, int from, int to) {
      for (int c = 0; c < accumulators.length; c++) {
        for (int i = from; i < to; i++) {
          int place = batch.places()[i];
          AggregateNode.Call call = node.calls()[c];
          if (call.filter() < 0 || Boolean.TRUE.equals(batch.column(call.filter()).get(place))) {
            call.feed(accumulators[c], batch, place, arguments[c], x.cx());
          }
        }
      }
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
