package io.trencadis.sql.planning;

import io.trencadis.sql.execute.BatchCondition;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.SubPlanEval;
import io.trencadis.sql.execute.TableScanNode;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// Compiles sub-selects in expressions. Not thread-safe.
final class SubPlanCompiler {
  /// Types in which equal values are the same in every respect.
  private static final Set<PgType> EXACT =
      Set.of(Types.INT2, Types.INT4, Types.INT8, Types.DATE, Types.TEXT, Types.VARCHAR, Types.BOOL);

  private final PlanCompiler plans;
  private final QueryPlanner planner;
  private final SlotTable slots;
  private boolean any;

  /// Those that were compiled as parts of the expressions being compiled.
  private List<SubPlanEval> made = new ArrayList<>();

  /// What the sub-select being compiled reads of outer rows.
  private Set<Integer> outer = Set.of();

  /// Scans in the sub-select being compiled whose keys are known with the outer row.
  private List<TableScanNode> keyed = new ArrayList<>();

  SubPlanCompiler(PlanCompiler plans, QueryPlanner planner, SlotTable slots) {
    this.plans = plans;
    this.planner = planner;
    this.slots = slots;
  }

  /// Whether any of the expressions compiled so far has a sub-select.
  boolean areAny() {
    return any;
  }

  Eval compile(Operation.SubPlan subPlan, RexCall call) {
    any = true;
    List<SubPlanEval> outerMade = made;
    List<TableScanNode> outerKeyed = keyed;
    Set<Integer> outerOuter = outer;
    made = new ArrayList<>();
    keyed = new ArrayList<>();
    outer = Set.copyOf(subPlan.slots());
    SubPlanEval eval = compiled(subPlan, call);
    made = outerMade;
    keyed = outerKeyed;
    outer = outerOuter;
    made.add(eval);
    return eval;
  }

  private SubPlanEval compiled(Operation.SubPlan subPlan, RexCall call) {
    RelNode physical = planner.optimize(subPlan.plan());
    PlanNode plan =
        plans.compileAside(
            physical,
            subPlan.kind() == Operation.SubPlanKind.EXISTS
                ? new BitSet()
                : RelColumns.all(physical));
    int tests = subPlan.tests().size();
    List<RexNode> operands = call.getOperands();
    List<RexNode> arguments = operands.subList(tests, operands.size());
    PgType result = PgRelType.of(call.getType());
    return new SubPlanEval(
        SubPlanEval.Kind.valueOf(subPlan.kind().name()),
        plan,
        subPlan.slots().stream().mapToInt(Integer::intValue).toArray(),
        plans.expressions().compile(arguments),
        plans.expressions().compile(operands.subList(0, tests)),
        SubPlanTests.compile(subPlan),
        SubPlanTests.hashCodecs(subPlan, operands.subList(0, tests)),
        result.isArray() ? result.elementType() : null,
        SubPlans.freeSlots(subPlan.plan(), slots).isEmpty(),
        remembering(subPlan, arguments),
        ahead(subPlan, arguments));
  }

  /// Codecs of the arguments, or null where the plan may give something else for the same ones.
  private TypeCodec[] remembering(Operation.SubPlan subPlan, List<RexNode> arguments) {
    if (!isRepeatable(subPlan)) {
      return null;
    }
    TypeCodec[] codecs = new TypeCodec[arguments.size()];
    for (int i = 0; i < codecs.length; i++) {
      PgType type = PgRelType.of(arguments.get(i).getType());
      codecs[i] = type.codec();
      if (!EXACT.contains(type)) {
        return null;
      }
    }
    return codecs;
  }

  private boolean isRepeatable(Operation.SubPlan subPlan) {
    return SubPlans.isRepeatable(subPlan.plan(), Set.copyOf(subPlan.slots()), slots);
  }

  // ---- reading for many outer rows at once

  /// A scan has been compiled.
  ///
  /// @param condition all that is asked of its rows, or null
  void compiled(TableScanNode node, RexNode condition) {
    if (!outer.isEmpty() && condition != null && node.joinsBatches()) {
      Set<Integer> read = outerSlots(condition);
      if (!read.isEmpty() && outer.containsAll(read)) {
        keyed.add(node);
      }
    }
  }

  private Set<Integer> outerSlots(RexNode node) {
    return switch (node) {
      case RexDynamicParam parameter ->
          slots.get(parameter.getIndex()) instanceof Slot.Outer
              ? Set.of(parameter.getIndex())
              : Set.of();
      case RexCall call -> {
        Set<Integer> all = new HashSet<>();
        call.getOperands().forEach(operand -> all.addAll(outerSlots(operand)));
        yield all;
      }
      default -> Set.of();
    };
  }

  /// The scan that reads for many outer rows at once, or null. Where only the first row is looked
  /// for, that would be too much.
  private SubPlanEval.Ahead ahead(Operation.SubPlan subPlan, List<RexNode> arguments) {
    boolean readsAll =
        subPlan.kind() == Operation.SubPlanKind.SCALAR
            || subPlan.kind() == Operation.SubPlanKind.ARRAY;
    if (!readsAll
        || keyed.size() != 1
        || !isRepeatable(subPlan)
        || !arguments.stream().allMatch(RexInputRef.class::isInstance)) {
      return null;
    }
    return new SubPlanEval.Ahead(
        keyed.getFirst(),
        arguments.stream().mapToInt(each -> ((RexInputRef) each).getIndex()).toArray());
  }

  /// A condition for batches, whose sub-selects read for all rows of a batch at once. There is none
  /// where somebody might notice the order in which the condition's parts are evaluated.
  Compiled condition(RexNode condition, RexCompiler rows, BatchCompiler batches) {
    List<SubPlanEval> outerMade = made;
    made = new ArrayList<>();
    Eval compiled = rows.compile(condition);
    List<SubPlanEval> ahead = made.stream().filter(SubPlanEval::readsAhead).toList();
    outerMade.addAll(made);
    made = outerMade;
    BatchCondition inBatches = batches.condition(condition, compiled);
    if (inBatches == null
        && !ahead.isEmpty()
        && PartialGroups.isSafe(condition, this::isRepeatable)) {
      int[] columns = RelOptUtil.InputFinder.bits(condition).toArray();
      inBatches = SubPlanEval.ahead(ahead, compiled, columns);
    }
    return new Compiled(compiled, inBatches);
  }

  /// A condition for rows and for batches.
  ///
  /// @param batches null where it has to be asked row by row
  record Compiled(Eval rows, BatchCondition batches) {}
}
