package io.trencadis.sql.planning;

import io.trencadis.base.SqlException;
import io.trencadis.sql.functions.Builtins;
import io.trencadis.sql.functions.EvalContext;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.Slot;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexNode;

/// Values of expressions that are known while a statement is planned: its literals, and immutable
/// functions of them. For estimates alone: a plan also serves statements with other literals.
final class KnownValues {
  private KnownValues() {}

  /// The value, or null where it is not known, is NULL or cannot be computed.
  static Object of(RexNode node, List<Slot> slots) {
    try {
      return value(node, slots);
    } catch (SqlException e) {
      // The statement will say so when it runs, if it comes to that.
      return null;
    }
  }

  private static Object value(RexNode node, List<Slot> slots) {
    if (node instanceof RexDynamicParam slot) {
      return slot.getIndex() < slots.size()
              && slots.get(slot.getIndex()) instanceof Slot.Constant constant
          ? constant.value()
          : null;
    }
    if (!(node instanceof RexCall call) || !(call.getOperator() instanceof PgCall pg)) {
      return null;
    }
    Object[] operands = new Object[call.getOperands().size()];
    for (int i = 0; i < operands.length; i++) {
      operands[i] = value(call.getOperands().get(i), slots);
      if (operands[i] == null) {
        return null;
      }
    }
    return switch (pg.operation()) {
      case Operation.Function function when function.call().proc().immutable() ->
          Builtins.bind(function.call()).invoke(operands, EvalContext.NONE);
      case Operation.Convert convert when convert.cast().volatility() == 'i' ->
          convert.cast().apply(operands[0], EvalContext.NONE);
      case Operation.Relabel _, Operation.Collate _ -> operands[0];
      case Operation.Moment moment -> Moments.value(moment, operands[0]);
      default -> null;
    };
  }
}
