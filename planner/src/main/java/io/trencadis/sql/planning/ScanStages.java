package io.trencadis.sql.planning;

import io.trencadis.sql.execute.TableScanNode;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexNode;

/// Compiles the conjuncts of a scan's filter, and says in which order they are best checked. Not
/// thread-safe.
final class ScanStages {
  private final SlotTable slots;
  private final RexCompiler expressions;
  private final BatchCompiler batches;
  private final SubPlanCompiler subPlans;

  ScanStages(
      SlotTable slots, RexCompiler expressions, BatchCompiler batches, SubPlanCompiler subPlans) {
    this.subPlans = subPlans;
    this.slots = slots;
    this.expressions = expressions;
    this.batches = batches;
  }

  /// First comparisons of columns with something known, those of columns that are decoded quickly
  /// before others; the rest as it is written.
  static List<RexNode> ordered(List<RexNode> conjuncts) {
    List<RexNode> ordered = new ArrayList<>(conjuncts);
    ordered.sort(Comparator.comparingInt(ScanStages::effort));
    return ordered;
  }

  List<TableScanNode.Stage> of(List<RexNode> conjuncts) {
    List<TableScanNode.Stage> stages = new ArrayList<>();
    for (RexNode conjunct : ordered(conjuncts)) {
      SubPlanCompiler.Compiled compiled = subPlans.condition(conjunct, expressions, batches);
      stages.add(
          new TableScanNode.Stage(
              RelOptUtil.InputFinder.bits(conjunct).toArray(),
              compiled.rows(),
              compiled.batches(),
              readsOuter(conjunct)));
    }
    return stages;
  }

  private static int effort(RexNode conjunct) {
    Sarg sarg = Sarg.of(conjunct).orElse(null);
    if (sarg == null || !(sarg.value() instanceof RexDynamicParam || isConstant(sarg.value()))) {
      return 3;
    }
    PgType type = PgRelType.of(sarg.value().getType());
    return type == Types.NUMERIC ? 1 : type.typlen() > 0 ? 0 : 2;
  }

  /// Whether an expression is computed from constants and parameters only.
  private static boolean isConstant(RexNode node) {
    return node instanceof RexCall call
        && call.getOperands().stream()
            .allMatch(each -> each instanceof RexDynamicParam || isConstant(each))
        && PartialGroups.isSafe(node);
  }

  /// Whether an expression reads a row of another input.
  boolean readsOuter(RexNode node) {
    return switch (node) {
      case RexDynamicParam parameter -> slots.get(parameter.getIndex()) instanceof Slot.Outer;
      case RexCall call -> call.getOperands().stream().anyMatch(this::readsOuter);
      default -> false;
    };
  }
}
