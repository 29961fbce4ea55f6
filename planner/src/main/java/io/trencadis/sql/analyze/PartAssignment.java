package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/// Assignments to parts of a column: elements and slices of arrays.
///
/// @param subscripts as written, outermost first
record PartAssignment(Column column, List<Expr.Subscript> subscripts, int pos) {
  /// What the target assigns to; null for a whole column.
  ///
  /// @throws SqlException 42804 for a column that is no array
  static PartAssignment of(Column column, Statement.ColumnTarget target) {
    if (target.indirection().isEmpty()) {
      return null;
    }
    List<Expr.Subscript> subscripts = new ArrayList<>();
    for (Expr part : target.indirection()) {
      for (Expr at = part; at != null; ) {
        if (!(at instanceof Expr.Subscript subscript)) {
          throw SqlException.notSupported("assignment to a field of a column").at(target.pos());
        }
        subscripts.add(subscript);
        at = subscript.base();
      }
    }
    PgType type = Types.byOid(column.typeOid());
    if (type.baseType() == Types.JSONB) {
      throw SqlException.notSupported("subscripts of jsonb").at(target.pos());
    }
    if (!type.baseType().isArray()) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "cannot subscript type "
                  + type.displayName()
                  + " because it does not support subscripting")
          .at(target.pos());
    }
    return new PartAssignment(column, subscripts, target.pos());
  }

  private boolean isSlice() {
    return subscripts.stream().anyMatch(Expr.Subscript::slice);
  }

  private PgType array() {
    return Types.byOid(column.typeOid()).baseType();
  }

  /// The type of the assigned value.
  RelDataType type() {
    return PgTypeFactory.of(isSlice() ? array() : array().elementType(), column.typmod());
  }

  /// The assigned value as one of that type.
  RexNode value(RexNode node, ExpressionAnalyzer expressions, int valuePos) {
    PgType wanted = isSlice() ? array() : array().elementType();
    PgType source = Analysis.typeOf(node);
    if (!Casts.exists(source, wanted, CastContext.ASSIGNMENT)) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "subscripted assignment to \""
                  + column.name()
                  + "\" requires type "
                  + wanted.displayName()
                  + " but expression is of type "
                  + source.displayName())
          .at(valuePos)
          .hint("You will need to rewrite or cast the expression.");
    }
    return expressions
        .conversions()
        .cast(node, wanted, column.typmod(), CastContext.ASSIGNMENT, valuePos);
  }

  /// The whole column after the assignment.
  ///
  /// @param before the column's value, or null where there is none yet
  /// @param value already of [#type]
  RexNode whole(RexNode before, RexNode value, Analysis analysis, ExpressionAnalyzer expressions) {
    List<RexNode> operands = new ArrayList<>();
    PgType own = Types.byOid(column.typeOid());
    RexNode base = before == null ? analysis.nullOf(array()) : before;
    operands.add(base);
    operands.add(value);
    List<Boolean> present = new ArrayList<>();
    for (Expr.Subscript subscript : subscripts) {
      boolean low = subscript.lower() != null;
      if (isSlice()) {
        present.add(low || !subscript.slice());
        operands.add(
            low
                ? expressions.index(subscript.lower())
                : subscript.slice() ? analysis.nullOf(Types.INT4) : analysis.fixed(1, Types.INT4));
        present.add(subscript.upper() != null);
      }
      operands.add(
          subscript.upper() != null
              ? expressions.index(subscript.upper())
              : analysis.nullOf(Types.INT4));
    }
    RexNode whole =
        analysis
            .rex()
            .makeCall(
                PgTypeFactory.of(array(), column.typmod()),
                new PgCall(new Operation.AssignPart(array().elementType().oid(), present)),
                operands);
    return own == array() || !own.hasRules()
        ? whole
        : expressions.conversions().checked(whole, own, CastContext.ASSIGNMENT);
  }
}
