package io.trencadis.sql.execute;

import io.trencadis.sql.functions.SystemView;
import java.util.Iterator;

/// Reads a system view, whose rows are made when a statement reads it first: a sub-select may do so
/// once for every row outside.
public final class SystemScanNode extends PlanNode {
  private final SystemView view;

  public SystemScanNode(Estimate estimate, SystemView view) {
    super(estimate);
    this.view = view;
  }

  @Override
  protected RowSource start(Execution x) {
    @SuppressWarnings("unchecked")
    Iterable<Object[]> made =
        (Iterable<Object[]>) x.memory().computeIfAbsent(view, _ -> view.rows(x.cx()));
    Iterator<Object[]> rows = made.iterator();
    return () -> rows.hasNext() ? rows.next() : null;
  }

  @Override
  public String label() {
    return "Seq Scan on " + view.name();
  }
}
