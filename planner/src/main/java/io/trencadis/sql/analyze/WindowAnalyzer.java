package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.SortKey;
import io.trencadis.sql.ast.WindowSpec;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.functions.FunctionResolver;
import io.trencadis.sql.functions.RangeDistance;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.rel.CollationRules;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.rel.WindowSpecification;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;

/// Analyzes window function calls and the windows they are over.
final class WindowAnalyzer {
  private final ExpressionAnalyzer expressions;
  private final CallAnalyzer calls;
  private final Scope scope;

  WindowAnalyzer(ExpressionAnalyzer expressions, CallAnalyzer calls, Scope scope) {
    this.expressions = expressions;
    this.calls = calls;
    this.scope = scope;
  }

  /// Whether an expression has a window function call in it.
  static boolean isIn(RexNode node) {
    return node instanceof RexCall call
        && ((call.getOperator() instanceof PgCall pg
                && pg.operation() instanceof Operation.WindowCall)
            || call.getOperands().stream().anyMatch(WindowAnalyzer::isIn));
  }

  RexNode call(Expr.FunctionCall call) {
    List<RexNode> arguments = new ArrayList<>();
    List<String> names = new ArrayList<>();
    Within before = expressions.enter(Within.WINDOW_CALL);
    RexNode filter;
    ResolvedCall resolved;
    try {
      for (Expr.Argument argument : call.args()) {
        arguments.add(expressions.analyze(argument.value()));
        if (argument.name() != null) {
          names.add(argument.name());
        }
      }
      expressions.enter(Within.FILTER);
      filter =
          call.filter() == null
              ? null
              : expressions.booleanOperand(call.filter(), "argument of FILTER");
      resolved =
          FunctionResolver.function(
              call.name().name(), CallAnalyzer.typesOf(arguments), names, call.variadic());
    } catch (SqlException e) {
      throw e.at(call.pos());
    } finally {
      expressions.enter(before);
    }
    require(call, resolved);
    calls.traced(call, resolved);
    requireAllowed(before, call.pos());
    Definition definition = definition(call.over());
    List<RexNode> partitionBy = new ArrayList<>();
    List<RexNode> orderBy = new ArrayList<>();
    List<RelFieldCollation.Direction> directions = new ArrayList<>();
    List<RelFieldCollation.NullDirection> nulls = new ArrayList<>();
    WindowSpecification.Frame frame;
    expressions.enter(Within.WINDOW);
    try {
      for (Expr expr : definition.partitionBy) {
        partitionBy.add(key(expr, "equality"));
      }
      for (SortKey key : definition.orderBy) {
        orderBy.add(key(key.expr(), "ordering"));
        directions.add(SortKeys.direction(key));
        nulls.add(SortKeys.nulls(key));
      }
      frame = frame(definition, orderBy);
    } finally {
      expressions.enter(before);
    }
    List<RexNode> operands = calls.operands(resolved, arguments, call);
    ResolvedCall collated = CollatedCalls.of(resolved, operands);
    WindowSpecification specification =
        new WindowSpecification(
            collated, operands, filter, partitionBy, orderBy, directions, nulls, frame);
    return expressions.call(
        new Operation.WindowCall(specification), CollationRules.result(collated), List.of());
  }

  private RexNode key(Expr expr, String use) {
    RexNode value = expressions.analyze(expr);
    if (Analysis.typeOf(value) == Types.UNKNOWN) {
      value = expressions.coerce(value, Types.TEXT, expr.pos());
    }
    if (use.equals("ordering")) {
      SortKeys.requireOrder(Analysis.typeOf(value), Beginnings.of(expr));
    } else if (!Analysis.typeOf(value).codec().ordered()) {
      throw new SqlException(
              SqlState.UNDEFINED_FUNCTION,
              "could not identify an equality operator for type "
                  + Analysis.typeOf(value).displayName())
          .at(Beginnings.of(expr));
    }
    return value;
  }

  private static void require(Expr.FunctionCall call, ResolvedCall resolved) {
    String name = resolved.proc().name();
    OrderedSetAnalyzer.check(call, resolved, List.of());
    if (!resolved.proc().isWindow() && !resolved.proc().isAggregate()) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE,
              "OVER specified, but " + name + " is not a window function nor an aggregate function")
          .at(call.pos());
    }
    String missing =
        call.distinct()
            ? "DISTINCT is not implemented for window functions"
            : !call.orderBy().isEmpty()
                ? "aggregate ORDER BY is not implemented for window functions"
                : call.filter() != null && !resolved.proc().isAggregate()
                    ? "FILTER is not implemented for non-aggregate window functions"
                    : null;
    CallAnalyzer.requireStarOrArguments(call, resolved);
    if (missing != null) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, missing).at(call.pos());
    }
  }

  private void requireAllowed(Within within, int pos) {
    if (expressions.insideAggregate() && within != Within.FILTER) {
      throw new SqlException(
              SqlState.GROUPING_ERROR,
              "aggregate function calls cannot contain window function calls")
          .at(pos);
    }
    ExpressionAnalyzer.Clause clause = expressions.clause();
    String fault =
        switch (within) {
          case WINDOW_CALL -> "window function calls cannot be nested";
          case WINDOW, ROWS, RANGE, GROUPS ->
              "window functions are not allowed in window definitions";
          case FILTER -> "window functions are not allowed in FILTER";
          case NOTHING ->
              clause == ExpressionAnalyzer.Clause.SELECT
                      || clause == ExpressionAnalyzer.Clause.ORDER_BY
                  ? null
                  : "window functions are not allowed in " + clause.text;
        };
    if (fault != null) {
      throw new SqlException(SqlState.WINDOWING_ERROR, fault).at(pos);
    }
  }

  // ---- windows

  /// A window with what it takes from the one it is based on.
  private record Definition(
      List<Expr> partitionBy, List<SortKey> orderBy, WindowSpec.Frame frame, int pos) {}

  private Definition definition(WindowSpec over) {
    if (over.reference()) {
      int index = indexOf(over.base(), scope.windows().size());
      if (index < 0) {
        throw unknown(over);
      }
      return named(index);
    }
    return based(over, scope.windows().size());
  }

  /// The window of that place in the WINDOW clause.
  private Definition named(int index) {
    return based(scope.windows().get(index), index);
  }

  /// @param before how many windows of the WINDOW clause come before this one
  private Definition based(WindowSpec spec, int before) {
    if (spec.base() == null) {
      return new Definition(spec.partitionBy(), spec.orderBy(), spec.frame(), spec.pos());
    }
    int index = indexOf(spec.base(), before);
    if (index < 0) {
      throw unknown(spec);
    }
    Definition base = named(index);
    String quoted = "window \"" + spec.base() + "\"";
    if (!spec.partitionBy().isEmpty()) {
      throw fault("cannot override PARTITION BY clause of " + quoted, spec.pos());
    }
    if (!spec.orderBy().isEmpty() && !base.orderBy.isEmpty()) {
      throw fault("cannot override ORDER BY clause of " + quoted, spec.pos());
    }
    if (base.frame != null) {
      SqlException copied =
          fault("cannot copy " + quoted + " because it has a frame clause", spec.pos());
      boolean bare = spec.name() == null && spec.orderBy().isEmpty() && spec.frame() == null;
      throw bare ? copied.hint("Omit the parentheses in this OVER clause.") : copied;
    }
    return new Definition(
        base.partitionBy,
        spec.orderBy().isEmpty() ? base.orderBy : spec.orderBy(),
        spec.frame(),
        spec.pos());
  }

  private int indexOf(String name, int before) {
    for (int i = 0; i < before; i++) {
      if (scope.windows().get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static SqlException unknown(WindowSpec spec) {
    return new SqlException(
            SqlState.UNDEFINED_OBJECT, "window \"" + spec.base() + "\" does not exist")
        .at(spec.pos());
  }

  private static SqlException fault(String message, int pos) {
    return new SqlException(SqlState.WINDOWING_ERROR, message).at(pos);
  }

  /// Refuses windows of the WINDOW clause that no call would be refused for, because none is over
  /// them.
  void checkNamed() {
    for (int i = 0; i < scope.windows().size(); i++) {
      WindowSpec window = scope.windows().get(i);
      if (indexOf(window.name(), i) >= 0) {
        throw fault("window \"" + window.name() + "\" is already defined", window.pos());
      }
      Definition definition = named(i);
      Within before = expressions.enter(Within.WINDOW);
      try {
        List<RexNode> orderBy = new ArrayList<>();
        definition.partitionBy.forEach(expr -> key(expr, "equality"));
        definition.orderBy.forEach(key -> orderBy.add(key(key.expr(), "ordering")));
        frame(definition, orderBy);
      } finally {
        expressions.enter(before);
      }
    }
  }

  // ---- frames

  private WindowSpecification.Frame frame(Definition definition, List<RexNode> orderBy) {
    WindowSpec.Frame frame = definition.frame;
    if (frame == null) {
      return WindowSpecification.Frame.DEFAULT;
    }
    boolean offsets = frame.start().offset() != null || frame.end().offset() != null;
    if (frame.unit() == WindowSpec.FrameUnit.RANGE && offsets && orderBy.size() != 1) {
      throw fault(
          "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column",
          definition.pos);
    }
    if (frame.unit() == WindowSpec.FrameUnit.GROUPS && orderBy.isEmpty()) {
      throw fault("GROUPS mode requires an ORDER BY clause", definition.pos);
    }
    PgType sorted = orderBy.isEmpty() ? null : Analysis.typeOf(orderBy.getFirst());
    return new WindowSpecification.Frame(
        WindowSpecification.Unit.valueOf(frame.unit().name()),
        WindowSpecification.Bound.valueOf(frame.start().kind().name()),
        offset(frame.unit(), frame.start().offset(), sorted),
        WindowSpecification.Bound.valueOf(frame.end().kind().name()),
        offset(frame.unit(), frame.end().offset(), sorted),
        WindowSpecification.Exclusion.valueOf(frame.exclusion().name()));
  }

  private RexNode offset(WindowSpec.FrameUnit unit, Expr offset, PgType sorted) {
    if (offset == null) {
      return null;
    }
    Within before = expressions.enter(Within.valueOf(unit.name()));
    RexNode value;
    try {
      value = expressions.analyze(offset);
    } finally {
      expressions.enter(before);
    }
    PgType wanted =
        unit == WindowSpec.FrameUnit.RANGE ? distanceType(offset, value, sorted) : Types.INT8;
    if (!Casts.exists(Analysis.typeOf(value), wanted, CastContext.ASSIGNMENT)) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "argument of "
                  + unit
                  + " must be type "
                  + wanted.displayName()
                  + ", not type "
                  + Analysis.typeOf(value).displayName())
          .at(Beginnings.of(offset));
    }
    return expressions.coerceTo(value, PgTypeFactory.of(wanted), offset.pos());
  }

  /// The type to read a distance in: of those that the sort column knows, the distance's own, else
  /// the only one it can become.
  private static PgType distanceType(Expr offset, RexNode value, PgType sorted) {
    PgType given = Analysis.typeOf(value);
    PgType preferred = given == Types.UNKNOWN ? sorted : given;
    List<PgType> known = RangeDistance.offsetTypes(sorted);
    PgType selected = null;
    int matches = 0;
    for (PgType type : known) {
      if (Casts.exists(given, type, CastContext.IMPLICIT)) {
        matches++;
        selected = selected == preferred ? selected : type;
      }
    }
    String fault =
        known.isEmpty()
            ? "is not supported for column type " + sorted.displayName()
            : matches == 0
                ? "is not supported for column type "
                    + sorted.displayName()
                    + " and offset type "
                    + given.displayName()
                : matches > 1 && selected != preferred
                    ? "has multiple interpretations for column type "
                        + sorted.displayName()
                        + " and offset type "
                        + given.displayName()
                    : null;
    if (fault != null) {
      SqlException e =
          new SqlException(
                  SqlState.FEATURE_NOT_SUPPORTED, "RANGE with offset PRECEDING/FOLLOWING " + fault)
              .at(Beginnings.of(offset));
      throw known.isEmpty()
          ? e
          : e.hint(
              matches == 0
                  ? "Cast the offset value to an appropriate type."
                  : "Cast the offset value to the exact intended type.");
    }
    return selected;
  }
}
