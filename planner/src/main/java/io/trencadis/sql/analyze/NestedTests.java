package io.trencadis.sql.analyze;

import io.trencadis.sql.rel.PgTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;

/// `(a IS NULL) IS UNKNOWN` and its like. Stateless.
final class NestedTests {
  private NestedTests() {}

  /// The operand of a test: where it is a test itself, with a type that says that it is never null,
  /// which Calcite's simplifier takes for granted of such calls.
  static RexNode certain(RexBuilder rex, RexNode operand) {
    return switch (operand.getKind()) {
      case IS_NULL, IS_NOT_NULL, IS_TRUE, IS_NOT_TRUE, IS_FALSE, IS_NOT_FALSE -> {
        RexCall test = (RexCall) operand;
        yield rex.makeCall(
            PgTypeFactory.INSTANCE.createSqlType(SqlTypeName.BOOLEAN),
            test.getOperator(),
            test.getOperands());
      }
      default -> operand;
    };
  }
}
