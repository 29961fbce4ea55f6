package io.trencadis.sql.planning;

import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/// Whether a query's condition implies a partial index's. Says no where it cannot tell.
final class Implication {
  private Implication() {}

  /// @param conjuncts of the query's condition
  /// @param predicate of the index, or null for all rows
  static boolean holds(List<RexNode> conjuncts, RexNode predicate) {
    return predicate == null
        || RelOptUtil.conjunctions(predicate).stream()
            .allMatch(wanted -> implied(conjuncts, wanted));
  }

  private static boolean implied(List<RexNode> conjuncts, RexNode wanted) {
    if (conjuncts.contains(wanted)) {
      return true;
    }
    if (wanted.getKind() == SqlKind.OR) {
      return ((RexCall) wanted)
          .getOperands().stream().anyMatch(operand -> holds(conjuncts, operand));
    }
    if (wanted.getKind() == SqlKind.IS_NOT_NULL) {
      RexNode value = ((RexCall) wanted).getOperands().getFirst();
      return conjuncts.stream().anyMatch(conjunct -> isFalseForNull(conjunct, value));
    }
    return false;
  }

  /// Whether a comparison has the value as a side: it does not hold where that is null.
  private static boolean isFalseForNull(RexNode conjunct, RexNode value) {
    return switch (conjunct.getKind()) {
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          ((RexCall) conjunct).getOperands().contains(value);
      default -> false;
    };
  }
}
