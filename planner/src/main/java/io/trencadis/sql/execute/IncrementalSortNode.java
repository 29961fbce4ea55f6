package io.trencadis.sql.execute;

import java.util.List;

/// Sorts rows that come by the first columns of an order: those that are equal in these, among
/// themselves, when they are asked for. The sort is stable.
public final class IncrementalSortNode extends PlanNode {
  private final PlanNode input;
  private final RowOrder held;
  private final RowOrder order;
  private final String text;
  private final String heldText;
  private final RowBytes bytes;

  /// @param held by what the rows come: the first columns of `order`
  /// @param bytes how rows are put aside
  public IncrementalSortNode(
      Estimate estimate,
      PlanNode input,
      RowOrder held,
      RowOrder order,
      String text,
      String heldText,
      RowBytes bytes) {
    super(estimate);
    this.input = input;
    this.held = held;
    this.order = order;
    this.text = text;
    this.heldText = heldText;
    this.bytes = bytes.isStorable() ? bytes : null;
  }

  @Override
  protected RowSource start(Execution x) {
    RowSource source = input.open(x);
    return new RowSource() {
      private Object[] ahead;
      private boolean ended;
      private RowSorter sorter;
      private RowSource group;

      @Override
      public Object[] next() {
        while (true) {
          Object[] row = group == null ? null : group.next();
          if (row != null) {
            return row;
          }
          endGroup();
          if (!sortGroup()) {
            return null;
          }
        }
      }

      private boolean sortGroup() {
        Object[] first = ahead == null && !ended ? source.next() : ahead;
        if (first == null) {
          ended = true;
          return false;
        }
        ahead = source.next();
        ended = ahead == null;
        if (ended || held.compare(first, ahead) != 0) {
          group = new OneRow(first);
          return true;
        }
        sorter = new RowSorter(order, bytes, x, x.workMemBytes());
        sorter.add(first);
        while (ahead != null && held.compare(first, ahead) == 0) {
          sorter.add(ahead);
          ahead = source.next();
        }
        ended = ahead == null;
        group = sorter.sorted();
        return true;
      }

      private void endGroup() {
        group = null;
        if (sorter != null) {
          sorter.close();
          sorter = null;
        }
      }

      @Override
      public void close() {
        endGroup();
        source.close();
      }
    };
  }

  @Override
  public boolean growsWithReads() {
    return input.growsWithReads();
  }

  @Override
  public String label() {
    return "Incremental Sort";
  }

  @Override
  public List<String> details() {
    return List.of("Sort Key: " + text, "Presorted Key: " + heldText);
  }

  @Override
  public List<PlanNode> children() {
    return List.of(input);
  }
}
