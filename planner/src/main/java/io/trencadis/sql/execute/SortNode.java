package io.trencadis.sql.execute;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;

/// Sorts its input; with a limit above it, keeps only as many rows as will be asked for. The sort
/// is stable.
public final class SortNode extends PlanNode {
  /// Beyond, rows are sorted and not kept in a heap.
  private static final int MOST_KEPT = 10_000;

  private final PlanNode input;
  private final RowBytes bytes;
  private final RowOrder order;
  private final Eval limit;
  private final Eval offset;
  private final String text;

  /// @param limit how many rows will be asked for at the most (after `offset`), or null
  /// @param bytes how rows are put aside
  public SortNode(
      Estimate estimate,
      PlanNode input,
      RowOrder order,
      Eval limit,
      Eval offset,
      String text,
      RowBytes bytes) {
    super(estimate);
    this.bytes = bytes.isStorable() ? bytes : null;
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
      private RowSource rows;
      private RowSorter sorter;

      @Override
      public Object[] next() {
        if (rows == null) {
          rows = sorted();
        }
        return rows.next();
      }

      private RowSource sorted() {
        Long most = RowNodes.Limit.count(limit, x, false);
        Long skip = RowNodes.Limit.count(offset, x, true);
        long keep = most == null ? Long.MAX_VALUE : most + (skip == null ? 0 : skip);
        try (RowSource opened = input.open(x)) {
          RowSource source = BatchRows.of(opened);
          if (keep >= 0 && keep <= MOST_KEPT) {
            return top((int) keep, source, x);
          }
          sorter = new RowSorter(order, bytes, x, x.workMemBytes());
          for (Object[] row = source.next(); row != null; row = source.next()) {
            sorter.add(row);
          }
        }
        RowSource all = sorter.sorted();
        tell(
            x,
            sorter.isExternal() ? "external merge" : "quicksort",
            sorter.isExternal(),
            sorter.space());
        return all;
      }

      @Override
      public void close() {
        if (sorter != null) {
          sorter.close();
        }
      }
    };
  }

  private void tell(Execution x, String method, boolean onDisk, long space) {
    NodeCounters counters = x.counters(this);
    if (counters != null) {
      counters.sorted(method, onDisk, space);
    }
  }

  private RowSource top(int keep, RowSource source, Execution x) {
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
    long memory = 0;
    for (int i = rows.length - 1; i >= 0; i--) {
      rows[i] = worstFirst.poll().row;
      memory += RowBytes.memory(rows[i]);
    }
    tell(x, number > keep ? "top-N heapsort" : "quicksort", false, memory);
    Iterator<Object[]> iterator = Arrays.asList(rows).iterator();
    return () -> iterator.hasNext() ? iterator.next() : null;
  }

  @Override
  public boolean growsWithReads() {
    return input.growsWithReads();
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
