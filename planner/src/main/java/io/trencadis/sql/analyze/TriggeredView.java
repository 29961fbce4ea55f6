package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Target;
import io.trencadis.txn.RowLock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexNode;

/// UPDATE and DELETE of a view whose INSTEAD OF triggers do the work: the view is queried, and each
/// of its rows is theirs.
final class TriggeredView {
  private final Analysis analysis;
  private final QueryAnalyzer queries;
  private final TableDescriptor view;

  TriggeredView(Analysis analysis, QueryAnalyzer queries, TableDescriptor view) {
    this.analysis = analysis;
    this.queries = queries;
    this.view = view;
  }

  /// The view's columns, then those of FROM or USING.
  private record Rows(RelNode rel, Scope scope, int width) {}

  private Rows rows(
      QualifiedName name, String alias, List<TableRef> others, Ctes ctes, Expr where) {
    if (where instanceof Expr.CurrentOf) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "WHERE CURRENT OF on a view is not implemented");
    }
    TableRef.Alias shown = alias == null ? null : new TableRef.Alias(alias, List.of(), name.pos());
    FromAnalyzer from = new FromAnalyzer(analysis, queries, null, ctes, List.of());
    FromAnalyzer.From all =
        from.addTo(
            from.view(view, new TableRef.TableName(name, false, shown, null, name.pos())), others);
    Scope scope = from.scopeOf(all);
    RelNode rel = all.rel();
    if (where != null) {
      rel =
          LogicalFilter.create(
              rel,
              new ExpressionAnalyzer(
                      analysis, queries, scope, ctes, ExpressionAnalyzer.Clause.WHERE)
                  .condition(where));
    }
    return new Rows(rel, scope, view.liveColumns().size());
  }

  private void add(Rows rows, int from, int to, List<RexNode> values) {
    for (int i = from; i < to; i++) {
      values.add(analysis.rex().makeInputRef(rows.rel, i));
    }
  }

  private RelNode projected(Rows rows, List<RexNode> values) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      names.add("c" + i);
    }
    return LogicalProject.create(rows.rel, List.of(), values, names, Collections.emptySet());
  }

  Analyzed update(Statement.Update update, Ctes inSight) {
    TableAccess access = analysis.access(Target.of(view)).need(Privilege.UPDATE);
    Ctes ctes = queries.inSight(update.with(), inSight);
    Rows rows = rows(update.table(), update.alias(), update.from(), ctes, update.where());
    List<Column> live = view.liveColumns();
    Map<Integer, RexNode> assigned =
        new UpdateAnalyzer(analysis, queries)
            .assignments(update.set(), view, live, rows.scope, rows.scope.items().getFirst(), ctes);
    List<RexNode> values = new ArrayList<>();
    add(rows, 0, rows.width, values);
    for (int place = 0; place < rows.width; place++) {
      RexNode value = assigned.get(place);
      values.add(value != null ? value : analysis.rex().makeInputRef(rows.rel, place));
      if (value != null) {
        access.updates(live.get(place).number());
      }
    }
    add(rows, rows.width, rows.rel.getRowType().getFieldCount(), values);
    return analyzed(
        ModifyNode.Kind.UPDATE,
        projected(rows, values),
        rows.scope,
        update.returning(),
        ctes,
        UpdateAnalyzer.assignedNames(assigned.keySet(), live, update.set(), view));
  }

  Analyzed delete(Statement.Delete delete, Ctes inSight) {
    analysis.access(Target.of(view)).need(Privilege.DELETE);
    Ctes ctes = queries.inSight(delete.with(), inSight);
    Rows rows = rows(delete.table(), delete.alias(), delete.using(), ctes, delete.where());
    List<RexNode> values = new ArrayList<>();
    add(rows, 0, rows.rel.getRowType().getFieldCount(), values);
    return analyzed(
        ModifyNode.Kind.DELETE,
        projected(rows, values),
        rows.scope,
        delete.returning(),
        ctes,
        Set.of());
  }

  private Analyzed analyzed(
      ModifyNode.Kind kind,
      RelNode source,
      Scope scope,
      List<Query.Target> returning,
      Ctes ctes,
      Set<String> assigned) {
    return new ChangeTargets(analysis, queries, ctes)
        .analyzed(
            kind, view, source, scope, returning, RowLock.UPDATE, false, true, assigned, null);
  }
}
