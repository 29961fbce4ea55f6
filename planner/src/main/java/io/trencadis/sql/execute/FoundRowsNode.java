package io.trencadis.sql.execute;

import java.util.ArrayList;
import java.util.List;

/// Reads the rows that a [TermScanNode] has found, and keeps those that its conditions hold for:
/// PostgreSQL's bitmap heap scan.
public final class FoundRowsNode extends PlanNode {
  private final StoredTable table;
  private final TermScanNode finder;
  private final int[] needed;
  private final boolean locator;
  private final Eval filter;
  private final TableScanNode.Texts texts;

  /// @param needed places of the columns to decode; the others stay null
  /// @param locator whether a last column holds each row's [RowLocator]
  /// @param filter over the row, the conditions of the search included
  public FoundRowsNode(
      Estimate estimate,
      StoredTable table,
      TermScanNode finder,
      int[] needed,
      boolean locator,
      Eval filter,
      TableScanNode.Texts texts) {
    super(estimate);
    this.table = table;
    this.finder = finder;
    this.needed = needed.clone();
    this.locator = locator;
    this.filter = filter;
    this.texts = texts;
  }

  @Override
  protected RowSource start(Execution x) {
    NodeCounters counters = x.counters(this);
    RowSource found = finder.open(x);
    return new RowSource() {
      private final FetchedRows rows =
          new FetchedRows(table.relation(), this::addNamed, locator, false, 1, x, null);

      private boolean addNamed(RowFetch to) {
        Object[] at = found.next();
        if (at != null) {
          to.add((Integer) at[0], (byte[]) at[1]);
        }
        return at != null;
      }

      @Override
      public Object[] next() {
        while (rows.next()) {
          Object[] row = row(rows.shard(), rows.key(), rows.row(), x, counters);
          if (row != null) {
            return row;
          }
        }
        return null;
      }

      @Override
      public void close() {
        found.close();
      }
    };
  }

  /// The finished row, or null if it is not one of those looked for.
  private Object[] row(int shard, byte[] key, byte[] bytes, Execution x, NodeCounters counters) {
    Object[] row = new Object[table.width() + (locator ? 1 : 0)];
    table.decode(bytes, needed, row);
    if (locator) {
      row[table.width()] = new RowLocator(table, shard, key, bytes, false);
    }
    if (!filter.holds(row, x)) {
      if (counters != null) {
        counters.removedByFilter++;
      }
      return null;
    }
    return row;
  }

  @Override
  public List<PlanNode> children() {
    return List.of(finder);
  }

  @Override
  public String label() {
    String name = table.descriptor().name();
    boolean other = texts.alias() != null && !texts.alias().equals(name);
    return "Bitmap Heap Scan on " + name + (other ? " " + texts.alias() : "");
  }

  @Override
  public List<String> details() {
    List<String> lines = new ArrayList<>();
    lines.add("Recheck Cond: " + texts.condition());
    if (texts.filter() != null) {
      lines.add("Filter: " + texts.filter());
    }
    return lines;
  }
}
