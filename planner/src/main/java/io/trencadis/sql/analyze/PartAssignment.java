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
import io.trencadis.sql.types.RowField;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;

/// Assignments to parts of a column: elements and slices of arrays, fields of composite types,
/// members of jsonb, and parts of these.
///
/// @param steps from the column to the part
record PartAssignment(Column column, List<Step> steps, int pos) {
  /// One step into a value.
  ///
  /// @param type of the value that the step goes into, its domains looked through
  /// @param field the place of a field, or -1
  /// @param subscripts of an array or of jsonb, outermost first; empty for a field
  /// @param partType of what the step leads to
  private record Step(
      PgType whole,
      PgType type,
      int typmod,
      int field,
      List<Expr.Subscript> subscripts,
      PgType partType,
      int partTypmod) {
    boolean isSlice() {
      return subscripts.stream().anyMatch(Expr.Subscript::slice);
    }
  }

  /// What the target assigns to; null for a whole column.
  ///
  /// @throws SqlException 42804 for a column that has no such parts
  static PartAssignment of(Column column, Statement.ColumnTarget target) {
    if (target.indirection().isEmpty()) {
      return null;
    }
    List<Expr> parts = new ArrayList<>();
    for (Expr part : target.indirection()) {
      int first = parts.size();
      for (Expr at = part; at != null; ) {
        parts.add(first, at);
        at = at instanceof Expr.Subscript subscript ? subscript.base() : base(at);
      }
    }
    List<Step> steps = new ArrayList<>();
    PgType type = Types.byOid(column.typeOid());
    int typmod = column.typmod();
    for (int i = 0; i < parts.size(); ) {
      if (parts.get(i) instanceof Expr.FieldAccess access) {
        steps.add(fieldStep(type, typmod, access, column, target.pos()));
        i++;
      } else {
        List<Expr.Subscript> subscripts = new ArrayList<>();
        while (i < parts.size() && parts.get(i) instanceof Expr.Subscript subscript) {
          subscripts.add(subscript);
          i++;
        }
        steps.add(subscriptStep(type, typmod, subscripts, target.pos()));
      }
      type = steps.getLast().partType;
      typmod = steps.getLast().partTypmod;
    }
    return new PartAssignment(column, steps, target.pos());
  }

  private static Expr base(Expr part) {
    return part instanceof Expr.FieldAccess access ? access.base() : null;
  }

  private static Step fieldStep(
      PgType whole, int typmod, Expr.FieldAccess access, Column column, int pos) {
    if (access.field() == null) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED, "row expansion via \"*\" is not supported here")
          .at(pos);
    }
    PgType type = whole.baseType();
    if (!type.isRow()) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "cannot assign to field \""
                  + access.field()
                  + "\" of column \""
                  + column.name()
                  + "\" because its type "
                  + whole.displayName()
                  + " is not a composite type")
          .at(pos);
    }
    int field = type.fieldIndex(access.field());
    if (field < 0) {
      throw new SqlException(
              SqlState.UNDEFINED_COLUMN,
              "cannot assign to field \""
                  + access.field()
                  + "\" of column \""
                  + column.name()
                  + "\" because there is no such column in data type "
                  + whole.displayName())
          .at(pos);
    }
    RowField found = type.fields().get(field);
    return new Step(whole, type, typmod, field, List.of(), type.fieldType(field), found.typmod());
  }

  private static Step subscriptStep(
      PgType whole, int typmod, List<Expr.Subscript> subscripts, int pos) {
    PgType type = whole.baseType();
    boolean slice = subscripts.stream().anyMatch(Expr.Subscript::slice);
    if (type == Types.JSONB) {
      return new Step(whole, type, typmod, -1, subscripts, type, -1);
    }
    if (!type.isArray()) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "cannot subscript type "
                  + whole.displayName()
                  + " because it does not support subscripting")
          .at(pos);
    }
    return new Step(whole, type, typmod, -1, subscripts, slice ? type : type.elementType(), typmod);
  }

  /// What PostgreSQL calls the part where DEFAULT is not allowed for it.
  String kind() {
    return steps.getFirst().field >= 0 ? "a subfield" : "an array element";
  }

  /// The type of the assigned value.
  RelDataType type() {
    return PgTypeFactory.of(steps.getLast().partType, steps.getLast().partTypmod);
  }

  /// The assigned value as one of that type.
  RexNode value(RexNode node, ExpressionAnalyzer expressions, int valuePos) {
    Step last = steps.getLast();
    PgType wanted = last.partType;
    PgType source = Analysis.typeOf(node);
    if (!Casts.exists(source, wanted, CastContext.ASSIGNMENT)) {
      String name = last.field < 0 ? column.name() : last.type.fields().get(last.field).name();
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              (last.field < 0 ? "subscripted assignment to \"" : "subfield \"")
                  + name
                  + (last.field < 0 ? "\" requires type " : "\" is of type ")
                  + wanted.displayName()
                  + " but expression is of type "
                  + source.displayName())
          .at(valuePos)
          .hint("You will need to rewrite or cast the expression.");
    }
    return expressions
        .conversions()
        .cast(node, wanted, last.partTypmod, CastContext.ASSIGNMENT, valuePos);
  }

  /// The whole column after the assignment.
  ///
  /// @param before the column's value, or null where there is none yet
  /// @param value already of [#type]
  RexNode whole(RexNode before, RexNode value, Analysis analysis, ExpressionAnalyzer expressions) {
    RexNode base = before == null ? analysis.nullOf(steps.getFirst().type) : before;
    return assigned(0, base, value, analysis, expressions);
  }

  private RexNode assigned(
      int at, RexNode base, RexNode value, Analysis analysis, ExpressionAnalyzer expressions) {
    if (at == steps.size()) {
      return value;
    }
    Step step = steps.get(at);
    if (step.whole != step.type) {
      // Several parts of one value are checked together.
      return checked(
          step,
          assignedPlain(at, unchecked(base, step), value, analysis, expressions),
          expressions);
    }
    return assignedPlain(at, base, value, analysis, expressions);
  }

  private static RexNode checked(Step step, RexNode result, ExpressionAnalyzer expressions) {
    return step.whole.hasRules()
        ? expressions.conversions().checked(result, step.whole, CastContext.ASSIGNMENT)
        : result;
  }

  private static RexNode unchecked(RexNode base, Step step) {
    return base instanceof RexCall call
            && call.getOperator() instanceof PgCall pg
            && pg.operation() instanceof Operation.Convert convert
            && convert.targetOid() == step.whole.oid()
            && convert.sourceOid() == step.type.oid()
        ? call.getOperands().getFirst()
        : base;
  }

  private RexNode assignedPlain(
      int at, RexNode base, RexNode value, Analysis analysis, ExpressionAnalyzer expressions) {
    Step step = steps.get(at);
    boolean last = at == steps.size() - 1;
    RexNode result;
    if (step.field >= 0) {
      RexNode part =
          last
              ? value
              : assigned(
                  at + 1,
                  expressions.call(
                      new Operation.Field(step.field),
                      PgTypeFactory.of(step.partType, step.partTypmod),
                      List.of(base)),
                  value,
                  analysis,
                  expressions);
      result =
          expressions.call(
              new Operation.AssignField(step.field),
              PgTypeFactory.of(step.type),
              List.of(base, part));
    } else if (step.type == Types.JSONB) {
      result = new JsonSubscripts(analysis, expressions).assigned(base, value, step.subscripts);
    } else {
      RexNode part = value;
      if (!last) {
        if (step.isSlice()) {
          throw SqlException.notSupported("assignment to parts of a slice").at(pos);
        }
        List<RexNode> place = new ArrayList<>();
        place.add(base);
        step.subscripts.forEach(each -> place.add(expressions.index(each.upper())));
        RexNode element =
            expressions.call(
                new Operation.Subscript(), PgTypeFactory.of(step.partType, step.partTypmod), place);
        part = assigned(at + 1, element, value, analysis, expressions);
      }
      result = elements(step, base, part, analysis, expressions);
    }
    return result;
  }

  private static RexNode elements(
      Step step, RexNode base, RexNode value, Analysis analysis, ExpressionAnalyzer expressions) {
    List<RexNode> operands = new ArrayList<>();
    operands.add(base);
    operands.add(value);
    List<Boolean> present = new ArrayList<>();
    for (Expr.Subscript subscript : step.subscripts) {
      boolean low = subscript.lower() != null;
      if (step.isSlice()) {
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
    return analysis
        .rex()
        .makeCall(
            PgTypeFactory.of(step.type, step.typmod),
            new PgCall(new Operation.AssignPart(step.type.elementType().oid(), present)),
            operands);
  }
}
