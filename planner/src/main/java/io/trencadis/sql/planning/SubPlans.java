package io.trencadis.sql.planning;

import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.ShapeRels;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.rel.SourceRels;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;

/// Questions about sub-selects inside expressions.
final class SubPlans {
  private SubPlans() {}

  /// Whether the expression has a sub-select in it.
  static boolean isIn(RexNode node) {
    return node instanceof RexCall call
        && ((call.getOperator() instanceof PgCall pg && pg.operation() instanceof Operation.SubPlan)
            || call.getOperands().stream().anyMatch(SubPlans::isIn));
  }

  /// What an expression costs to evaluate, roughly: 0 without a sub-select, 1 with one that is run
  /// once, 2 with one that is run for every row.
  static int rank(RexNode node) {
    if (!(node instanceof RexCall call)) {
      return 0;
    }
    int own =
        call.getOperator() instanceof PgCall pg && pg.operation() instanceof Operation.SubPlan inner
            ? inner.tests().size() < call.getOperands().size() ? 2 : 1
            : 0;
    return Math.max(own, call.getOperands().stream().mapToInt(SubPlans::rank).max().orElse(0));
  }

  /// The outer slots that a tree reads and does not set itself: what its result depends on besides
  /// the data.
  static Set<Integer> freeSlots(RelNode rel, SlotTable slots) {
    Set<Integer> read = new HashSet<>();
    Set<Integer> set = new HashSet<>();
    collect(rel, slots, read, set);
    read.removeAll(set);
    return read;
  }

  private static void collect(RelNode rel, SlotTable slots, Set<Integer> read, Set<Integer> set) {
    RexShuttle shuttle =
        new RexShuttle() {
          @Override
          public RexNode visitDynamicParam(RexDynamicParam parameter) {
            if (slots.get(parameter.getIndex()) instanceof Slot.Outer) {
              read.add(parameter.getIndex());
            }
            return parameter;
          }

          @Override
          public RexNode visitCall(RexCall call) {
            if (call.getOperator() instanceof PgCall pg
                && pg.operation() instanceof Operation.SubPlan inner) {
              set.addAll(inner.slots());
              collect(inner.plan(), slots, read, set);
            }
            return super.visitCall(call);
          }
        };
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, RelNode parent) {
        if (node instanceof ShapeRels.Apply apply) {
          set.addAll(apply.slots());
        }
        expressions(node, expression -> expression.accept(shuttle));
        super.visit(node, ordinal, parent);
      }
    }.go(rel);
  }

  /// Whether a sub-select gives the same each time its own slots have the same values while one
  /// statement runs.
  static boolean isRepeatable(RelNode rel, Set<Integer> own, SlotTable slots) {
    return own.containsAll(freeSlots(rel, slots)) && isStable(rel);
  }

  private static boolean isStable(RelNode rel) {
    boolean[] stable = {!(rel instanceof SourceRels.Work || rel instanceof ShapeRels.LockRows)};
    expressions(
        rel,
        expression -> {
          stable[0] &= RexUtil.isDeterministic(expression);
          expression.accept(
              new RexShuttle() {
                @Override
                public RexNode visitCall(RexCall call) {
                  if (call.getOperator() instanceof PgCall pg
                      && pg.operation() instanceof Operation.SubPlan inner) {
                    stable[0] &= isStable(inner.plan());
                  }
                  return super.visitCall(call);
                }
              });
        });
    for (RelNode input : rel.getInputs()) {
      stable[0] &= isStable(input);
    }
    return stable[0];
  }

  /// Tells the expressions of one node.
  private static void expressions(RelNode node, Consumer<RexNode> to) {
    switch (node) {
      case ShapeRels.Apply apply -> {
        apply.arguments().forEach(to);
        if (apply.condition() != null) {
          to.accept(apply.condition());
        }
      }
      case ShapeRels.ProjectSet project -> project.expressions().forEach(to);
      case ShapeRels.Window window ->
          window.calls().forEach(call -> call.expressions().forEach(to));
      case ShapeRels.Limit limit -> {
        if (limit.offset() != null) {
          to.accept(limit.offset());
        }
        if (limit.fetch() != null) {
          to.accept(limit.fetch());
        }
      }
      case SourceRels.Rows rows -> rows.rows().forEach(row -> row.forEach(to));
      case SourceRels.Functions functions -> functions.calls().forEach(to);
      case Filter filter -> to.accept(filter.getCondition());
      case Project project -> project.getProjects().forEach(to);
      case Join join -> to.accept(join.getCondition());
      // The rest has columns only.
      default -> {}
    }
  }
}
