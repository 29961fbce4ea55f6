package io.trencadis.sql.execute;

import io.trencadis.sql.functions.Accumulator;

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
        first = row;
        accumulators = new Accumulator[arguments.length];
        for (int i = 0; i < accumulators.length; i++) {
          accumulators[i] = node.calls()[i].accumulator().newAccumulator();
        }
      }
      add(row);
      if (finished != null) {
        return finished;
      }
    }
    return null;
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
  public void close() {
    source.close();
  }
}
