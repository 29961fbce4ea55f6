package io.trencadis.sql.execute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/// Computes window functions. Each call adds a column to the input's rows; rows come out in the
/// order of the last call's window.
public final class WindowNode extends PlanNode {
  /// One call.
  ///
  /// @param arguments over the input row
  /// @param keys what `partition` and `order` compare, over the input row
  /// @param partition order by the partition columns, or null for one partition
  /// @param order of the rows in a partition, or null where all are peers
  public record Call(
      WindowFunction function,
      Eval[] arguments,
      Eval[] keys,
      RowOrder partition,
      RowOrder order,
      WindowFrame frame) {}

  private final PlanNode input;
  private final int width;
  private final List<Call> calls;

  public WindowNode(Estimate estimate, PlanNode input, int width, List<Call> calls) {
    super(estimate);
    this.input = input;
    this.width = width;
    this.calls = List.copyOf(calls);
  }

  /// A row with the values that it is partitioned and ordered by.
  record Keyed(Object[] row, Object[] keys) {}

  @Override
  protected RowSource start(Execution x) {
    Iterator<Object[]>[] rows = newIterator();
    return () -> {
      if (rows[0] == null) {
        rows[0] = computed(x).iterator();
      }
      return rows[0].hasNext() ? rows[0].next() : null;
    };
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types.
  private static Iterator<Object[]>[] newIterator() {
    return new Iterator[1];
  }

  private List<Object[]> computed(Execution x) {
    List<Object[]> rows = new ArrayList<>();
    try (RowSource source = input.open(x)) {
      for (Object[] row = source.next(); row != null; row = source.next()) {
        rows.add(Arrays.copyOf(row, width + calls.size()));
        if ((rows.size() & 0xfff) == 0) {
          x.checkInterrupts();
        }
      }
    }
    for (int i = 0; i < calls.size(); i++) {
      rows = compute(calls.get(i), width + i, rows, x);
    }
    return rows;
  }

  private static List<Object[]> compute(Call call, int column, List<Object[]> rows, Execution x) {
    Keyed[] keyed = new Keyed[rows.size()];
    for (int i = 0; i < keyed.length; i++) {
      keyed[i] = new Keyed(rows.get(i), RowNodes.evaluate(call.keys, rows.get(i), x));
    }
    Arrays.sort(
        keyed,
        (a, b) -> {
          int byPartition = call.partition == null ? 0 : call.partition.compare(a.keys, b.keys);
          return byPartition != 0 || call.order == null
              ? byPartition
              : call.order.compare(a.keys, b.keys);
        });
    WindowFrame.Offsets offsets = call.frame.offsets(x);
    int start = 0;
    while (start < keyed.length) {
      int end = start + 1;
      while (end < keyed.length && same(call.partition, keyed[start], keyed[end])) {
        end++;
      }
      WindowPartition partition = new WindowPartition(keyed, start, end, call.order);
      WindowFrame.Cursor frames = call.frame.new Cursor(partition, offsets, x);
      call.function.compute(new WindowFunction.Work(partition, column, call.arguments, frames, x));
      x.checkInterrupts();
      start = end;
    }
    List<Object[]> out = new ArrayList<>(keyed.length);
    for (Keyed row : keyed) {
      out.add(row.row);
    }
    return out;
  }

  private static boolean same(RowOrder order, Keyed a, Keyed b) {
    return order == null || order.compare(a.keys, b.keys) == 0;
  }

  @Override
  public String label() {
    return "WindowAgg";
  }

  @Override
  public List<PlanNode> children() {
    return List.of(input);
  }
}
