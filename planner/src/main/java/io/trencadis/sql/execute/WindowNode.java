package io.trencadis.sql.execute;

import io.trencadis.sql.functions.Accumulator;
import io.trencadis.sql.functions.AggregateFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/// Computes window functions with the default frame: the rows of the partition up to the current
/// row's last peer. Each call adds a column to the input's rows; rows come out in the order of the
/// last call.
public final class WindowNode extends PlanNode {
  /// What a call computes.
  public enum Kind {
    ROW_NUMBER,
    RANK,
    DENSE_RANK,
    AGGREGATE
  }

  /// One call.
  ///
  /// @param aggregate for AGGREGATE, else null
  /// @param arguments over the input row
  /// @param partition order by the partition columns, or null for one partition
  /// @param order of the rows in a partition, or null where all are peers
  public record Call(
      Kind kind,
      AggregateFunction aggregate,
      Eval[] arguments,
      Eval[] keys,
      RowOrder partition,
      RowOrder order) {}

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
  private record Keyed(Object[] row, Object[] keys) {}

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
    List<Object[]> out = new ArrayList<>(keyed.length);
    int start = 0;
    while (start < keyed.length) {
      int end = start + 1;
      while (end < keyed.length && same(call.partition, keyed[start], keyed[end])) {
        end++;
      }
      partition(call, column, keyed, start, end, x);
      start = end;
    }
    for (Keyed row : keyed) {
      out.add(row.row);
    }
    return out;
  }

  private static boolean same(RowOrder order, Keyed a, Keyed b) {
    return order == null || order.compare(a.keys, b.keys) == 0;
  }

  private static void partition(
      Call call, int column, Keyed[] rows, int start, int end, Execution x) {
    Accumulator accumulator = call.kind == Kind.AGGREGATE ? call.aggregate.newAccumulator() : null;
    long dense = 0;
    int peers = start;
    while (peers < end) {
      int after = peers + 1;
      while (after < end && same(call.order, rows[peers], rows[after])) {
        after++;
      }
      dense++;
      for (int i = peers; accumulator != null && i < after; i++) {
        accumulator.add(RowNodes.evaluate(call.arguments, rows[i].row, x), x.cx());
      }
      for (int i = peers; i < after; i++) {
        rows[i].row[column] =
            switch (call.kind) {
              case ROW_NUMBER -> (long) (i - start + 1);
              case RANK -> (long) (peers - start + 1);
              case DENSE_RANK -> dense;
              case AGGREGATE -> accumulator.result(x.cx());
            };
      }
      x.checkInterrupts();
      peers = after;
    }
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
