package io.trencadis.sql.execute;

import io.trencadis.sql.functions.SystemView;
import java.util.Iterator;

/// Reads a system view, whose rows are made as they are read.
public final class SystemScanNode extends PlanNode {
  private final SystemView view;

  public SystemScanNode(Estimate estimate, SystemView view) {
    super(estimate);
    this.view = view;
  }

  @Override
  protected RowSource start(Execution x) {
    Iterator<Object[]> rows = view.rows(x.cx()).iterator();
    return () -> rows.hasNext() ? rows.next() : null;
  }

  @Override
  public String label() {
    return "Seq Scan on " + view.name();
  }
}
