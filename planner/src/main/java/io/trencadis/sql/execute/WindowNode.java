package io.trencadis.sql.execute;

import java.util.ArrayList;
import java.util.Arrays;
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
  /// @param keyBytes how the keys are put aside
  public record Call(
      WindowFunction function,
      Eval[] arguments,
      Eval[] keys,
      RowOrder partition,
      RowOrder order,
      WindowFrame frame,
      RowBytes keyBytes) {}

  private final PlanNode input;
  private final int width;
  private final List<Call> calls;
  private final RowBytes bytes;

  /// @param bytes how rows with the calls' values are put aside
  public WindowNode(
      Estimate estimate, PlanNode input, int width, List<Call> calls, RowBytes bytes) {
    super(estimate);
    this.bytes = bytes;
    this.input = input;
    this.width = width;
    this.calls = List.copyOf(calls);
  }

  @Override
  protected RowSource start(Execution x) {
    return new RowSource() {
      private final List<RowSource> all = new ArrayList<>();

      @Override
      public Object[] next() {
        if (all.isEmpty()) {
          RowSource source = widened(input.open(x));
          all.add(source);
          for (int i = 0; i < calls.size(); i++) {
            source = new Computed(source, calls.get(i), width + i, x);
            all.add(source);
          }
        }
        return all.getLast().next();
      }

      @Override
      public void close() {
        all.reversed().forEach(RowSource::close);
      }
    };
  }

  /// Rows with places for the calls' values.
  private RowSource widened(RowSource source) {
    return new RowSource() {
      @Override
      public Object[] next() {
        Object[] row = source.next();
        return row == null ? null : Arrays.copyOf(row, width + calls.size());
      }

      @Override
      public void close() {
        source.close();
      }
    };
  }

  /// Rows with one call's value, partition after partition.
  private final class Computed implements RowSource {
    private final RowSource source;
    private final Call call;
    private final int column;
    private final int all = width + calls.size();
    private final Execution x;
    private final RowBytes rowBytes;
    private RowSorter sorter;
    private RowSource sorted;
    private Object[] ahead;
    private WindowFrame.Offsets offsets;
    private WindowRows rows;
    private RowSource finished;

    Computed(RowSource source, Call call, int column, Execution x) {
      this.source = source;
      this.call = call;
      this.column = column;
      this.x = x;
      RowBytes both = bytes.and(call.keyBytes);
      this.rowBytes = x.spill() != null && both.isStorable() ? both : null;
    }

    private void sort() {
      sorter =
          new RowSorter(
              (a, b) -> {
                int byPartition =
                    call.partition == null ? 0 : call.partition.compareFrom(all, a, b);
                return byPartition != 0 || call.order == null
                    ? byPartition
                    : call.order.compareFrom(all, a, b);
              },
              rowBytes,
              x,
              x.workMemBytes());
      for (Object[] row = source.next(); row != null; row = source.next()) {
        Object[] keyed = Arrays.copyOf(row, all + call.keys.length);
        for (int i = 0; i < call.keys.length; i++) {
          keyed[all + i] = call.keys[i].eval(row, x);
        }
        sorter.add(keyed);
      }
      sorted = sorter.sorted();
      ahead = sorted.next();
      offsets = call.frame.offsets(x);
    }

    @Override
    public Object[] next() {
      if (sorted == null) {
        sort();
      }
      while (true) {
        Object[] row = finished == null ? null : finished.next();
        if (row != null) {
          return Arrays.copyOf(row, all);
        }
        if (rows != null) {
          rows.close();
          rows = null;
        }
        if (ahead == null) {
          finished = null;
          return null;
        }
        finished = partition();
      }
    }

    private RowSource partition() {
      rows = new WindowRows(rowBytes, bytes.column(column), x);
      Object[] first = ahead;
      while (ahead != null
          && (call.partition == null || call.partition.compareFrom(all, first, ahead) == 0)) {
        rows.add(ahead);
        ahead = sorted.next();
        if ((rows.size() & 0xfff) == 0) {
          x.checkInterrupts();
        }
      }
      WindowPartition partition = new WindowPartition(rows, all, call.order);
      WindowFrame.Cursor frames = call.frame.new Cursor(partition, offsets, x);
      call.function.compute(new WindowFunction.Work(partition, column, call.arguments, frames, x));
      x.checkInterrupts();
      return rows.finished();
    }

    @Override
    public void close() {
      if (rows != null) {
        rows.close();
      }
      if (sorter != null) {
        sorter.close();
      }
      source.close();
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
