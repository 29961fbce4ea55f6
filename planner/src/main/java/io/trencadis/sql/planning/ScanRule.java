package io.trencadis.sql.planning;

import io.trencadis.sql.rel.SourceRels;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.logical.LogicalFilter;

/// A filter over a stored table becomes a scan that knows the filter: through the table's key or an
/// index where the condition allows it.
@SuppressWarnings(
    "deprecation") // The classic form of a rule needs no code generator, and is what Calcite's own
// use inside.
final class ScanRule extends RelOptRule {
  private final AccessPaths paths;

  private ScanRule(AccessPaths paths) {
    super(operand(LogicalFilter.class, operand(SourceRels.Table.class, none())), "ScanRule");
    this.paths = paths;
  }

  static RelOptRule create(AccessPaths paths) {
    return new ScanRule(paths);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalFilter filter = call.rel(0);
    SourceRels.Table table = call.rel(1);
    call.transformTo(
        new PhysicalRels.Scan(
            filter.getCluster(),
            filter.getCluster().traitSetOf(Physical.CONVENTION),
            table,
            filter.getCondition(),
            paths.choose(table, filter.getCondition())));
  }
}
