package io.trencadis.sql.analyze;

import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.functions.CollatedFunctions;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.rel.CollationRules;
import io.trencadis.sql.rel.Operation;
import java.util.List;
import org.apache.calcite.rex.RexNode;

/// Tells calls by which collation their operands are compared.
final class CollatedCalls {
  private CollatedCalls() {}

  /// The operation over operands of a collation.
  ///
  /// @throws io.trencadis.base.SqlException 42P21, 42P22
  static Operation of(Operation operation, List<RexNode> operands) {
    if (!isCollated(operands)) {
      return operation;
    }
    return switch (operation) {
      case Operation.Function function ->
          new Operation.Function(of(function.call(), operands), function.operator());
      case Operation.Quantified test ->
          new Operation.Quantified(of(test.operator(), operands), test.all());
      case Operation.NullIf test -> new Operation.NullIf(of(test.equality(), operands));
      case Operation.Distinct test ->
          new Operation.Distinct(of(test.equality(), operands), test.negated());
      default -> operation;
    };
  }

  /// The call over operands of a collation.
  static ResolvedCall of(ResolvedCall call, List<RexNode> operands) {
    if (!isCollated(operands)) {
      return call;
    }
    Collation collation = CollationRules.derive(operands);
    if (collation != null && collation.isConflict()) {
      String purpose = CollatedFunctions.purpose(call.proc());
      if (purpose != null) {
        throw CollationRules.indeterminate(purpose);
      }
    }
    return call.withCollation(collation);
  }

  /// The two sides of a comparison, brought to one collation.
  static List<RexNode> compared(Analysis analysis, List<RexNode> sides) {
    if (!isCollated(sides)) {
      return sides;
    }
    Collation collation = CollationRules.derive(sides);
    if (collation != null && collation.isConflict()) {
      throw CollationRules.indeterminate("string comparison");
    }
    return sides.stream()
        .map(side -> CollationRules.under(analysis.rex(), side, collation))
        .toList();
  }

  private static boolean isCollated(List<RexNode> nodes) {
    for (RexNode node : nodes) {
      if (CollationRules.of(node) != null) {
        return true;
      }
    }
    return false;
  }
}
