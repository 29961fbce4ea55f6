package io.trencadis.sql.execute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/// Sorts its input; with a limit above it, keeps only as many rows as will be asked for. The sort
/// is stable.
public final class SortNode extends PlanNode {
  private final PlanNode input;
  private final RowOrder order;
  private final Eval limit;
  private final Eval offset;
  private final String text;

  /// @param limit how many rows will be asked for at the most (after `offset`), or null
  public SortNode(
      Estimate estimate, PlanNode input, RowOrder order, Eval limit, Eval offset, String text) {
    super(estimate);
    this.input = input;
    this.order = order;
    this.limit = limit;
    this.offset = offset;
    this.text = text;
  }

  /// A row with its place in the input, so that a heap can keep equal rows in order.
  private record Numbered(Object[] row, long number) {}

  @Override
  protected RowSource start(Execution x) {
    return new RowSource() {
      private List<Object[]> rows;
      private int at;

      @Override
      public Object[] next() {
        if (rows == null) {
          rows = sorted(x);
        }
        if (at == rows.size()) {
          return null;
        }
        Object[] row = rows.get(at);
        rows.set(at++, null);
        return row;
      }
    };
  }

  private List<Object[]> sorted(Execution x) {
    Long most = RowNodes.Limit.count(limit, x, false);
    Long skip = RowNodes.Limit.count(offset, x, true);
    long keep = most == null ? Long.MAX_VALUE : most + (skip == null ? 0 : skip);
    try (RowSource source = input.open(x)) {
      return keep >= 0 && keep <= 10_000 ? top((int) keep, source, x) : all(source, x);
    }
  }

  private List<Object[]> all(RowSource source, Execution x) {
    List<Object[]> rows = new ArrayList<>();
    for (Object[] row = source.next(); row != null; row = source.next()) {
      rows.add(row);
      if ((rows.size() & 0xfff) == 0) {
        x.checkInterrupts();
      }
    }
    Object[][] array = rows.toArray(new Object[0][]);
    Arrays.sort(array, order);
    return Arrays.asList(array);
  }

  private List<Object[]> top(int keep, RowSource source, Execution x) {
    PriorityQueue<Numbered> worstFirst =
        new PriorityQueue<>(
            (a, b) -> {
              int byOrder = order.compare(b.row, a.row);
              return byOrder != 0 ? byOrder : Long.compare(b.number, a.number);
            });
    long number = 0;
    for (Object[] row = source.next(); row != null; row = source.next()) {
      if ((++number & 0xfff) == 0) {
        x.checkInterrupts();
      }
      if (worstFirst.size() < keep) {
        worstFirst.add(new Numbered(row, number));
      } else if (keep > 0 && order.compare(row, worstFirst.peek().row) < 0) {
        worstFirst.poll();
        worstFirst.add(new Numbered(row, number));
      }
    }
    Object[][] rows = new Object[worstFirst.size()][];
    for (int i = rows.length - 1; i >= 0; i--) {
      rows[i] = worstFirst.poll().row;
    }
    return Arrays.asList(rows);
  }

  @Override
  public String label() {
    return "Sort";
  }

  @Override
  public List<String> details() {
    return List.of("Sort Key: " + text);
  }

  @Override
  public List<PlanNode> children() {
    return List.of(input);
  }
}
