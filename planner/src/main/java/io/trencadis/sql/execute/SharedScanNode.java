package io.trencadis.sql.execute;

/// Reads the rows of a plan that others read, too.
public final class SharedScanNode extends PlanNode {
  private final SharedPlan shared;

  public SharedScanNode(Estimate estimate, SharedPlan shared) {
    super(estimate);
    this.shared = shared;
  }

  @Override
  protected RowSource start(Execution x) {
    return shared.open(x);
  }

  @Override
  public String label() {
    return "CTE Scan on " + shared.name();
  }
}
