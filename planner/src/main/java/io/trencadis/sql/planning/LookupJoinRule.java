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

  /// What a rule's input may be.
  static List<RelNode> alternatives(RelNode rel) {
    return rel instanceof RelSubset subset ? subset.getRelList() : List.of(rel);
  }

  private void offer(RelOptRuleCall call, LogicalJoin join, SourceRels.Table table, RexNode own) {
    int leftWidth = join.getLeft().getRowType().getFieldCount();
    Lookup lookup = lookup(join.getCondition(), leftWidth, table, own, paths);
    if (lookup != null) {
      RelNode left = convert(join.getLeft(), join.getCluster().traitSetOf(Physical.CONVENTION));
      call.transformTo(lookup.over(left, join.getJoinType()));
    }
  }

  /// How rows of a table are found by a row of something else.
  ///
  /// @param scan a scan that reads the slots
  /// @param arguments over the other row: what each slot is set to
  record Lookup(PhysicalRels.Scan scan, List<Integer> slots, List<RexNode> arguments) {
    PhysicalRels.LookupJoin over(RelNode left, JoinRelType kind) {
      return new PhysicalRels.LookupJoin(
          scan.getCluster(), scan.getTraitSet(), left, scan, slots, arguments, kind);
    }
  }

  /// How a table's rows are found by a key; null where they cannot be.
  ///
  /// @param joined over the other row and, after that, the table's
  /// @param leftWidth columns of the other row
  /// @param own over the table's row, or null
  static Lookup lookup(
      RexNode joined, int leftWidth, SourceRels.Table table, RexNode own, AccessPaths paths) {
    List<Integer> slots = new ArrayList<>();
    List<RexNode> arguments = new ArrayList<>();
    RexBuilder rex = table.getCluster().getRexBuilder();
    // The join's condition as one of the table alone: left columns come in by slots.
    RexNode condition =
        joined.accept(
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
      return null;
    }
    RexNode all =
        own == null ? condition : RexUtil.composeConjunction(rex, List.of(own, condition));
    AccessPaths.Choice choice = paths.choose(table, all);
    if (!choice.usesKey()) {
      return null;
    }
    var traits = table.getCluster().traitSetOf(Physical.CONVENTION);
    return new Lookup(
        new PhysicalRels.Scan(table.getCluster(), traits, table, all, choice), slots, arguments);
  }
}
