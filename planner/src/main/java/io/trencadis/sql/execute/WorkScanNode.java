package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import java.util.Iterator;
import java.util.List;

/// Reads rows that another part of the plan has left in the run's memory.
public final class WorkScanNode extends PlanNode {
  private final Object table;
  private final String name;

  /// @param table under which the rows are kept, as a list of rows
  public WorkScanNode(Estimate estimate, Object table, String name) {
    super(estimate);
    this.table = table;
    this.name = name;
  }

  @Override
  protected RowSource start(Execution x) {
    if (!(x.memory().get(table) instanceof List<?> rows)) {
      throw SqlException.internal("nothing has been left in " + name);
    }
    Iterator<?> iterator = rows.iterator();
    return () -> iterator.hasNext() ? (Object[]) iterator.next() : null;
  }

  @Override
  public String label() {
    return "WorkTable Scan on " + name;
  }
}
