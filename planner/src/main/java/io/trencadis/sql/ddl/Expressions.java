package io.trencadis.sql.ddl;

import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.planning.SlotTable;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.types.PgType;
import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rex.RexUtil;

/// Expressions in definitions: defaults, checks, partition bounds.
final class Expressions {
  private final DdlContext cx;

  /// A compiled expression and the values of its constants.
  ///
  /// @param deterministic whether it gives the same value each time
  /// @param columns numbers of the columns it names
  record Compiled(Eval eval, Object[] slots, boolean deterministic, List<Integer> columns) {}

  Expressions(DdlContext cx) {
    this.cx = cx;
  }

  /// Whether a default says what there is without one. NULL hides the default of a domain.
  static boolean isNothing(Expr expr, PgType type) {
    return expr instanceof Expr.NullLiteral && !type.isDomain();
  }

  /// A default, or another expression without columns, as a value of a column.
  Compiled value(Expr expr, String column, PgType type, int typmod) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    return compiled(
        new Analyzer(cx.names(), cluster, new int[0]).value(expr, column, type, typmod), cluster);
  }

  /// A value in the bound of a partition.
  Compiled bound(Expr expr, String column, PgType type, int typmod) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    return compiled(
        new Analyzer(cx.names(), cluster, new int[0]).bound(expr, column, type, typmod), cluster);
  }

  /// The type of an expression without columns by itself; null for a constant that anything may be.
  PgType typeOf(Expr expr) {
    if (expr instanceof Expr.StringLiteral || expr instanceof Expr.NullLiteral) {
      return null;
    }
    Analyzer analyzer = new Analyzer(cx.names(), QueryPlanner.newCluster(), new int[0]);
    return PgRelType.of(analyzer.value(expr).node().getType());
  }

  /// What a column without a default of its own gets, which its domain may decide.
  Compiled absent(Column column) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    return compiled(new Analyzer(cx.names(), cluster, new int[0]).absent(column), cluster);
  }

  /// A condition over a table's columns.
  Compiled condition(Expr expr, TableDescriptor table) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    return compiled(new Analyzer(cx.names(), cluster, new int[0]).condition(expr, table), cluster);
  }

  /// An expression over a table's columns as a value of a type.
  Compiled conversion(Expr expr, TableDescriptor table, String column, PgType type, int typmod) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    return compiled(
        new Analyzer(cx.names(), cluster, new int[0]).conversion(expr, table, column, type, typmod),
        cluster);
  }

  /// What a generated column of a table is computed from.
  Compiled generation(Column column, TableDescriptor table) {
    return generation(SqlParser.parseExpression(column.defaultText()), column, table);
  }

  Compiled generation(Expr expr, Column column, TableDescriptor table) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    return compiled(
        new Analyzer(cx.names(), cluster, new int[0]).generation(expr, table, column), cluster);
  }

  /// The generated columns that are computed from a column.
  List<Column> generatedFrom(TableDescriptor table, Column column) {
    return table.liveColumns().stream()
        .filter(other -> other.generated())
        .filter(other -> generation(other, table).columns().contains(column.number()))
        .toList();
  }

  private Compiled compiled(Analyzer.Expression analyzed, RelOptCluster cluster) {
    QueryPlanner planner =
        new QueryPlanner(
            cluster, new SlotTable(analyzed.slots()), cx.catalog(), cx.names().context(), null);
    Object[] slots = new Object[analyzed.slots().size()];
    for (int i = 0; i < slots.length; i++) {
      if (analyzed.slots().get(i) instanceof Slot.Constant constant) {
        slots[i] = constant.value();
      }
    }
    return new Compiled(
        planner.compile(List.of(analyzed.node()))[0],
        slots,
        RexUtil.isDeterministic(analyzed.node()),
        analyzed.columns());
  }

  /// The value of an expression without columns.
  Object evaluate(Compiled compiled) {
    return compiled.eval.eval(new Object[0], cx.execution(compiled.slots));
  }

  Execution execution(Compiled compiled) {
    return cx.execution(compiled.slots);
  }
}
