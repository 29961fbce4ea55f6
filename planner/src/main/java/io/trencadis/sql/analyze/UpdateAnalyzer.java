package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.RowLock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;

/// Analyzes UPDATE and DELETE: a query that finds the rows, and what becomes of them.
final class UpdateAnalyzer {
  private final Analysis analysis;
  private final QueryAnalyzer queries;

  UpdateAnalyzer(Analysis analysis, QueryAnalyzer queries) {
    this.analysis = analysis;
    this.queries = queries;
  }

  /// The rows to change: the table's columns, their locator, then the columns of FROM or USING.
  private record Rows(RelNode rel, Scope scope, int width, RexNode locator) {}

  private Rows rows(
      TableDescriptor table,
      UpdatableView view,
      QualifiedName name,
      String alias,
      boolean only,
      List<TableRef> others,
      Ctes ctes,
      Expr where,
      TableAccess access) {
    TableRef.Alias shown = alias == null ? null : new TableRef.Alias(alias, List.of(), name.pos());
    FromAnalyzer from = new FromAnalyzer(analysis, queries, null, ctes, List.of());
    FromAnalyzer.From target =
        view == null
            ? from.storedTable(table, shown, name.schema() != null, true, only, access)
            : from.updatableView(view, shown, name.schema() != null);
    FromAnalyzer.From all = from.addTo(target, others);
    Scope scope = from.scopeOf(all);
    RelNode rel = all.rel();
    if (where instanceof Expr.CurrentOf current) {
      if (view != null) {
        throw new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED, "WHERE CURRENT OF on a view is not implemented");
      }
      rel = LogicalFilter.create(rel, current(table, current.cursor(), target));
    } else if (where != null) {
      RexNode condition =
          new ExpressionAnalyzer(analysis, queries, scope, ctes, ExpressionAnalyzer.Clause.WHERE)
              .condition(where);
      rel = LogicalFilter.create(rel, condition);
    }
    return new Rows(rel, scope, table.liveColumns().size(), target.items().getFirst().locator());
  }

  /// Whether a row is the one that a cursor stands on; said of its key, too, which finds it.
  private RexNode current(TableDescriptor table, String cursor, FromAnalyzer.From target) {
    List<RexNode> conditions = new ArrayList<>();
    Scope.Item item = target.items().getFirst();
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis, queries, Scope.empty(null), null, ExpressionAnalyzer.Clause.WHERE);
    boolean alone = analysis.names().catalog().childrenOf(table.oid()).isEmpty();
    if (table.primaryKey() != null && alone) {
      for (KeyPart part : table.primaryKey().parts()) {
        for (Scope.Column column : item.columns()) {
          if (column.columnNumber() == part.column()) {
            RexNode value =
                analysis
                    .rex()
                    .makeCall(
                        column.value().getType(),
                        new PgCall(
                            new Operation.CurrentColumn(
                                cursor, table.oid(), table.name(), column.name())),
                        List.of());
            conditions.add(expressions.operator("=", column.value(), value, -1));
          }
        }
      }
    }
    conditions.add(
        analysis
            .rex()
            .makeCall(
                PgTypeFactory.of(Types.BOOL),
                new PgCall(new Operation.IsCurrent(cursor, table.oid(), table.name())),
                List.of(item.locator())));
    return RexUtil.composeConjunction(analysis.rex(), conditions);
  }

  /// What RETURNING sees: the new row's columns, then those of FROM without the locator between
  /// them, which comes last.
  private Scope returningScope(Rows rows, boolean ofTable) {
    int last = rows.rel.getRowType().getFieldCount() - 1;
    List<Scope.Item> items = new ArrayList<>();
    for (Scope.Item item : rows.scope.items()) {
      Scope.Item moved =
          new Scope.Item(
              item.schema(),
              item.name(),
              locatorLast(item.columns(), rows.width, last),
              null,
              item.tableOid(),
              item.function(),
              locatorLast(item.hidden(), rows.width, last),
              item.optional());
      items.add(
          items.isEmpty() && ofTable && analysis.systemColumns()
              ? SystemColumns.at(moved, last, analysis, null)
              : moved);
    }
    return new Scope(items, locatorLast(rows.scope.visible(), rows.width, last), null);
  }

  private static List<Scope.Column> locatorLast(List<Scope.Column> columns, int width, int last) {
    RexShuttle moved =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            int at = ref.getIndex();
            return at < width ? ref : new RexInputRef(at == width ? last : at - 1, ref.getType());
          }
        };
    List<Scope.Column> out = new ArrayList<>();
    for (Scope.Column column : columns) {
      out.add(column.with(column.value().accept(moved)));
    }
    return out;
  }

  private void addOthers(Rows rows, List<RexNode> values, List<String> names) {
    int fields = rows.rel.getRowType().getFieldCount();
    for (int i = rows.width + 1; i < fields; i++) {
      values.add(analysis.rex().makeInputRef(rows.rel, i));
      names.add("other" + i);
    }
  }

  /// @param inSight the WITH queries that a statement around this one has, or null
  Analyzed update(Statement.Update update, Ctes inSight) {
    TableDescriptor named = analysis.names().tableOfQuery(update.table());
    if (UpdatableView.hasTrigger(analysis.names(), named, UpdatableView.Change.UPDATE)) {
      return new TriggeredView(analysis, queries, named).update(update, inSight);
    }
    UpdatableView view = view(named, UpdatableView.Change.UPDATE);
    TableDescriptor table = view == null ? named : view.table();
    TableAccess access =
        view == null ? analysis.access(Target.of(table)).need(Privilege.UPDATE) : view.access();
    Ctes ctes = queries.inSight(update.with(), inSight);
    Rows rows =
        rows(
            table,
            view,
            update.table(),
            update.alias(),
            update.only(),
            update.from(),
            ctes,
            update.where(),
            access);
    List<Column> live = table.liveColumns();
    Map<Integer, RexNode> assigned =
        assignments(
            update.set(),
            table,
            view,
            live,
            rows.scope,
            rows.scope.items().getFirst(),
            ctes,
            UpdatableView.Change.UPDATE);
    for (int place : assigned.keySet()) {
      if (view == null) {
        access.updates(live.get(place).number());
      } else {
        view.gives(place, UpdatableView.Change.UPDATE);
      }
    }
    List<RexNode> values = new ArrayList<>();
    List<String> names = new ArrayList<>();
    values.add(rows.locator);
    names.add("ctid");
    for (int place = 0; place < live.size(); place++) {
      RexNode value = assigned.get(place);
      values.add(value != null ? value : analysis.rex().makeInputRef(rows.rel, place));
      names.add(live.get(place).name());
    }
    addOthers(rows, values, names);
    RelNode source =
        LogicalProject.create(rows.rel, List.of(), values, names, Collections.emptySet());
    RowLock lock = RowLock.NO_KEY_UPDATE;
    for (int place = 0; place < live.size(); place++) {
      if ((assigned.containsKey(place) || live.get(place).generated())
          && isKey(table, live.get(place).number())) {
        lock = RowLock.UPDATE;
      }
    }
    return new ChangeTargets(analysis, queries, ctes)
        .through(view)
        .analyzed(
            ModifyNode.Kind.UPDATE,
            table,
            source,
            returningScope(rows, view == null),
            update.returning(),
            lock,
            !update.from().isEmpty(),
            only(view, update.only()),
            assignedNames(assigned.keySet(), live, update.set(), table),
            null);
  }

  private UpdatableView view(TableDescriptor named, UpdatableView.Change change) {
    return named.isView() ? UpdatableView.of(analysis, queries, named, change) : null;
  }

  static Set<String> assignedNames(
      Set<Integer> places,
      List<Column> live,
      List<Statement.SetClause> clauses,
      TableDescriptor table) {
    Set<String> names = assigned(clauses, table);
    places.forEach(place -> names.add(live.get(place).name()));
    return names;
  }

  /// The columns that get other values by SET clauses: those that they name, and generated ones.
  static Set<String> assigned(List<Statement.SetClause> clauses, TableDescriptor table) {
    Set<String> names = new HashSet<>();
    clauses.forEach(set -> set.columns().forEach(column -> names.add(column.name())));
    if (!clauses.isEmpty()) {
      for (Column column : table.liveColumns()) {
        if (column.generated()) {
          names.add(column.name());
        }
      }
    }
    return names;
  }

  /// Whether a unique index has the column.
  static boolean isKey(TableDescriptor table, int column) {
    for (IndexDescriptor index : table.indexes()) {
      if (index.unique() && !index.included().contains(column) && index.uses(column)) {
        return true;
      }
    }
    return false;
  }

  /// The values that SET gives to columns, by their place among the live ones.
  ///
  /// @param own the row that is changed, in the scope
  Map<Integer, RexNode> assignments(
      List<Statement.SetClause> clauses,
      TableDescriptor table,
      List<Column> live,
      Scope scope,
      Scope.Item own,
      Ctes ctes) {
    return assignments(clauses, table, null, live, scope, own, ctes, UpdatableView.Change.UPDATE);
  }

  /// @param view what the clauses name columns of, or null for the table itself
  /// @param change what errors call the assignment
  Map<Integer, RexNode> assignments(
      List<Statement.SetClause> clauses,
      TableDescriptor table,
      UpdatableView view,
      List<Column> live,
      Scope scope,
      Scope.Item own,
      Ctes ctes,
      UpdatableView.Change change) {
    Map<Integer, RexNode> assigned = new HashMap<>();
    Set<Integer> whole = new HashSet<>();
    Set<Integer> parts = new HashSet<>();
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(analysis, queries, scope, ctes, ExpressionAnalyzer.Clause.UPDATE);
    for (Statement.SetClause set : clauses) {
      int count = set.columns().size();
      List<Expr> values = Collections.nCopies(count, set.value());
      List<RexNode> row = null;
      if (set.multiple() && set.value() instanceof Expr.Row given) {
        values = given.fields();
        if (values.size() != count) {
          throw otherCount(given.pos());
        }
      } else if (set.multiple() && set.value() instanceof Expr.ScalarSubquery subquery) {
        row = expressions.row(subquery, count);
      } else if (set.multiple()) {
        throw new SqlException(
                SqlState.FEATURE_NOT_SUPPORTED,
                "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression")
            .at(set.value().pos());
      }
      for (int i = 0; i < count; i++) {
        Statement.ColumnTarget target = set.columns().get(i);
        int place =
            view == null ? ChangeTargets.place(table, live, target) : view.place(target, change);
        PartAssignment part = PartAssignment.of(live.get(place), target);
        RexNode known = row == null ? null : row.get(i);
        if (part == null) {
          assign(place, values.get(i), known, live, expressions, assigned);
        } else if (whole.contains(place)) {
          throw multiple(live.get(place));
        } else {
          assignPart(part, target.name(), place, values.get(i), known, own, expressions, assigned);
          parts.add(place);
          continue;
        }
        if (parts.contains(place)) {
          throw multiple(live.get(place));
        }
        whole.add(place);
      }
    }
    return assigned;
  }

  static SqlException otherCount(int pos) {
    return new SqlException(
            SqlState.SYNTAX_ERROR, "number of columns does not match number of values")
        .at(pos);
  }

  private static SqlException multiple(Column column) {
    return new SqlException(
        SqlState.SYNTAX_ERROR, "multiple assignments to same column \"" + column.name() + "\"");
  }

  private void assignPart(
      PartAssignment part,
      String name,
      int place,
      Expr value,
      RexNode known,
      Scope.Item own,
      ExpressionAnalyzer expressions,
      Map<Integer, RexNode> assigned) {
    if (value instanceof Expr.Default) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED, "cannot set " + part.kind() + " to DEFAULT")
          .at(value.pos());
    }
    RexNode before = assigned.get(place);
    if (before == null) {
      before =
          own.columns().stream()
              .filter(column -> column.name().equals(name))
              .findFirst()
              .orElseThrow()
              .value();
    }
    RexNode node = known == null ? expressions.analyze(value) : known;
    assigned.put(
        place,
        part.whole(before, part.value(node, expressions, value.pos()), analysis, expressions));
  }

  /// @param known the value, if it has been analyzed; else null
  private void assign(
      int place,
      Expr value,
      RexNode known,
      List<Column> live,
      ExpressionAnalyzer expressions,
      Map<Integer, RexNode> assigned) {
    Column column = live.get(place);
    if (assigned.containsKey(place)) {
      throw multiple(column);
    }
    if (value instanceof Expr.Default) {
      assigned.put(place, TableScopes.defaultValue(analysis, column));
      return;
    }
    if (column.generated()) {
      throw new SqlException(
              SqlState.GENERATED_ALWAYS,
              "column \"" + column.name() + "\" can only be updated to DEFAULT")
          .detail("Column \"" + column.name() + "\" is a generated column.");
    }
    if (column.identity() == 'a') {
      throw new SqlException(
              SqlState.GENERATED_ALWAYS,
              "column \"" + column.name() + "\" can only be updated to DEFAULT")
          .detail(
              "Column \""
                  + column.name()
                  + "\" is an identity column defined as GENERATED ALWAYS.");
    }
    assigned.put(
        place,
        expressions
            .conversions()
            .assign(
                known == null ? expressions.analyze(value) : known,
                column.name(),
                Types.byOid(column.typeOid()),
                column.typmod(),
                value.pos()));
  }

  /// @param inSight the WITH queries that a statement around this one has, or null
  Analyzed delete(Statement.Delete delete, Ctes inSight) {
    TableDescriptor named = analysis.names().tableOfQuery(delete.table());
    if (UpdatableView.hasTrigger(analysis.names(), named, UpdatableView.Change.DELETE)) {
      return new TriggeredView(analysis, queries, named).delete(delete, inSight);
    }
    UpdatableView view = view(named, UpdatableView.Change.DELETE);
    TableDescriptor table = view == null ? named : view.table();
    TableAccess access =
        view == null ? analysis.access(Target.of(table)).need(Privilege.DELETE) : view.access();
    Ctes ctes = queries.inSight(delete.with(), inSight);
    Rows rows =
        rows(
            table,
            view,
            delete.table(),
            delete.alias(),
            delete.only(),
            delete.using(),
            ctes,
            delete.where(),
            access);
    List<RexNode> values = new ArrayList<>();
    List<String> names = new ArrayList<>();
    values.add(rows.locator);
    names.add("ctid");
    for (int place = 0; place < rows.width; place++) {
      values.add(analysis.rex().makeInputRef(rows.rel, place));
      names.add("c" + place);
    }
    addOthers(rows, values, names);
    RelNode source =
        LogicalProject.create(rows.rel, List.of(), values, names, Collections.emptySet());
    return new ChangeTargets(analysis, queries, ctes)
        .analyzed(
            ModifyNode.Kind.DELETE,
            table,
            source,
            returningScope(rows, view == null),
            delete.returning(),
            RowLock.UPDATE,
            !delete.using().isEmpty(),
            only(view, delete.only()));
  }

  /// Whether descendants of the changed table are left alone.
  private static boolean only(UpdatableView view, boolean written) {
    return view == null ? written : view.only();
  }
}
