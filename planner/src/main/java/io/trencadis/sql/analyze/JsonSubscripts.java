package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexNode;

/// Analyzes subscripts of jsonb: keys of objects and places in arrays (PostgreSQL 15 manual,
/// 8.14.5).
final class JsonSubscripts {
  private final Analysis analysis;
  private final ExpressionAnalyzer expressions;

  JsonSubscripts(Analysis analysis, ExpressionAnalyzer expressions) {
    this.analysis = analysis;
    this.expressions = expressions;
  }

  /// `base[a][b]`.
  RexNode part(RexNode base, List<Expr.Subscript> subscripts) {
    List<RexNode> operands = new ArrayList<>();
    operands.add(base);
    operands.addAll(path(subscripts));
    return expressions.call(new Operation.JsonPart(), PgTypeFactory.of(Types.JSONB), operands);
  }

  /// The jsonb value after `base[a][b] = value`.
  RexNode assigned(RexNode base, RexNode value, List<Expr.Subscript> subscripts) {
    List<RexNode> operands = new ArrayList<>();
    operands.add(base);
    operands.add(value);
    operands.addAll(path(subscripts));
    return expressions.call(new Operation.AssignJson(), PgTypeFactory.of(Types.JSONB), operands);
  }

  private List<RexNode> path(List<Expr.Subscript> subscripts) {
    List<RexNode> path = new ArrayList<>();
    for (Expr.Subscript subscript : subscripts) {
      if (subscript.slice()) {
        Expr bound = subscript.lower() != null ? subscript.lower() : subscript.upper();
        SqlException error =
            new SqlException(SqlState.DATATYPE_MISMATCH, "jsonb subscript does not support slices");
        throw bound == null ? error : error.at(bound.pos());
      }
      path.add(key(subscript.upper()));
    }
    return path;
  }

  private RexNode key(Expr expr) {
    RexNode value = expressions.analyze(expr);
    PgType type = Analysis.typeOf(value);
    if (type == Types.UNKNOWN) {
      return expressions.coerce(value, Types.TEXT, expr.pos());
    }
    boolean integer = Casts.exists(type, Types.INT4, CastContext.IMPLICIT);
    boolean text = Casts.exists(type, Types.TEXT, CastContext.IMPLICIT);
    if (integer == text) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "subscript type " + type.displayName() + " is not supported")
          .hint(
              integer
                  ? "jsonb subscript must be coercible to only one type, integer or text."
                  : "jsonb subscript must be coercible to either integer or text.")
          .at(expr.pos());
    }
    return expressions.coerce(value, integer ? Types.INT4 : Types.TEXT, expr.pos());
  }
}
