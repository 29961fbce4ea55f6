package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;
import org.apache.calcite.rex.RexNode;

/// `value operator ANY (array)` and ALL.
final class QuantifiedArrays {
  private QuantifiedArrays() {}

  static RexNode of(Expr.QuantifiedArray quantified, ExpressionAnalyzer expressions, Names names) {
    RexNode left = expressions.analyze(quantified.left());
    RexNode array = expressions.analyze(quantified.array());
    PgType arrayType = Analysis.typeOf(array);
    String symbol = quantified.operator().symbol();
    if (arrayType == Types.UNKNOWN) {
      // An untyped literal or parameter is an array of the left operand's type.
      PgType element = Analysis.typeOf(left) == Types.UNKNOWN ? Types.TEXT : Analysis.typeOf(left);
      array = expressions.coerce(array, element.arrayType(), quantified.array().pos());
      arrayType = element.arrayType();
    }
    if (!arrayType.isArray()) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE, "op ANY/ALL (array) requires array on right side")
          .at(quantified.pos());
    }
    try {
      ResolvedCall call =
          ExtensionOperators.operator(
              names, symbol, Analysis.typeOf(left), arrayType.elementType());
      if (call.resultType() != Types.BOOL) {
        throw new SqlException(
            SqlState.WRONG_OBJECT_TYPE, "op ANY/ALL (array) requires operator to yield boolean");
      }
      PgType element = call.argTypes().get(1);
      RexNode coerced =
          element == arrayType.elementType() || element.arrayType() == null || element.isPseudo()
              ? array
              : expressions.coerce(array, element.arrayType(), quantified.pos());
      return expressions.call(
          new Operation.Quantified(call, quantified.all()),
          PgTypeFactory.of(Types.BOOL),
          List.of(expressions.coerce(left, call.argTypes().get(0), quantified.pos()), coerced));
    } catch (SqlException e) {
      throw e.at(quantified.pos());
    }
  }
}
