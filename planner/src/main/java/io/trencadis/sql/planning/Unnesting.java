package io.trencadis.sql.planning;

import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.types.PgType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/// Makes semi-joins and anti-joins of sub-selects under EXISTS, NOT EXISTS and IN, where they stand
/// as conditions of their own in a WHERE (Kim, "On optimizing an SQL-like nested query", TODS 1982,
/// and Galindo-Legaria and Joshi, "Orthogonal optimization of subqueries and aggregation", SIGMOD
/// 2001), and takes out of an OR what all its sides have in common. NOT IN stays as it is: its
/// nulls make it no anti-join.
final class Unnesting {
  private final SlotTable slots;

  Unnesting(SlotTable slots) {
    this.slots = slots;
  }

  RelNode rewrite(RelNode rel) {
    List<RelNode> inputs = new ArrayList<>();
    boolean changed = false;
    for (RelNode input : rel.getInputs()) {
      RelNode rewritten = rewrite(input);
      changed |= rewritten != input;
      inputs.add(rewritten);
    }
    RelNode own = changed ? rel.copy(rel.getTraitSet(), inputs) : rel;
    return own instanceof LogicalFilter filter ? filter(filter) : own;
  }

  private RelNode filter(LogicalFilter filter) {
    RexBuilder rex = filter.getCluster().getRexBuilder();
    RelNode input = filter.getInput();
    List<RexNode> kept = new ArrayList<>();
    boolean changed = false;
    List<LogicalJoinMaker> joins = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(filter.getCondition())) {
      LogicalJoinMaker join = join(conjunct, rex);
      if (join != null) {
        joins.add(join);
        changed = true;
        continue;
      }
      RexNode pulled =
          conjunct.getKind() == SqlKind.OR ? RexUtil.pullFactors(rex, conjunct) : conjunct;
      changed |= pulled != conjunct;
      kept.addAll(RelOptUtil.conjunctions(pulled));
    }
    if (!changed) {
      return filter;
    }
    // What is cheap to check comes first.
    if (!kept.isEmpty()) {
      input = LogicalFilter.create(input, RexUtil.composeConjunction(rex, kept));
    }
    for (LogicalJoinMaker join : joins) {
      input = join.over(input);
    }
    return input;
  }

  /// Makes the join once the left input is known.
  @FunctionalInterface
  private interface LogicalJoinMaker {
    RelNode over(RelNode left);
  }

  private LogicalJoinMaker join(RexNode conjunct, RexBuilder rex) {
    boolean negated = conjunct.getKind() == SqlKind.NOT;
    RexNode node = negated ? ((RexCall) conjunct).getOperands().getFirst() : conjunct;
    if (!(node instanceof RexCall call)
        || !(call.getOperator() instanceof PgCall pg)
        || !(pg.operation() instanceof Operation.SubPlan subPlan)) {
      return null;
    }
    return switch (subPlan.kind()) {
      case EXISTS -> exists(subPlan, call.getOperands(), negated, rex);
      case ANY -> negated ? null : any(subPlan, call.getOperands(), rex);
      case SCALAR, ARRAY, ALL, ROW -> null;
    };
  }

  /// The inner tree without the outer row: its rows, and the conjuncts that read the outer row.
  private record Inner(RelNode rel, List<RexNode> correlated) {}

  private LogicalJoinMaker exists(
      Operation.SubPlan subPlan, List<RexNode> arguments, boolean negated, RexBuilder rex) {
    RelNode rel = subPlan.plan();
    // Whether there is a row does not hang on its columns or its order.
    while (rel instanceof LogicalProject || rel instanceof LogicalSort) {
      rel = rel.getInput(0);
    }
    Inner inner = inner(rel, subPlan);
    if (inner == null || !simple(arguments)) {
      return null;
    }
    boolean equal = false;
    for (RexNode conjunct : inner.correlated) {
      equal |= isEquality(conjunct, subPlan, arguments);
    }
    if (!equal) {
      return null;
    }
    return left ->
        joined(
            left,
            inner,
            conjunctsOver(left, inner, subPlan, arguments, rex),
            negated ? JoinRelType.ANTI : JoinRelType.SEMI,
            rex);
  }

  private LogicalJoinMaker any(Operation.SubPlan subPlan, List<RexNode> operands, RexBuilder rex) {
    if (subPlan.rule() != Operation.RowRule.EVERY) {
      return null;
    }
    int width = subPlan.tests().size();
    List<RexNode> tested = operands.subList(0, width);
    List<RexNode> arguments = operands.subList(width, operands.size());
    RelNode plan = subPlan.plan();
    for (int i = 0; i < width; i++) {
      var left = tested.get(i).getType();
      var right = plan.getRowType().getFieldList().get(i).getType();
      if (!(tested.get(i) instanceof RexInputRef)
          || !areComparable(PgRelType.of(left), PgRelType.of(right))
          || !SubPlanTests.isEquality(subPlan.tests().get(i))) {
        return null;
      }
    }
    Inner inner;
    if (subPlan.slots().isEmpty()) {
      inner = new Inner(plan, List.of());
    } else {
      // The correlated conditions are below the columns that are compared with.
      if (!(plan instanceof LogicalProject project) || !simple(arguments)) {
        return null;
      }
      Inner below = inner(project.getInput(), subPlan);
      List<RexNode> columns = new ArrayList<>();
      for (RexNode column : project.getProjects()) {
        columns.add(column);
      }
      if (below == null || !columns.stream().allMatch(RexInputRef.class::isInstance)) {
        return null;
      }
      return left -> {
        List<RexNode> conjuncts = conjunctsOver(left, below, subPlan, arguments, rex);
        int leftWidth = left.getRowType().getFieldCount();
        for (int i = 0; i < width; i++) {
          RexInputRef column = (RexInputRef) columns.get(i);
          conjuncts.add(
              equality(
                  tested.get(i),
                  rex.makeInputRef(column.getType(), leftWidth + column.getIndex()),
                  rex));
        }
        return joined(left, below, conjuncts, JoinRelType.SEMI, rex);
      };
    }
    return left -> {
      List<RexNode> conjuncts = new ArrayList<>();
      int leftWidth = left.getRowType().getFieldCount();
      for (int i = 0; i < width; i++) {
        var type = plan.getRowType().getFieldList().get(i).getType();
        conjuncts.add(equality(tested.get(i), rex.makeInputRef(type, leftWidth + i), rex));
      }
      return joined(left, inner, conjuncts, JoinRelType.SEMI, rex);
    };
  }

  private static boolean areComparable(PgType left, PgType right) {
    return left == right && left.codec().ordered()
        || Sarg.isInteger(left.oid()) && Sarg.isInteger(right.oid());
  }

  /// An integer of another width equals none of the tested column's if it does not fit.
  private static RexNode equality(RexNode tested, RexNode column, RexBuilder rex) {
    PgType type = PgRelType.of(tested.getType());
    return rex.makeCall(
        SqlStdOperatorTable.EQUALS,
        tested,
        type == PgRelType.of(column.getType()) ? column : Sarg.narrowed(column, type, false));
  }

  private static boolean simple(List<RexNode> arguments) {
    return arguments.stream().allMatch(RexInputRef.class::isInstance);
  }

  /// Takes the conjuncts that read the outer row out of the filters on top; null where it is read
  /// further below, too.
  private Inner inner(RelNode rel, Operation.SubPlan subPlan) {
    List<RexNode> correlated = new ArrayList<>();
    List<RexNode> kept = new ArrayList<>();
    RelNode below = rel;
    while (below instanceof LogicalFilter filter) {
      for (RexNode conjunct : RelOptUtil.conjunctions(filter.getCondition())) {
        Set<Integer> read = new HashSet<>();
        conjunct.accept(
            new RexShuttle() {
              @Override
              public RexNode visitDynamicParam(RexDynamicParam parameter) {
                read.add(parameter.getIndex());
                return parameter;
              }
            });
        read.retainAll(subPlan.slots());
        if (read.isEmpty()) {
          kept.add(conjunct);
        } else if (SubPlans.isIn(conjunct) || !RexUtil.isDeterministic(conjunct)) {
          return null;
        } else {
          correlated.add(conjunct);
        }
      }
      below = filter.getInput();
    }
    RelNode own =
        kept.isEmpty()
            ? below
            : LogicalFilter.create(
                below, RexUtil.composeConjunction(rel.getCluster().getRexBuilder(), kept));
    Set<Integer> free = SubPlans.freeSlots(own, slots);
    free.retainAll(subPlan.slots());
    return free.isEmpty() ? new Inner(own, correlated) : null;
  }

  /// Whether a conjunct says that a column equals one of the outer row.
  private static boolean isEquality(
      RexNode conjunct, Operation.SubPlan subPlan, List<RexNode> arguments) {
    if (!(conjunct instanceof RexCall call) || call.getKind() != SqlKind.EQUALS) {
      return false;
    }
    RexNode a = call.getOperands().get(0);
    RexNode b = call.getOperands().get(1);
    return a instanceof RexInputRef
            && b instanceof RexDynamicParam p
            && subPlan.slots().contains(p.getIndex())
        || b instanceof RexInputRef
            && a instanceof RexDynamicParam q
            && subPlan.slots().contains(q.getIndex());
  }

  /// The correlated conjuncts over the row of both sides.
  private static List<RexNode> conjunctsOver(
      RelNode left,
      Inner inner,
      Operation.SubPlan subPlan,
      List<RexNode> arguments,
      RexBuilder rex) {
    int width = left.getRowType().getFieldCount();
    RexShuttle shift =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return rex.makeInputRef(ref.getType(), ref.getIndex() + width);
          }

          @Override
          public RexNode visitDynamicParam(RexDynamicParam parameter) {
            int place = subPlan.slots().indexOf(parameter.getIndex());
            return place < 0 ? parameter : arguments.get(place);
          }
        };
    List<RexNode> out = new ArrayList<>();
    for (RexNode conjunct : inner.correlated) {
      out.add(conjunct.accept(shift));
    }
    return out;
  }

  private RelNode joined(
      RelNode left, Inner inner, List<RexNode> conjuncts, JoinRelType kind, RexBuilder rex) {
    return LogicalJoin.create(
        left,
        rewrite(inner.rel),
        List.of(),
        RexUtil.composeConjunction(rex, conjuncts),
        Set.of(),
        kind);
  }
}
