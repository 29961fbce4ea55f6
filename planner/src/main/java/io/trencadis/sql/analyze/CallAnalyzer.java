package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AstWalk;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.SortKey;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.functions.FunctionResolver;
import io.trencadis.sql.functions.InformationFunctions;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.functions.SetFunctions;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.rel.AggregateSpec;
import io.trencadis.sql.rel.CollationRules;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/// Analyzes what is called: functions, aggregates, set-returning functions, row values and their
/// fields.
public final class CallAnalyzer {
  private static final String TO_LATERAL =
      "You might be able to move the set-returning function into a LATERAL FROM item.";

  private static final java.util.Set<String> GATHERING =
      java.util.Set.of("array_agg", "string_agg", "jsonb_agg");

  private final Analysis analysis;
  private final ExpressionAnalyzer expressions;

  CallAnalyzer(Analysis analysis, ExpressionAnalyzer expressions) {
    this.analysis = analysis;
    this.expressions = expressions;
  }

  RexNode call(Expr.FunctionCall call) {
    if (call.over() != null) {
      OrderedSetAnalyzer.refuseWindow(call);
      return new WindowAnalyzer(expressions, this, expressions.scope()).call(call);
    }
    String name = call.name().name();
    List<RexNode> arguments = new ArrayList<>();
    List<String> names = new ArrayList<>();
    boolean aggregate = isAggregateName(call.name());
    OuterAggregates outer = aggregate ? new OuterAggregates(analysis, expressions.scope()) : null;
    SqlException refusal = null;
    if (aggregate) {
      try {
        requireAggregatesAllowed(call.pos());
      } catch (SqlException e) {
        if (expressions.scope().outer() == null) {
          throw e;
        }
        // It may be one of an enclosing query, whose arguments tell.
        refusal = e;
      }
      if (call.withinGroup()) {
        direct(call, arguments, names);
      }
      expressions.enterAggregate();
    }
    RexNode filter = null;
    List<RexNode> orderBy = new ArrayList<>();
    try {
      if (arguments.isEmpty()) {
        arguments(call, arguments, names);
      }
      if (call.filter() != null) {
        Within before = expressions.enter(Within.FILTER);
        try {
          filter = expressions.booleanOperand(call.filter(), "argument of FILTER");
        } finally {
          expressions.enter(before);
        }
      }
      for (SortKey key : call.orderBy()) {
        orderBy.add(expressions.analyze(key.expr()));
      }
    } finally {
      if (aggregate) {
        expressions.leaveAggregate();
      }
    }
    if (call.withinGroup()) {
      arguments.addAll(orderBy);
    }
    String schema = call.name().schema();
    if ("information_schema".equals(schema)
        && name.equals("_pg_expandarray")
        && arguments.size() == 1) {
      return expandArray(arguments.getFirst());
    }
    if ("information_schema".equals(schema) && arguments.size() == 2) {
      ResolvedCall own = InformationFunctions.find(name);
      if (own != null) {
        return information(own, arguments, call);
      }
    }
    ResolvedCall resolved;
    try {
      resolved = resolve(call.name(), typesOf(arguments), names, call.variadic());
    } catch (SqlException e) {
      RexNode field =
          arguments.size() == 1 && schema == null && !call.star()
              ? expressions.rows().fieldOrNull(arguments.getFirst(), name)
              : null;
      if (field != null) {
        return field;
      }
      throw e.at(call.pos());
    }
    traced(call, resolved);
    if (resolved.proc() != null) {
      if (resolved.proc().isProcedure()) {
        throw new SqlException(
                SqlState.WRONG_OBJECT_TYPE,
                FunctionResolver.signature(call.name().toString(), typesOf(arguments), names)
                    + " is a procedure")
            .at(call.pos())
            .hint("To call a procedure, use CALL.");
      }
      analysis.calls(resolved.proc());
    }
    if (resolved.castTarget() != null) {
      return expressions
          .conversions()
          .cast(arguments.getFirst(), resolved.castTarget(), -1, CastContext.EXPLICIT, call.pos());
    }
    if (resolved.proc().isWindow()) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE, "window function " + name + " requires an OVER clause")
          .at(call.pos());
    }
    OrderedSetAnalyzer.check(call, resolved, typesOf(arguments));
    if (call.withinGroup()) {
      resolved = OrderedSetAnalyzer.unified(call, resolved, typesOf(arguments));
    }
    if (resolved.proc().name().equals("pg_collation_for") && !resolved.proc().isUsers()) {
      return Collations.nameOf(analysis, arguments.getFirst(), call.pos());
    }
    List<RexNode> operands = operands(resolved, arguments, call);
    if (call.withinGroup()) {
      orderBy = new ArrayList<>(operands.subList(call.args().size(), operands.size()));
    }
    if (resolved.proc().isAggregate()) {
      requireStarOrArguments(call, resolved);
      AggregateSpec spec = aggregate(call, resolved, operands, filter, orderBy);
      RexNode moved = outer.moved(spec, this::called, call.pos());
      if (moved == null && refusal != null) {
        throw refusal;
      }
      return moved == null ? called(spec) : moved;
    }
    requireNoAggregateClauses(call);
    if (resolved.proc().hasBody()) {
      RexNode inlined = new Inlining(analysis).inlined(resolved, operands);
      if (inlined != null) {
        return inlined;
      }
      analysis.runs(resolved.proc());
    }
    if (resolved.proc().returnsSet()) {
      requireSetsAllowed(call);
      if (!expressions.clause().sets || expressions.insideAggregate()) {
        SqlException misplaced =
            new SqlException(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    expressions.insideAggregate()
                        ? "aggregate function calls cannot contain set-returning function calls"
                        : "set-returning functions are not allowed in " + expressions.clause().text)
                .at(call.pos());
        throw expressions.insideAggregate() ? misplaced.hint(TO_LATERAL) : misplaced;
      }
      return expressions.call(new Operation.SetReturning(resolved), typeOf(resolved), operands);
    }
    return expressions.call(new Operation.Function(resolved, null), typeOf(resolved), operands);
  }

  void traced(Expr.FunctionCall call, ResolvedCall resolved) {
    if (analysis.trace() != null) {
      analysis.trace().called(call, resolved);
    }
  }

  private RexNode information(ResolvedCall own, List<RexNode> arguments, Expr.FunctionCall call) {
    List<RexNode> operands = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      operands.add(
          expressions
              .conversions()
              .cast(
                  arguments.get(i),
                  InformationFunctions.argumentTypes().get(i),
                  -1,
                  CastContext.IMPLICIT,
                  call.pos()));
    }
    return expressions.call(new Operation.Function(own, null), typeOf(own), operands);
  }

  /// Parameters that the client declares as `void` are no arguments: pgjdbc sends one in the place
  /// of each output of a function that it calls.
  ///
  /// @return what stands in the places of the arguments
  private List<Expr> arguments(
      Expr.FunctionCall call, List<RexNode> arguments, List<String> names) {
    List<Expr> sources = new ArrayList<>();
    for (Expr.Argument argument : call.args()) {
      if (argument.value() instanceof Expr.ColumnRef ref && ref.star() && !ref.parts().isEmpty()) {
        arguments.add(expressions.rowOfStar(ref));
      } else {
        RexNode value = expressions.analyze(argument.value());
        if (argument.value() instanceof Expr.Param
            && Analysis.typeOf(value) == Types.VOID
            && !call.withinGroup()) {
          continue;
        }
        arguments.add(value);
      }
      sources.add(argument.value());
      if (argument.name() != null) {
        names.add(argument.name());
      }
    }
    return sources;
  }

  /// Direct arguments belong to the groups, not to their rows.
  private void direct(Expr.FunctionCall call, List<RexNode> arguments, List<String> names) {
    arguments(call, arguments, names);
    for (int i = 0; i < arguments.size(); i++) {
      if (GroupAnalyzer.hasAggregate(arguments.get(i))) {
        throw new SqlException(SqlState.GROUPING_ERROR, "aggregate function calls cannot be nested")
            .at(call.args().get(i).value().pos());
      }
    }
  }

  /// The type of a call's result, with its fields where the function declares them.
  private static RelDataType typeOf(ResolvedCall call) {
    if (call.resultType() != Types.RECORD || call.outputs().isEmpty()) {
      return PgTypeFactory.of(call.resultType());
    }
    return PgTypeFactory.row(call.proc().outputNames(), call.outputs());
  }

  /// `information_schema._pg_expandarray`, which drivers use to read keys: an array's elements and
  /// their numbers.
  private RexNode expandArray(RexNode array) {
    PgType element = Analysis.typeOf(array).elementType();
    ResolvedCall call = SetFunctions.expandArray(Analysis.typeOf(array));
    return expressions.call(
        new Operation.SetReturning(call),
        PgTypeFactory.row(List.of("x", "n"), List.of(element, Types.INT4)),
        List.of(array));
  }

  /// `count()` has to be written `count(*)`.
  static void requireStarOrArguments(Expr.FunctionCall call, ResolvedCall resolved) {
    if (resolved.proc().isAggregate()
        && call.args().isEmpty()
        && !call.star()
        && !call.withinGroup()) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE,
              resolved.proc().name()
                  + "(*) must be used to call a parameterless aggregate function")
          .at(call.pos());
    }
  }

  /// Sets are made after windows.
  private void requireSetsAllowed(Expr.FunctionCall call) {
    Within within = expressions.within();
    if (within == Within.NOTHING) {
      return;
    }
    if (within == Within.WINDOW) {
      throw SqlException.notSupported("a set-returning function in a window").at(call.pos());
    }
    if (within == Within.WINDOW_CALL) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "window function calls cannot contain set-returning function calls")
          .at(call.pos())
          .hint(TO_LATERAL);
    }
    throw new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED,
            "set-returning functions are not allowed in "
                + (within == Within.FILTER ? "FILTER" : "window definitions"))
        .at(call.pos());
  }

  private static boolean isAggregateName(QualifiedName name) {
    return (name.schema() == null || name.schema().equals("pg_catalog"))
        && io.trencadis.sql.functions.PgCatalog.functions(name.name()).stream()
            .anyMatch(proc -> proc.isAggregate());
  }

  void requireAggregatesAllowed(int pos) {
    Within within = expressions.within();
    if (within == Within.FILTER || within.isFrame()) {
      throw new SqlException(
              SqlState.GROUPING_ERROR,
              "aggregate functions are not allowed in "
                  + (within == Within.FILTER ? "FILTER" : "window " + within))
          .at(pos);
    }
    if (expressions.insideAggregate()) {
      throw new SqlException(SqlState.GROUPING_ERROR, "aggregate function calls cannot be nested")
          .at(pos);
    }
    if (!expressions.clause().aggregates) {
      throw new SqlException(
              SqlState.GROUPING_ERROR,
              "aggregate functions are not allowed in " + expressions.clause().text)
          .at(pos);
    }
  }

  private static void requireNoAggregateClauses(Expr.FunctionCall call) {
    String offence =
        call.star()
            ? call.name().name()
                + "(*) specified, but "
                + call.name().name()
                + " is not an aggregate function"
            : call.distinct()
                ? "DISTINCT specified, but " + call.name().name() + " is not an aggregate function"
                : !call.orderBy().isEmpty()
                    ? "ORDER BY specified, but "
                        + call.name().name()
                        + " is not an aggregate function"
                    : call.filter() != null
                        ? "FILTER specified, but "
                            + call.name().name()
                            + " is not an aggregate function"
                        : null;
    if (offence != null) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, offence).at(call.pos());
    }
  }

  /// What CALL means.
  ///
  /// @param call the procedure
  /// @param inputs values of its input arguments
  /// @param outputs for each output argument what was written in its place, or null
  public record Called(ResolvedCall call, List<RexNode> inputs, List<Expr> outputs) {}

  /// A procedure is found by all of its arguments, those of OUT included, of which nothing is
  /// computed.
  Called procedure(Expr.FunctionCall call) {
    requireNoAggregateClauses(call);
    for (Expr.Argument argument : call.args()) {
      AstWalk.visit(
          argument.value(),
          each -> {
            if (each instanceof Query) {
              throw new SqlException(
                      SqlState.FEATURE_NOT_SUPPORTED, "cannot use subquery in CALL argument")
                  .at(argument.pos());
            }
          });
    }
    List<RexNode> arguments = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Expr> sources = arguments(call, arguments, names);
    List<List<ProcInfo>> known = new ArrayList<>();
    for (List<ProcInfo> each : analysis.names().routines(call.name())) {
      known.add(each.stream().map(ProcInfo::asCalled).toList());
    }
    ResolvedCall resolved;
    try {
      resolved =
          FunctionResolver.procedure(
              call.name().toString(), known, typesOf(arguments), names, call.variadic());
    } catch (SqlException e) {
      throw e.at(call.pos());
    }
    if (resolved.proc() == null || !resolved.proc().isProcedure()) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE,
              FunctionResolver.signature(call.name().toString(), typesOf(arguments), names)
                  + " is not a procedure")
          .at(call.pos())
          .hint("To call a function, use SELECT.");
    }
    analysis.calls(resolved.proc());
    List<RexNode> operands = operands(resolved, arguments, call);
    List<RexNode> inputs = new ArrayList<>();
    List<Expr> outputs = new ArrayList<>();
    List<PgType> outputTypes = new ArrayList<>();
    ProcInfo real = analysis.names().catalog().routine(resolved.proc().oid());
    for (int i = 0; i < operands.size(); i++) {
      int declared = Math.min(i, resolved.proc().argTypes().length - 1);
      char mode = real.argModes() == null ? 'i' : real.argModes().charAt(declared);
      if (mode != 'o') {
        inputs.add(operands.get(i));
      }
      if (mode == 'o' || mode == 'b') {
        int source = resolved.argSources()[i];
        outputs.add(source < 0 ? null : sources.get(source));
        outputTypes.add(resolved.argTypes().get(i));
      }
    }
    return new Called(resolved.withOutputs(outputTypes), inputs, outputs);
  }

  /// The function that a call means.
  private ResolvedCall resolve(
      QualifiedName name, List<PgType> types, List<String> argNames, boolean variadic) {
    return FunctionResolver.function(
        name.toString(), analysis.names().routines(name), types, argNames, variadic);
  }

  static List<PgType> typesOf(List<RexNode> nodes) {
    List<PgType> types = new ArrayList<>();
    for (RexNode node : nodes) {
      types.add(Analysis.typeOf(node));
    }
    return types;
  }

  /// The arguments in the function's order and types, defaults filled in.
  List<RexNode> operands(ResolvedCall resolved, List<RexNode> arguments, Expr.FunctionCall call) {
    List<RexNode> operands = new ArrayList<>();
    for (int i = 0; i < resolved.argTypes().size(); i++) {
      PgType type = resolved.argTypes().get(i);
      int source = resolved.argSources()[i];
      if (source < 0) {
        // Its literals are none of the statement's.
        Expr expr = SqlParser.parseExpression(resolved.defaults().get(i));
        RexNode value = analysis.withoutLiterals(() -> expressions.analyze(expr));
        operands.add(expressions.coerce(value, type, -1));
      } else {
        int pos = source < call.args().size() ? call.args().get(source).value().pos() : call.pos();
        operands.add(expressions.coerce(arguments.get(source), type, pos));
      }
    }
    return operands;
  }

  private AggregateSpec aggregate(
      Expr.FunctionCall call,
      ResolvedCall resolved,
      List<RexNode> operands,
      RexNode filter,
      List<RexNode> orderBy) {
    if (call.distinct() && operands.isEmpty()) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE, "DISTINCT specified, but no arguments given")
          .at(call.pos());
    }
    List<RelFieldCollation.Direction> directions = new ArrayList<>();
    List<RelFieldCollation.NullDirection> nulls = new ArrayList<>();
    for (int i = 0; i < orderBy.size(); i++) {
      SortKey key = call.orderBy().get(i);
      RexNode value = orderBy.get(i);
      if (Analysis.typeOf(value) == Types.UNKNOWN) {
        orderBy.set(i, expressions.coerce(value, Types.TEXT, key.pos()));
      }
      SortKeys.requireOrder(Analysis.typeOf(orderBy.get(i)), key.pos());
      directions.add(SortKeys.direction(key));
      nulls.add(SortKeys.nulls(key));
      if (call.distinct() && !operands.contains(orderBy.get(i))) {
        throw new SqlException(
                SqlState.INVALID_COLUMN_REFERENCE,
                "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list")
            .at(key.pos());
      }
    }
    if (call.distinct() && orderBy.isEmpty() && GATHERING.contains(call.name().name())) {
      // PostgreSQL finds equal values by sorting, which shows in what keeps all of them.
      for (RexNode operand : operands) {
        orderBy.add(operand);
        directions.add(RelFieldCollation.Direction.ASCENDING);
        nulls.add(RelFieldCollation.NullDirection.LAST);
      }
    }
    ResolvedCall collated = CollatedCalls.of(resolved, operands);
    return new AggregateSpec(
        collated, operands, call.distinct(), filter, orderBy, directions, nulls);
  }

  private RexNode called(AggregateSpec spec) {
    return expressions.call(
        new Operation.AggregateCall(spec), CollationRules.result(spec.call()), List.of());
  }

  /// A call of a built-in function by name.
  RexNode named(String name, List<RexNode> arguments, int pos) {
    try {
      return expressions.function(
          FunctionResolver.function(name, typesOf(arguments)), arguments, pos, null);
    } catch (SqlException e) {
      throw e.at(pos);
    }
  }

  RexNode valueFunction(Expr.SqlValueFunction function) {
    int typmod = -1;
    if (function.precision() != null) {
      analysis.pin(function.precision().literalIndex());
      typmod = Math.min(6, Integer.parseInt(function.precision().digits()));
    }
    int pos = function.pos();
    return switch (function.function()) {
      case CURRENT_DATE -> converted(named("now", List.of(), pos), Types.DATE, -1, pos);
      case CURRENT_TIME -> converted(named("now", List.of(), pos), Types.TIMETZ, typmod, pos);
      case CURRENT_TIMESTAMP ->
          converted(named("now", List.of(), pos), Types.TIMESTAMPTZ, typmod, pos);
      case LOCALTIME -> converted(named("now", List.of(), pos), Types.TIME, typmod, pos);
      case LOCALTIMESTAMP -> converted(named("now", List.of(), pos), Types.TIMESTAMP, typmod, pos);
      case CURRENT_ROLE, CURRENT_USER, USER -> named("current_user", List.of(), pos);
      case SESSION_USER -> named("session_user", List.of(), pos);
      case CURRENT_CATALOG -> named("current_database", List.of(), pos);
      case CURRENT_SCHEMA -> named("current_schema", List.of(), pos);
    };
  }

  private RexNode converted(RexNode node, PgType type, int typmod, int pos) {
    return expressions.conversions().cast(node, type, typmod, CastContext.EXPLICIT, pos);
  }
}
