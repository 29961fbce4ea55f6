package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.OperatorName;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/// Analyzes sub-selects in expressions.
final class SubqueryAnalyzer {
  /// The comparisons by which rows have an order.
  private static final Set<String> ORDERING = Set.of("<", "<=", ">", ">=");

  private final Analysis analysis;
  private final QueryAnalyzer queries;
  private final ExpressionAnalyzer expressions;
  private final Scope scope;
  private final Ctes ctes;

  SubqueryAnalyzer(
      Analysis analysis,
      QueryAnalyzer queries,
      ExpressionAnalyzer expressions,
      Scope scope,
      Ctes ctes) {
    this.analysis = analysis;
    this.queries = queries;
    this.expressions = expressions;
    this.scope = scope;
    this.ctes = ctes;
  }

  private record Inner(QueryAnalyzer.Result result, OuterReferences references) {}

  private Inner inner(Query query, int pos) {
    if (queries == null) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "cannot use subquery in "
                  + (expressions.clause() == ExpressionAnalyzer.Clause.DEFAULT
                      ? "DEFAULT expression"
                      : expressions.clause().single()))
          .at(pos);
    }
    OuterReferences references = new OuterReferences(analysis, scope, expressions);
    return new Inner(
        queries.query(query, references, Ctes.within(ctes, "a subquery"), true), references);
  }

  private RexNode subPlan(Operation.SubPlanKind kind, Inner inner, RelNode plan, RelDataType type) {
    return subPlan(
        kind, inner, plan, List.of(), Operation.RowRule.EVERY, List.of(), List.of(), type);
  }

  private RexNode subPlan(
      Operation.SubPlanKind kind,
      Inner inner,
      RelNode plan,
      List<ResolvedCall> tests,
      Operation.RowRule rule,
      List<ResolvedCall> ties,
      List<RexNode> tested,
      RelDataType type) {
    List<RexNode> operands = new ArrayList<>(tested);
    operands.addAll(inner.references.values());
    return expressions.call(
        new Operation.SubPlan(
            kind,
            plan,
            List.copyOf(inner.references.slots()),
            tests,
            rule,
            ties,
            analysis.nextIdentity()),
        type,
        operands);
  }

  RexNode exists(Expr.Exists exists) {
    Inner inner = inner(exists.query(), exists.pos());
    return subPlan(
        Operation.SubPlanKind.EXISTS, inner, inner.result.rel(), PgTypeFactory.of(Types.BOOL));
  }

  RexNode scalar(Expr.ScalarSubquery subquery) {
    Inner inner = inner(subquery.query(), subquery.pos());
    requireOneColumn(inner, subquery.pos());
    return subPlan(
        Operation.SubPlanKind.SCALAR,
        inner,
        inner.result.rel(),
        inner.result.rel().getRowType().getFieldList().getFirst().getType());
  }

  /// The columns of a query that gives one row, each as a sub-select of its own.
  ///
  /// @param columns how many it has to have
  List<RexNode> row(Expr.ScalarSubquery subquery, int columns) {
    List<RexNode> values = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      Inner inner = inner(subquery.query(), subquery.pos());
      if (inner.result.columns().size() != columns) {
        throw UpdateAnalyzer.otherCount(subquery.pos());
      }
      RelNode row = inner.result.rel();
      RexNode column = RexInputRef.of(i, row.getRowType());
      RelNode one = LogicalProject.create(row, List.of(), List.of(column), List.of("c"), Set.of());
      values.add(subPlan(Operation.SubPlanKind.SCALAR, inner, one, column.getType()));
    }
    return values;
  }

  RexNode array(Expr.ArraySubquery subquery) {
    Inner inner = inner(subquery.query(), subquery.pos());
    requireOneColumn(inner, subquery.pos());
    PgType element = inner.result.type(0);
    PgType type = element.isArray() ? element : element.arrayType();
    if (type == null) {
      throw new SqlException(
              SqlState.UNDEFINED_OBJECT,
              "could not find array type for data type " + element.displayName())
          .at(subquery.pos());
    }
    return subPlan(Operation.SubPlanKind.ARRAY, inner, inner.result.rel(), PgTypeFactory.of(type));
  }

  private static void requireOneColumn(Inner inner, int pos) {
    if (inner.result.columns().size() != 1) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "subquery must return only one column").at(pos);
    }
  }

  RexNode in(Expr.InQuery in) {
    RexNode any = tested(in.operand(), "=", Operation.SubPlanKind.ANY, in.query(), in.pos());
    return in.negated() ? expressions.bool(SqlStdOperatorTable.NOT, List.of(any)) : any;
  }

  RexNode quantified(Expr.QuantifiedQuery quantified) {
    return tested(
        quantified.left(),
        quantified.operator().symbol(),
        quantified.all() ? Operation.SubPlanKind.ALL : Operation.SubPlanKind.ANY,
        quantified.query(),
        quantified.pos());
  }

  /// `(a, b) < (SELECT x, y …)`: the row on the left is compared with the one that comes back.
  RexNode rowComparison(
      Expr.Row left, OperatorName operator, Expr.ScalarSubquery subquery, int pos) {
    return tested(left, operator.symbol(), Operation.SubPlanKind.ROW, subquery.query(), pos);
  }

  private RexNode tested(
      Expr operand, String symbol, Operation.SubPlanKind kind, Query query, int pos) {
    List<RexNode> left =
        operand instanceof Expr.Row row
            ? expressions.fields(row)
            : List.of(expressions.analyze(operand));
    Inner inner = inner(query, pos);
    int width = inner.result.columns().size();
    if (width != left.size()) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR,
              width > left.size()
                  ? "subquery has too many columns"
                  : "subquery has too few columns")
          .at(pos);
    }
    Operation.RowRule rule =
        width == 1 || symbol.equals("=")
            ? Operation.RowRule.EVERY
            : symbol.equals("<>") ? Operation.RowRule.SOME : Operation.RowRule.ORDER;
    List<ResolvedCall> tests = new ArrayList<>();
    List<ResolvedCall> ties = new ArrayList<>();
    List<RexNode> values = new ArrayList<>();
    List<RelDataType> types = new ArrayList<>();
    try {
      for (int i = 0; i < width; i++) {
        ResolvedCall call = comparison(symbol, left.get(i), inner, i);
        int at =
            operand instanceof Expr.Row row && row.fields().size() == width
                ? row.fields().get(i).pos()
                : operand.pos();
        RexNode value = expressions.coerce(left.get(i), call.argTypes().get(0), at);
        values.add(value);
        List<RexNode> compared = List.of(value, analysis.rex().makeInputRef(inner.result.rel(), i));
        if (rule == Operation.RowRule.ORDER && i < width - 1) {
          ties.add(CollatedCalls.of(comparison("=", left.get(i), inner, i), compared));
          call = comparison(symbol.replace("=", ""), left.get(i), inner, i);
        }
        tests.add(CollatedCalls.of(call, compared));
        PgType right = call.argTypes().get(1);
        types.add(
            right.isPseudo() || right == inner.result.type(i)
                ? inner.result.rel().getRowType().getFieldList().get(i).getType()
                : PgTypeFactory.of(right));
      }
      if (rule == Operation.RowRule.ORDER && !ORDERING.contains(symbol)) {
        throw ExpressionAnalyzer.notARowComparison(symbol);
      }
    } catch (SqlException e) {
      throw e.at(pos);
    }
    return subPlan(
        kind,
        inner,
        queries.coerced(inner.result, types),
        tests,
        rule,
        ties,
        values,
        PgTypeFactory.of(Types.BOOL));
  }

  private ResolvedCall comparison(String symbol, RexNode left, Inner inner, int column) {
    ResolvedCall call =
        ExtensionOperators.operator(
            analysis.names(), symbol, Analysis.typeOf(left), inner.result.type(column));
    if (call.resultType() != Types.BOOL) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "row comparison operator must yield type boolean, not type "
              + call.resultType().displayName());
    }
    return call;
  }
}
