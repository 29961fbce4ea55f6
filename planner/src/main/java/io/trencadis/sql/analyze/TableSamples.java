package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexNode;

/// TABLESAMPLE (PostgreSQL 15 manual, SELECT). A sample is a condition on each row that looks at
/// nothing but its key and the seed, so that it does not matter when it is asked.
final class TableSamples {
  private TableSamples() {}

  static SqlException noTable(int pos) {
    return new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED,
            "TABLESAMPLE clause can only be applied to tables and materialized views")
        .at(pos);
  }

  /// @param expressions what the percentage and the seed are analyzed with
  static RexNode condition(
      TableRef.Sample sample, RexNode locator, ExpressionAnalyzer expressions) {
    String method = sample.method().name();
    String schema = sample.method().schema();
    boolean blocks = method.equals("system");
    boolean known = blocks || method.equals("bernoulli");
    if (!known || (schema != null && !schema.equals("pg_catalog"))) {
      throw new SqlException(
              SqlState.UNDEFINED_OBJECT,
              "tablesample method "
                  + (schema == null ? "" : schema + ".")
                  + method
                  + " does not exist")
          .at(sample.method().pos());
    }
    if (sample.args().size() != 1) {
      throw new SqlException(
              SqlState.INVALID_TABLESAMPLE_ARGUMENT,
              "tablesample method " + method + " requires 1 argument, not " + sample.args().size())
          .at(sample.method().pos());
    }
    List<RexNode> operands = new ArrayList<>();
    operands.add(locator);
    operands.add(operand(sample.args().getFirst(), Types.FLOAT4, "TABLESAMPLE", expressions));
    if (sample.seed() != null) {
      operands.add(operand(sample.seed(), Types.FLOAT8, "REPEATABLE", expressions));
    }
    return expressions.call(
        new Operation.Sampled(blocks, sample.pos()), PgTypeFactory.of(Types.BOOL), operands);
  }

  private static RexNode operand(
      Expr expr, PgType type, String clause, ExpressionAnalyzer expressions) {
    return expressions
        .conversions()
        .coerceAssigned(
            expressions.analyze(expr),
            PgTypeFactory.of(type),
            expr.pos(),
            "argument of " + clause + " must be type " + type.displayName() + ", not type ");
  }
}
