package io.trencadis.sql.planning;

import io.trencadis.sql.execute.PlanNode;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.rel.RelNode;

/// A node that knows how it is run.
interface Physical extends RelNode {
  /// The convention of nodes that the executor can run.
  Convention CONVENTION = new Convention.Impl("TRENCADIS", Physical.class);

  /// The executor's node.
  PlanNode compile(PlanCompiler compiler);
}
