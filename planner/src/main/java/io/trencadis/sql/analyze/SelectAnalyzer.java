package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.SortKey;
import io.trencadis.sql.rel.CollationRules;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.rel.ShapeRels;
import io.trencadis.sql.rel.SourceRels;
import io.trencadis.sql.rel.WindowSpecification;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/// Analyzes one SELECT … FROM … WHERE … GROUP BY … HAVING, with the ORDER BY and LIMIT that belong
/// to it.
final class SelectAnalyzer {
  private final Analysis analysis;
  private final QueryAnalyzer queries;
  private final OuterReferences outer;
  private final Ctes ctes;

  /// A column of the select list, or one that only ORDER BY and locking need.
  private record Target(RexNode value, String name, int tableOid, int columnNumber, int pos) {
    Target with(RexNode newValue) {
      return new Target(newValue, name, tableOid, columnNumber, pos);
    }
  }

  SelectAnalyzer(Analysis analysis, QueryAnalyzer queries, OuterReferences outer, Ctes ctes) {
    this.analysis = analysis;
    this.queries = queries;
    this.outer = outer;
    this.ctes = ctes;
  }

  /// @param lifting whether the query around this one locks the rows: their locators come behind
  ///   the columns then, and nothing is locked here
  QueryAnalyzer.Result select(
      Query.SelectCore core, Query whole, boolean resolveUnknowns, boolean lifting) {
    boolean locking = !whole.locking().isEmpty();
    FromAnalyzer fromAnalyzer = new FromAnalyzer(analysis, queries, outer, ctes, whole.locking());
    int recursive = Ctes.recursiveReferences(ctes);
    FromAnalyzer.From from = fromAnalyzer.from(core.from());
    recursive = Ctes.recursiveReferences(ctes) - recursive;
    Scope scope = fromAnalyzer.scopeOf(from);
    scope.windows(core.windows());
    RelNode rel = from == null ? oneEmptyRow() : from.rel();

    if (core.where() != null) {
      rel =
          LogicalFilter.create(
              rel, expressions(scope, ExpressionAnalyzer.Clause.WHERE).condition(core.where()));
    }
    ExpressionAnalyzer targetExpressions = expressions(scope, ExpressionAnalyzer.Clause.SELECT);
    List<Target> targets = targets(core.targets(), scope, targetExpressions);
    int visible = targets.size();

    List<RelFieldCollation> collations = new ArrayList<>();
    ExpressionAnalyzer orderExpressions = expressions(scope, ExpressionAnalyzer.Clause.ORDER_BY);
    for (SortKey key : whole.orderBy()) {
      int column = sortColumn(key.expr(), targets, visible, orderExpressions);
      if (resolveUnknowns && Analysis.typeOf(targets.get(column).value()) == Types.UNKNOWN) {
        targets.set(column, resolved(targets.get(column), targetExpressions));
      }
      collations.add(SortKeys.collation(key, column, Analysis.typeOf(targets.get(column).value())));
    }
    List<Integer> distinctOn = distinctOn(core, targets, visible, orderExpressions, collations);
    if (core.distinct() && core.distinctOn().isEmpty() && targets.size() > visible) {
      throw new SqlException(
              SqlState.INVALID_COLUMN_REFERENCE,
              "for SELECT DISTINCT, ORDER BY expressions must appear in select list")
          .at(targets.get(visible).pos());
    }
    RexNode having =
        core.having() == null
            ? null
            : expressions(scope, ExpressionAnalyzer.Clause.HAVING).condition(core.having());
    if (resolveUnknowns || core.distinct()) {
      targets.replaceAll(target -> resolved(target, targetExpressions));
    }

    if (!core.windows().isEmpty()) {
      targetExpressions.checkWindows();
    }
    boolean windowed = targets.stream().anyMatch(target -> WindowAnalyzer.isIn(target.value()));
    GroupAnalyzer groups = new GroupAnalyzer(analysis, scope, targetExpressions);
    boolean aggregated = !core.groupBy().isEmpty() || having != null;
    for (Target target : targets) {
      aggregated |= GroupAnalyzer.hasAggregate(target.value());
    }
    if (aggregated && recursive > 0) {
      for (Target target : targets) {
        if (GroupAnalyzer.hasAggregate(target.value())) {
          throw new SqlException(
                  SqlState.INVALID_RECURSION,
                  "aggregate functions are not allowed in a recursive query's recursive term")
              .at(target.pos());
        }
      }
    }
    if (aggregated) {
      if (locking) {
        throw lockingError(
            whole, core.groupBy().isEmpty() ? "aggregate functions" : "GROUP BY clause");
      }
      List<RexNode> values = new ArrayList<>();
      targets.forEach(target -> values.add(target.value()));
      List<GroupAnalyzer.Named> names = new ArrayList<>();
      for (Target target : targets.subList(0, visible)) {
        names.add(new GroupAnalyzer.Named(target.name(), target.value()));
      }
      GroupAnalyzer.Grouped grouped =
          groups.group(rel, core.groupBy(), names, values, having, core.groupByDistinct());
      rel = grouped.rel();
      for (int i = 0; i < targets.size(); i++) {
        targets.set(i, targets.get(i).with(grouped.values().get(i)));
      }
    }
    List<ShapeRels.LockRows.Mark> marks = new ArrayList<>();
    if (locking && windowed) {
      throw lockingError(whole, "window functions");
    }
    if (locking) {
      addLocators(whole, core, scope, targets, marks);
    }
    rel = project(rel, targets);

    if (core.distinct() && core.distinctOn().isEmpty()) {
      for (Target target : targets) {
        requireEquality(target);
      }
      rel = queries.distinct(rel);
    }
    if (!collations.isEmpty()) {
      rel = LogicalSort.create(rel, RelCollations.of(collations), null, null);
    }
    if (!distinctOn.isEmpty()) {
      rel = new ShapeRels.FirstOfEach(analysis.cluster(), none(), rel, distinctOn);
    }
    if (!marks.isEmpty() && !lifting) {
      analysis.locking();
      rel = new ShapeRels.LockRows(analysis.cluster(), none(), rel, marks);
    }
    rel = queries.limited(rel, whole, collations.size(), outer, ctes);
    if (targets.size() > visible && !lifting) {
      rel = firstColumns(rel, visible);
    }
    List<QueryAnalyzer.Output> outputs = new ArrayList<>();
    for (Target target : targets.subList(0, visible)) {
      outputs.add(
          new QueryAnalyzer.Output(target.name(), target.tableOid(), target.columnNumber()));
    }
    return new QueryAnalyzer.Result(rel, outputs, lifting ? marks : List.of());
  }

  private org.apache.calcite.plan.RelTraitSet none() {
    return analysis.cluster().traitSetOf(Convention.NONE);
  }

  private ExpressionAnalyzer expressions(Scope scope, ExpressionAnalyzer.Clause clause) {
    return new ExpressionAnalyzer(analysis, queries, scope, ctes, clause);
  }

  private RelNode oneEmptyRow() {
    var empty = analysis.cluster().getTypeFactory().builder().build();
    return new SourceRels.Rows(analysis.cluster(), empty, List.of(List.of()));
  }

  private RelNode firstColumns(RelNode rel, int count) {
    List<RexNode> kept = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      kept.add(analysis.rex().makeInputRef(rel, i));
    }
    return LogicalProject.create(
        rel,
        List.of(),
        kept,
        rel.getRowType().getFieldNames().subList(0, count),
        Collections.emptySet());
  }

  private static Target resolved(Target target, ExpressionAnalyzer expressions) {
    return Analysis.typeOf(target.value()) == Types.UNKNOWN
        ? target.with(
            expressions.coerceTo(target.value(), PgTypeFactory.of(Types.TEXT), target.pos()))
        : target;
  }

  private void requireEquality(Target target) {
    if (!Analysis.typeOf(target.value()).codec().ordered()) {
      throw new SqlException(
              SqlState.UNDEFINED_FUNCTION,
              "could not identify an equality operator for type "
                  + Analysis.typeOf(target.value()).displayName())
          .at(target.pos());
    }
  }

  // ---- the select list

  private List<Target> targets(
      List<Query.Target> items, Scope scope, ExpressionAnalyzer expressions) {
    List<Target> targets = new ArrayList<>();
    for (Query.Target item : items) {
      if (item.expr() instanceof Expr.ColumnRef column && column.star()) {
        for (Scope.Column expanded : expressions.star(column)) {
          targets.add(
              new Target(
                  expanded.value(),
                  expanded.name(),
                  expanded.tableOid(),
                  expanded.columnNumber(),
                  column.pos()));
        }
        continue;
      }
      if (item.expr() instanceof Expr.FieldAccess field && field.field() == null) {
        for (Scope.Column expanded : expressions.rows().expand(field)) {
          targets.add(new Target(expanded.value(), expanded.name(), 0, 0, field.pos()));
        }
        continue;
      }
      RexNode value = expressions.analyze(item.expr());
      String name = item.alias() != null ? item.alias() : ColumnNames.of(item.expr());
      Scope.Column origin = origin(item.expr(), scope);
      targets.add(
          new Target(
              value,
              name,
              origin == null ? 0 : origin.tableOid(),
              origin == null ? 0 : origin.columnNumber(),
              item.expr().pos()));
    }
    return targets;
  }

  /// The column of this query's FROM that an expression is, or null.
  private static Scope.Column origin(Expr expr, Scope scope) {
    if (!(expr instanceof Expr.ColumnRef ref) || ref.star() || ref.parts().size() > 3) {
      return null;
    }
    List<String> parts = ref.parts();
    List<Scope.Column> columns = scope.visible();
    if (parts.size() > 1) {
      columns = List.of();
      for (Scope.Item item : scope.items()) {
        if (item.name().equals(parts.get(parts.size() - 2))) {
          columns = item.columns();
        }
      }
    }
    for (Scope.Column column : columns) {
      if (column.name().equals(parts.getLast())) {
        return column;
      }
    }
    return null;
  }

  private RelNode project(RelNode rel, List<Target> targets) {
    List<RexNode> values = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      values.add(targets.get(i).value());
      names.add(targets.get(i).name() + "\u0000" + i);
    }
    RelNode input = rel;
    WindowColumns windows = new WindowColumns(rel);
    values.replaceAll(value -> value.accept(windows));
    if (!windows.calls.isEmpty()) {
      input = windows.build();
    }
    input = SetColumns.moved(analysis, input, values);
    return LogicalProject.create(input, List.of(), values, names, Collections.emptySet());
  }

  /// Moves window function calls out of expressions into a node below.
  private final class WindowColumns extends RexShuttle {
    private final RelNode input;
    private final List<WindowSpecification> calls = new ArrayList<>();

    WindowColumns(RelNode input) {
      this.input = input;
    }

    @Override
    public RexNode visitCall(RexCall call) {
      if (!(call.getOperator() instanceof PgCall pg
          && pg.operation() instanceof Operation.WindowCall window)) {
        return super.visitCall(call);
      }
      int known = -1;
      for (int i = 0; i < calls.size(); i++) {
        if (calls.get(i).digest().equals(window.specification().digest())) {
          known = i;
        }
      }
      if (known < 0) {
        known = calls.size();
        calls.add(window.specification());
      }
      return analysis
          .rex()
          .makeInputRef(call.getType(), input.getRowType().getFieldCount() + known);
    }

    RelNode build() {
      var builder = analysis.cluster().getTypeFactory().builder();
      builder.addAll(input.getRowType().getFieldList());
      for (int i = 0; i < calls.size(); i++) {
        builder.add("window" + i, CollationRules.result(calls.get(i).call()));
      }
      return new ShapeRels.Window(analysis.cluster(), none(), input, calls, builder.build());
    }
  }

  // ---- ORDER BY and DISTINCT ON

  /// The column to sort by; it is added to the targets where none of them is it.
  private int sortColumn(
      Expr expr, List<Target> targets, int visible, ExpressionAnalyzer expressions) {
    int named = byNameOrNumber(expr, targets, visible, "ORDER BY");
    if (named >= 0) {
      return named;
    }
    return columnOf(expressions.analyze(expr), targets, expr.pos());
  }

  private int columnOf(RexNode value, List<Target> targets, int pos) {
    for (int i = 0; i < targets.size(); i++) {
      if (Analysis.same(targets.get(i).value(), value)) {
        return i;
      }
    }
    targets.add(new Target(value, "sort" + targets.size(), 0, 0, pos));
    return targets.size() - 1;
  }

  private int byNameOrNumber(Expr expr, List<Target> targets, int visible, String clause) {
    if (expr instanceof Expr.NumberLiteral number) {
      return SortKeys.ordinal(number, visible, clause, analysis);
    }
    if (SortKeys.isConstant(expr)) {
      throw SortKeys.noInteger(clause, expr.pos());
    }
    if (expr instanceof Expr.ColumnRef column && column.parts().size() == 1 && !column.star()) {
      int found = -1;
      for (int i = 0; i < visible; i++) {
        if (targets.get(i).name().equals(column.parts().getFirst())) {
          if (found >= 0 && !Analysis.same(targets.get(found).value(), targets.get(i).value())) {
            throw new SqlException(
                    SqlState.AMBIGUOUS_COLUMN,
                    clause + " \"" + column.parts().getFirst() + "\" is ambiguous")
                .at(column.pos());
          }
          found = found < 0 ? i : found;
        }
      }
      return found;
    }
    return -1;
  }

  private List<Integer> distinctOn(
      Query.SelectCore core,
      List<Target> targets,
      int visible,
      ExpressionAnalyzer expressions,
      List<RelFieldCollation> collations) {
    List<Integer> columns = new ArrayList<>();
    for (Expr expr : core.distinctOn()) {
      int named = byNameOrNumber(expr, targets, visible, "DISTINCT ON");
      int column = named >= 0 ? named : columnOf(expressions.analyze(expr), targets, expr.pos());
      if (!columns.contains(column)) {
        columns.add(column);
      }
    }
    // The sort has to begin with the DISTINCT ON columns, in any order among themselves.
    int matched = 0;
    while (matched < collations.size()
        && columns.contains(collations.get(matched).getFieldIndex())) {
      matched++;
    }
    for (int i = matched; i < collations.size(); i++) {
      boolean covered = matched == columns.size();
      if (!columns.isEmpty() && !covered) {
        throw new SqlException(
                SqlState.INVALID_COLUMN_REFERENCE,
                "SELECT DISTINCT ON expressions must match initial ORDER BY expressions")
            .at(core.distinctOn().getFirst().pos());
      }
    }
    for (int column : columns) {
      if (collations.stream().noneMatch(c -> c.getFieldIndex() == column)) {
        collations.add(
            new RelFieldCollation(
                column,
                RelFieldCollation.Direction.ASCENDING,
                RelFieldCollation.NullDirection.LAST));
      }
    }
    return columns;
  }

  // ---- locking

  static String lockName(Query.Locking locking) {
    return switch (locking.strength()) {
      case KEY_SHARE -> "FOR KEY SHARE";
      case SHARE -> "FOR SHARE";
      case NO_KEY_UPDATE -> "FOR NO KEY UPDATE";
      case UPDATE -> "FOR UPDATE";
    };
  }

  private static SqlException lockingError(Query whole, String with) {
    Query.Locking locking = whole.locking().getFirst();
    return new SqlException(
        SqlState.FEATURE_NOT_SUPPORTED, lockName(locking) + " is not allowed with " + with);
  }

  private void addLocators(
      Query whole,
      Query.SelectCore core,
      Scope scope,
      List<Target> targets,
      List<ShapeRels.LockRows.Mark> marks) {
    if (core.distinct()) {
      throw lockingError(whole, "DISTINCT clause");
    }
    for (Query.Locking locking : whole.locking()) {
      List<Scope.Item> items = new ArrayList<>();
      if (locking.of().isEmpty()) {
        items.addAll(scope.items());
      } else {
        for (var name : locking.of()) {
          Scope.Item item = scope.itemHere(null, name.name(), name.pos());
          if (item == null) {
            throw new SqlException(
                    SqlState.UNDEFINED_TABLE,
                    "relation \""
                        + name.name()
                        + "\" in "
                        + lockName(locking)
                        + " clause not found in FROM clause")
                .at(name.pos());
          }
          items.add(item);
        }
      }
      for (Scope.Item item : items) {
        if (!item.columns().isEmpty() && item.columns().getFirst().access() != null) {
          item.columns().getFirst().access().need(Privilege.UPDATE);
        }
        for (Scope.Behind table : item.lockable()) {
          marks.add(
              new ShapeRels.LockRows.Mark(
                  targets.size(),
                  locking.strength().ordinal(),
                  locking.lockWait().ordinal(),
                  table.relation()));
          targets.add(new Target(table.locator(), "ctid" + targets.size(), 0, 0, locking.pos()));
        }
      }
    }
  }
}
