package io.trencadis.sql.planning;

import io.trencadis.sql.rel.SourceRels;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
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
  /// How many times as many rows the table has to have: finding out which rows are different costs
  /// about what joining them does.
  private static final double MANY = 4;

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
    if (join.getJoinType() != JoinRelType.SEMI || !isFewOfMany(join)) {
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
    for (RelNode rows : LookupJoinRule.alternatives(join.getLeft())) {
      if (rows instanceof SourceRels.Table table) {
        offer(call, join, table, null, left, right);
      } else if (rows instanceof LogicalFilter filter) {
        for (RelNode inner : LookupJoinRule.alternatives(filter.getInput())) {
          if (inner instanceof SourceRels.Table table) {
            offer(call, join, table, filter.getCondition(), left, right);
          }
        }
      }
    }
  }

  private static boolean isFewOfMany(LogicalJoin join) {
    RelMetadataQuery query = join.getCluster().getMetadataQuery();
    return query.getRowCount(join.getRight()) * MANY <= query.getRowCount(join.getLeft());
  }

  /// Offers the table's rows looked up for the different rows of the right side.
  private void offer(
      RelOptRuleCall call,
      LogicalJoin join,
      SourceRels.Table table,
      RexNode own,
      List<Integer> left,
      List<Integer> right) {
    RexBuilder rex = join.getCluster().getRexBuilder();
    RelNode different = different(join.getRight(), right, rex);
    int width = right.size();
    List<RexNode> equalities = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      RexNode column = rex.makeInputRef(table, left.get(i));
      equalities.add(
          rex.makeCall(
              SqlStdOperatorTable.EQUALS,
              rex.makeInputRef(different, i),
              rex.makeInputRef(column.getType(), width + left.get(i))));
    }
    LookupJoinRule.Lookup lookup =
        LookupJoinRule.lookup(
            RexUtil.composeConjunction(rex, equalities), width, table, own, paths);
    if (lookup == null) {
      return;
    }
    var traits = join.getCluster().traitSetOf(Physical.CONVENTION);
    RelNode found = lookup.over(convert(different, traits), JoinRelType.INNER);
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < join.getRowType().getFieldCount(); i++) {
      columns.add(rex.makeInputRef(found, width + i));
    }
    call.transformTo(
        new PhysicalRels.PhysicalProject(
            join.getCluster(), traits, found, columns, join.getRowType()));
  }

  /// The different values of some columns.
  private static RelNode different(RelNode rel, List<Integer> columns, RexBuilder rex) {
    RelNode keys =
        LogicalProject.create(
            rel,
            List.of(),
            columns.stream().map(each -> rex.makeInputRef(rel, each)).toList(),
            columns.stream().map(rel.getRowType().getFieldNames()::get).toList(),
            java.util.Set.of());
    return LogicalAggregate.create(
        keys, List.of(), ImmutableBitSet.range(columns.size()), null, List.of());
  }
}
