package io.trencadis.sql.planning;

import io.trencadis.sql.rel.SourceRels;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.util.ImmutableBitSet;

/// A semi-join of a stored table's rows by equal columns, which a key of the table begins with, may
/// be made from its other side: for each different row of that, the table's are looked up. The cost
/// model compares it with the others.
@SuppressWarnings("deprecation") // As in ScanRule.
final class DistinctJoinRule extends RelOptRule {
  private final AccessPaths paths;

  private DistinctJoinRule(AccessPaths paths) {
    super(operand(LogicalJoin.class, any()), "DistinctJoinRule");
    this.paths = paths;
  }

  static RelOptRule create(AccessPaths paths) {
    return new DistinctJoinRule(paths);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalJoin join = call.rel(0);
    if (join.getJoinType() != JoinRelType.SEMI) {
      return;
    }
    int width = join.getLeft().getRowType().getFieldCount();
    List<Integer> left = new ArrayList<>();
    List<Integer> right = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(join.getCondition())) {
      if (!(conjunct instanceof RexCall equality)
          || equality.getOperator() != SqlStdOperatorTable.EQUALS
          || !(equality.getOperands().get(0) instanceof RexInputRef a)
          || !(equality.getOperands().get(1) instanceof RexInputRef b)
          || a.getIndex() < width == b.getIndex() < width
          || !a.getType().equals(b.getType())) {
        return;
      }
      left.add(Math.min(a.getIndex(), b.getIndex()));
      right.add(Math.max(a.getIndex(), b.getIndex()) - width);
    }
    if (findsByKey(join.getLeft(), left)) {
      call.transformTo(turned(join, left, right));
    }
  }

  private boolean findsByKey(RelNode rel, List<Integer> columns) {
    for (RelNode each : rel instanceof RelSubset subset ? subset.getRelList() : List.of(rel)) {
      if (each instanceof SourceRels.Table table) {
        return paths.lookUpCost(table, ImmutableBitSet.of(columns).toBitSet()) < Double.MAX_VALUE;
      }
      if (each instanceof LogicalFilter filter && findsByKey(filter.getInput(), columns)) {
        return true;
      }
    }
    return false;
  }

  /// The different rows of the right side, joined with the left side.
  private static RelNode turned(LogicalJoin join, List<Integer> left, List<Integer> right) {
    RexBuilder rex = join.getCluster().getRexBuilder();
    RelNode keys =
        LogicalProject.create(
            join.getRight(),
            List.of(),
            right.stream().map(each -> rex.makeInputRef(join.getRight(), each)).toList(),
            right.stream().map(join.getRight().getRowType().getFieldNames()::get).toList(),
            java.util.Set.of());
    RelNode different =
        LogicalAggregate.create(
            keys, List.of(), ImmutableBitSet.range(right.size()), null, List.of());
    List<RexNode> equalities = new ArrayList<>();
    for (int i = 0; i < right.size(); i++) {
      RexNode table = rex.makeInputRef(join.getLeft(), left.get(i));
      equalities.add(
          rex.makeCall(
              SqlStdOperatorTable.EQUALS,
              rex.makeInputRef(different, i),
              rex.makeInputRef(table.getType(), right.size() + left.get(i))));
    }
    RelNode joined =
        LogicalJoin.create(
            different,
            join.getLeft(),
            List.of(),
            RexUtil.composeConjunction(rex, equalities),
            java.util.Set.of(),
            JoinRelType.INNER);
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < join.getLeft().getRowType().getFieldCount(); i++) {
      columns.add(rex.makeInputRef(joined, right.size() + i));
    }
    return LogicalProject.create(
        joined, List.of(), columns, join.getRowType().getFieldNames(), java.util.Set.of());
  }
}
