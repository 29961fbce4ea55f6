package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.rel.SourceRels;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.RowLock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/// Analyzes INSERT: which columns the source's values go to, and what the others get.
final class InsertAnalyzer {
  private final Analysis analysis;
  private final QueryAnalyzer queries;

  /// By column number. A statement of many rows has the same expression in each of them.
  private final Map<Integer, RexNode> defaults = new HashMap<>();

  InsertAnalyzer(Analysis analysis, QueryAnalyzer queries) {
    this.analysis = analysis;
    this.queries = queries;
  }

  private RexNode defaultOf(Column column) {
    return defaults.computeIfAbsent(
        column.number(), _ -> TableScopes.defaultValue(analysis, column));
  }

  /// @param inSight the WITH queries that a statement around this one has, or null
  Analyzed analyze(Statement.Insert insert, Ctes inSight) {
    TableDescriptor named = analysis.names().tableOfQuery(insert.table());
    UpdatableView view =
        named.isView()
                && !UpdatableView.hasTrigger(analysis.names(), named, UpdatableView.Change.INSERT)
            ? UpdatableView.of(analysis, queries, named, UpdatableView.Change.INSERT)
            : null;
    TableDescriptor table = view == null ? named : view.table();
    TableAccess access =
        view == null ? analysis.access(Target.of(table)).need(Privilege.INSERT) : view.access();
    if (table.isView() && insert.onConflict() != null) {
      throw SqlException.notSupported("ON CONFLICT with INSTEAD OF triggers");
    }
    Ctes ctes = queries.inSight(insert.with(), inSight);
    List<Column> live = table.liveColumns();
    List<Integer> targets = view == null ? targets(insert, table, live) : viewTargets(insert, view);
    RelNode source;
    noteGiven(insert, targets, live, view, access);
    if (insert.source() == null) {
      source = rows(List.of(List.of()), List.of(), live, insert);
    } else if (insert.source().body() instanceof Query.Values values && isPlain(insert.source())) {
      source = values(values, targets, live, insert, ctes);
    } else {
      source = query(insert, targets, live, ctes);
    }
    ChangeTargets changes = new ChangeTargets(analysis, queries, ctes).through(view);
    Scope scope =
        view == null
            ? returned(TableScopes.row(analysis, table, insert.alias(), access), table, access)
            : TableScopes.scope(
                TableScopes.item(analysis, named, insert.alias(), view.columns(), null));
    Analyzed.OnConflict conflict =
        insert.onConflict() == null
            ? null
            : new ConflictAnalyzer(analysis, queries, ctes).analyze(insert, table, view, access);
    return changes.analyzed(
        ModifyNode.Kind.INSERT,
        table,
        source,
        scope,
        insert.returning(),
        RowLock.UPDATE,
        false,
        true,
        ConflictAnalyzer.assigned(insert.onConflict(), table),
        conflict);
  }

  /// The row as RETURNING sees it, with its system columns where they are in sight.
  private Scope returned(Scope row, TableDescriptor table, TableAccess access) {
    if (!analysis.systemColumns()) {
      return row;
    }
    Scope.Item item = row.items().getFirst();
    Scope all = TableScopes.scope(SystemColumns.behind(item, table, analysis, access));
    all.generated(row.generated());
    return all;
  }

  /// Notes which columns are given values: those named, or as many as the source has.
  private static void noteGiven(
      Statement.Insert insert,
      List<Integer> targets,
      List<Column> live,
      UpdatableView view,
      TableAccess access) {
    if (insert.source() == null) {
      return;
    }
    int width =
        insert.columns().isEmpty() && insert.source().body() instanceof Query.Values values
            ? Math.min(values.rows().getFirst().size(), targets.size())
            : targets.size();
    for (int place : targets.subList(0, width)) {
      if (view == null) {
        access.inserts(live.get(place).number());
      } else {
        view.gives(place, UpdatableView.Change.INSERT);
      }
    }
  }

  private static boolean isPlain(Query query) {
    return query.with() == null
        && query.orderBy().isEmpty()
        && query.limit() == null
        && query.offset() == null;
  }

  /// Places in the table of the view's columns that the source's values go to, in their order.
  private static List<Integer> viewTargets(Statement.Insert insert, UpdatableView view) {
    List<Integer> targets = new ArrayList<>();
    if (insert.columns().isEmpty()) {
      int width =
          insert.source() != null && insert.source().body() instanceof Query.Values values
              ? values.rows().getFirst().size()
              : insert.source() == null ? 0 : view.columns().size();
      for (Scope.Column column : view.columns()) {
        // A computed column at the end may stay without a value.
        boolean given = targets.size() < width;
        if (given) {
          targets.add(view.place(column, UpdatableView.Change.INSERT));
        }
      }
      return targets;
    }
    for (Statement.ColumnTarget target : insert.columns()) {
      int place = view.place(target, UpdatableView.Change.INSERT);
      int earlier = targets.indexOf(place);
      boolean parts =
          earlier >= 0
              && !target.indirection().isEmpty()
              && !insert.columns().get(earlier).indirection().isEmpty();
      if (earlier >= 0 && !parts) {
        throw new SqlException(
                SqlState.DUPLICATE_COLUMN,
                "column \"" + target.name() + "\" specified more than once")
            .at(target.pos());
      }
      targets.add(place);
    }
    return targets;
  }

  /// Places of the columns that the source's values go to, in their order.
  private static List<Integer> targets(
      Statement.Insert insert, TableDescriptor table, List<Column> live) {
    List<Integer> targets = new ArrayList<>();
    if (insert.columns().isEmpty()) {
      for (int i = 0; i < live.size(); i++) {
        targets.add(i);
      }
      return targets;
    }
    for (Statement.ColumnTarget target : insert.columns()) {
      int place = ChangeTargets.place(table, live, target);
      int earlier = targets.indexOf(place);
      boolean parts =
          earlier >= 0
              && !target.indirection().isEmpty()
              && !insert.columns().get(earlier).indirection().isEmpty();
      if (earlier >= 0 && !parts) {
        throw new SqlException(
                SqlState.DUPLICATE_COLUMN,
                "column \"" + target.name() + "\" specified more than once")
            .at(target.pos());
      }
      targets.add(place);
    }
    return targets;
  }

  private void requireFit(
      int expressions, List<Integer> targets, Statement.Insert insert, int pos) {
    if (expressions > targets.size()) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR, "INSERT has more expressions than target columns")
          .at(pos);
    }
    if (!insert.columns().isEmpty() && expressions < targets.size()) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR, "INSERT has more target columns than expressions")
          .at(insert.columns().get(expressions).pos());
    }
  }

  private RelNode values(
      Query.Values values,
      List<Integer> targets,
      List<Column> live,
      Statement.Insert insert,
      Ctes ctes) {
    if (values.rows().size() == 1
        && values.rows().getFirst().stream().anyMatch(InsertAnalyzer::isStar)) {
      return query(selected(insert, values.rows().getFirst()), targets, live, ctes);
    }
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis, queries, Scope.empty(null), ctes, ExpressionAnalyzer.Clause.VALUES);
    int width = values.rows().getFirst().size();
    List<List<RexNode>> rows = new ArrayList<>();
    for (List<Expr> row : values.rows()) {
      if (row.size() != width) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "VALUES lists must all be the same length")
            .at(row.getFirst().pos());
      }
      int at = row.size() > targets.size() ? row.get(targets.size()).pos() : -1;
      requireFit(row.size(), targets, insert, at);
      rows.add(cells(row, targets, live, insert, expressions));
    }
    if (rows.size() == 1 && rows.getFirst().stream().anyMatch(SetColumns::isIn)) {
      return query(selected(insert, values.rows().getFirst()), targets, live, ctes);
    }
    for (int i = 0; rows.size() > 1 && i < rows.size(); i++) {
      for (int j = 0; j < width; j++) {
        if (SetColumns.isIn(rows.get(i).get(j))) {
          throw new SqlException(
                  SqlState.FEATURE_NOT_SUPPORTED,
                  "set-returning functions are not allowed in VALUES")
              .at(values.rows().get(i).get(j).pos());
        }
      }
    }
    return rows(rows, targets.subList(0, width), live, insert);
  }

  private static boolean isStar(Expr expr) {
    return expr instanceof Expr.ColumnRef ref && ref.star();
  }

  /// One row of VALUES as a select list, where functions may return sets and stars are many
  /// columns.
  private static Statement.Insert selected(Statement.Insert insert, List<Expr> row) {
    List<Query.Target> list = new ArrayList<>();
    row.forEach(each -> list.add(new Query.Target(each, null, each.pos())));
    Query.SelectCore core =
        new Query.SelectCore(
            false,
            List.of(),
            list,
            List.of(),
            null,
            false,
            List.of(),
            null,
            List.of(),
            insert.source().pos());
    return new Statement.Insert(
        insert.with(),
        insert.table(),
        insert.alias(),
        insert.columns(),
        insert.overriding(),
        Query.of(core),
        insert.onConflict(),
        insert.returning(),
        insert.pos());
  }

  private List<RexNode> cells(
      List<Expr> row,
      List<Integer> targets,
      List<Column> live,
      Statement.Insert insert,
      ExpressionAnalyzer expressions) {
    List<RexNode> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Column column = live.get(targets.get(i));
      Expr cell = row.get(i);
      if (cell instanceof Expr.Default) {
        PartAssignment part = part(insert, column, i);
        if (part != null) {
          throw new SqlException(
                  SqlState.FEATURE_NOT_SUPPORTED, "cannot set " + part.kind() + " to DEFAULT")
              .at(cell.pos());
        }
        cells.add(defaultOf(column));
      } else {
        requireNotGenerated(column, insert);
        RexNode value = expressions.analyze(cell);
        PartAssignment part = part(insert, column, i);
        if (part != null) {
          // All parts of a column end up in the cell of the first.
          int first = targets.indexOf(targets.get(i));
          RexNode whole =
              part.whole(
                  first == i ? null : cells.get(first),
                  part.value(value, expressions, cell.pos()),
                  analysis,
                  expressions);
          cells.add(whole);
          cells.set(first, whole);
          continue;
        }
        cells.add(
            insert.overriding() == Statement.Overriding.USER && column.identity() != ' '
                ? defaultOf(column)
                : expressions
                    .conversions()
                    .assign(
                        value,
                        column.name(),
                        Types.byOid(column.typeOid()),
                        column.typmod(),
                        cell.pos()));
      }
    }
    return cells;
  }

  private static PartAssignment part(Statement.Insert insert, Column column, int target) {
    return insert.columns().isEmpty()
        ? null
        : PartAssignment.of(column, insert.columns().get(target));
  }

  /// The whole row that the INSERT of a MERGE makes.
  ///
  /// @param values null for DEFAULT VALUES
  List<RexNode> row(
      List<Expr> values,
      Statement.Insert insert,
      TableDescriptor table,
      ExpressionAnalyzer expressions) {
    List<Column> live = table.liveColumns();
    List<Integer> targets = targets(insert, table, live);
    List<RexNode> cells = List.of();
    if (values != null) {
      int at = values.size() > targets.size() ? values.get(targets.size()).pos() : -1;
      requireFit(values.size(), targets, insert, at);
      cells = cells(values, targets, live, insert, expressions);
    }
    List<RexNode> row = new ArrayList<>();
    for (int place = 0; place < live.size(); place++) {
      int index = targets.subList(0, cells.size()).indexOf(place);
      row.add(index >= 0 ? cells.get(index) : defaultOf(live.get(place)));
    }
    return row;
  }

  private static void requireNotGenerated(Column column, Statement.Insert insert) {
    if (column.generated()) {
      throw new SqlException(
              SqlState.GENERATED_ALWAYS,
              "cannot insert a non-DEFAULT value into column \"" + column.name() + "\"")
          .detail("Column \"" + column.name() + "\" is a generated column.");
    }
    if (column.identity() == 'a' && insert.overriding() == Statement.Overriding.NONE) {
      throw new SqlException(
              SqlState.GENERATED_ALWAYS,
              "cannot insert a non-DEFAULT value into column \"" + column.name() + "\"")
          .detail(
              "Column \"" + column.name() + "\" is an identity column defined as GENERATED ALWAYS.")
          .hint("Use OVERRIDING SYSTEM VALUE to override.");
    }
  }

  /// Rows of all live columns, out of rows of the target columns.
  private RelNode rows(
      List<List<RexNode>> given,
      List<Integer> targets,
      List<Column> live,
      Statement.Insert insert) {
    List<List<RexNode>> rows = new ArrayList<>();
    for (List<RexNode> cells : given) {
      List<RexNode> row = new ArrayList<>();
      for (int place = 0; place < live.size(); place++) {
        int index = targets.indexOf(place);
        row.add(index >= 0 ? cells.get(index) : defaultOf(live.get(place)));
      }
      rows.add(row);
    }
    return new SourceRels.Rows(analysis.cluster(), rowType(live), rows);
  }

  /// What a query gives a column, in one piece or in several.
  private RexNode given(
      Statement.Insert insert,
      List<Integer> targets,
      int place,
      List<Column> live,
      RelNode source,
      ExpressionAnalyzer expressions) {
    RexNode value = null;
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i) == place) {
        RexNode own = analysis.rex().makeInputRef(source, i);
        PartAssignment part = part(insert, live.get(place), i);
        value = part == null ? own : part.whole(value, own, analysis, expressions);
      }
    }
    return value;
  }

  private RelDataType rowType(List<Column> live) {
    var builder = analysis.cluster().getTypeFactory().builder();
    for (Column column : live) {
      builder.add(column.name(), PgTypeFactory.of(column));
    }
    return builder.build();
  }

  private RelNode query(
      Statement.Insert insert, List<Integer> targets, List<Column> live, Ctes ctes) {
    QueryAnalyzer.Result result = queries.query(insert.source(), null, ctes, false);
    int width = result.columns().size();
    requireFit(width, targets, insert, insert.source().pos());
    List<RelDataType> types = new ArrayList<>();
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis, queries, Scope.empty(null), ctes, ExpressionAnalyzer.Clause.VALUES);
    for (int i = 0; i < width; i++) {
      Column column = live.get(targets.get(i));
      requireNotGenerated(column, insert);
      PartAssignment part = part(insert, column, i);
      if (part != null) {
        part.value(
            analysis.rex().makeInputRef(result.rel(), i), expressions, insert.source().pos());
        types.add(part.type());
        continue;
      }
      // Complains in INSERT's words where there is no conversion; the values are converted below.
      expressions
          .conversions()
          .assign(
              analysis.rex().makeInputRef(result.rel(), i),
              column.name(),
              Types.byOid(column.typeOid()),
              -1,
              insert.source().pos());
      types.add(PgTypeFactory.of(column));
    }
    RelNode coerced = queries.coerced(result, types);
    List<RexNode> all = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int place = 0; place < live.size(); place++) {
      int index = targets.subList(0, width).indexOf(place);
      all.add(
          index >= 0
              ? given(insert, targets.subList(0, width), place, live, coerced, expressions)
              : defaultOf(live.get(place)));
      names.add(live.get(place).name());
    }
    return LogicalProject.create(coerced, List.of(), all, names, Collections.emptySet());
  }
}
