package io.trencadis.sql.planning;

import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.rel.SourceRels;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;

/// A join with a stored table by its key becomes a look-up for each row of the other side. The cost
/// model compares it with reading the table whole.
@SuppressWarnings("deprecation") // As in ScanRule.
final class LookupJoinRule extends RelOptRule {
  private final AccessPaths paths;

  private LookupJoinRule(AccessPaths paths) {
    super(operand(LogicalJoin.class, any()), "LookupJoinRule");
    this.paths = paths;
  }

  static RelOptRule create(AccessPaths paths) {
    return new LookupJoinRule(paths);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalJoin join = call.rel(0);
    if (join.getJoinType() == JoinRelType.RIGHT || join.getJoinType() == JoinRelType.FULL) {
      return;
    }
    for (RelNode right : alternatives(join.getRight())) {
      RexNode own = null;
      RelNode source = right;
      if (right instanceof LogicalFilter filter) {
        own = filter.getCondition();
        for (RelNode inner : alternatives(filter.getInput())) {
          if (inner instanceof SourceRels.Table) {
            source = inner;
          }
        }
      }
      if (source instanceof SourceRels.Table table) {
        offer(call, join, table, own);
      }
    }
  }

  private static List<RelNode> alternatives(RelNode rel) {
    return rel instanceof RelSubset subset ? subset.getRelList() : List.of(rel);
  }

  private void offer(RelOptRuleCall call, LogicalJoin join, SourceRels.Table table, RexNode own) {
    int leftWidth = join.getLeft().getRowType().getFieldCount();
    List<Integer> slots = new ArrayList<>();
    List<RexNode> arguments = new ArrayList<>();
    RexBuilder rex = join.getCluster().getRexBuilder();
    // The join's condition as one of the table alone: left columns come in by slots.
    RexNode condition =
        join.getCondition()
            .accept(
                new RexShuttle() {
                  @Override
                  public RexNode visitInputRef(RexInputRef ref) {
                    if (ref.getIndex() >= leftWidth) {
                      return rex.makeInputRef(ref.getType(), ref.getIndex() - leftWidth);
                    }
                    int known = arguments.indexOf(ref);
                    if (known < 0) {
                      known = arguments.size();
                      arguments.add(ref);
                      slots.add(paths.slots().add(new Slot.Outer(PgRelType.of(ref.getType()))));
                    }
                    return rex.makeDynamicParam(ref.getType(), slots.get(known));
                  }
                });
    if (arguments.isEmpty()) {
      return;
    }
    RexNode all =
        own == null ? condition : RexUtil.composeConjunction(rex, List.of(own, condition));
    AccessPaths.Choice choice = paths.choose(table, all);
    if (!choice.usesKey()) {
      return;
    }
    var traits = join.getCluster().traitSetOf(Physical.CONVENTION);
    PhysicalRels.Scan lookup = new PhysicalRels.Scan(join.getCluster(), traits, table, all, choice);
    call.transformTo(
        new PhysicalRels.LookupJoin(
            join.getCluster(),
            traits,
            convert(join.getLeft(), traits),
            lookup,
            slots,
            arguments,
            join.getJoinType()));
  }
}
