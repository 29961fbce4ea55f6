package io.trencadis.sql.analyze;

import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.ShapeRels;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/// Moves set-returning calls out of expressions into a node below, which passes its input through.
/// Those that stand within others have a node of their own further below, so that the sets of one
/// depth run side by side.
final class SetColumns extends RexShuttle {
  private final Analysis analysis;
  private final RelNode input;
  private final List<RexNode> calls = new ArrayList<>();

  private SetColumns(Analysis analysis, RelNode input) {
    this.analysis = analysis;
    this.input = input;
  }

  static boolean isIn(RexNode node) {
    return node instanceof RexCall call
        && (isSet(call) || call.getOperands().stream().anyMatch(SetColumns::isIn));
  }

  private static boolean isSet(RexCall call) {
    return call.getOperator() instanceof PgCall pg
        && pg.operation() instanceof Operation.SetReturning;
  }

  /// @param values over the rows of the input; each is replaced by what it is over the result's
  /// @return the input, if none of the values has a set in it
  static RelNode moved(Analysis analysis, RelNode input, List<RexNode> values) {
    RelNode rel = input;
    while (values.stream().anyMatch(SetColumns::isIn)) {
      SetColumns innermost = new SetColumns(analysis, rel);
      values.replaceAll(value -> value.accept(innermost));
      rel = innermost.build();
    }
    return rel;
  }

  @Override
  public RexNode visitCall(RexCall call) {
    if (!isSet(call) || call.getOperands().stream().anyMatch(SetColumns::isIn)) {
      return super.visitCall(call);
    }
    int known = calls.indexOf(call);
    if (known < 0) {
      known = calls.size();
      calls.add(call);
    }
    return analysis.rex().makeInputRef(call.getType(), width() + known);
  }

  private int width() {
    return input.getRowType().getFieldCount();
  }

  private RelNode build() {
    var builder = analysis.cluster().getTypeFactory().builder();
    builder.addAll(input.getRowType().getFieldList());
    List<RexNode> expressions = new ArrayList<>();
    for (int i = 0; i < width(); i++) {
      expressions.add(analysis.rex().makeInputRef(input, i));
    }
    for (int i = 0; i < calls.size(); i++) {
      builder.add("set" + width() + "_" + i, calls.get(i).getType());
      expressions.add(calls.get(i));
    }
    return new ShapeRels.ProjectSet(
        analysis.cluster(),
        analysis.cluster().traitSetOf(Convention.NONE),
        input,
        expressions,
        builder.build());
  }
}
