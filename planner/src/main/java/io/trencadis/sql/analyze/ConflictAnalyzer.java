package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.SortKey;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.rel.IndexTerms;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.txn.RowLock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/// Analyzes ON CONFLICT: which unique indexes decide that there is a conflict, and what becomes of
/// the row that is there.
final class ConflictAnalyzer {
  private final Analysis analysis;
  private final QueryAnalyzer queries;
  private final Ctes ctes;

  ConflictAnalyzer(Analysis analysis, QueryAnalyzer queries, Ctes ctes) {
    this.analysis = analysis;
    this.queries = queries;
    this.ctes = ctes;
  }

  /// @param access what to tell which columns are read and assigned
  Analyzed.OnConflict analyze(
      Statement.Insert insert, TableDescriptor table, UpdatableView view, TableAccess access) {
    Statement.OnConflict conflict = insert.onConflict();
    boolean named = conflict.constraint() != null || !conflict.target().isEmpty();
    if (!conflict.doNothing() && !named) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR,
              "ON CONFLICT DO UPDATE requires inference specification or constraint name")
          .at(conflict.pos())
          .hint("For example, ON CONFLICT (column_name).");
    }
    List<Scope.Column> stored = TableScopes.columns(analysis, table, access);
    Scope.Item item =
        view == null
            ? TableScopes.item(analysis, table, insert.alias(), stored, null)
            : TableScopes.item(analysis, view.view(), insert.alias(), view.columns(), null);
    Scope target = TableScopes.scope(item);
    List<IndexDescriptor> arbiters = named ? arbiters(conflict, table, target) : null;
    if (arbiters != null) {
      arbiters.forEach(index -> index.keyColumns().forEach(access::reads));
    }
    if (conflict.doNothing()) {
      return new Analyzed.OnConflict(arbiters, null, null, null);
    }
    List<Column> live = table.liveColumns();
    Scope scope = withExcluded(target, live.size());
    Map<Integer, RexNode> assigned =
        new UpdateAnalyzer(analysis, queries)
            .assignments(
                conflict.set(),
                table,
                view,
                live,
                scope,
                scope.items().getFirst(),
                ctes,
                UpdatableView.Change.INSERT);
    access.need(Privilege.UPDATE);
    for (int place : assigned.keySet()) {
      if (view == null) {
        access.updates(live.get(place).number());
      } else {
        view.gives(place, UpdatableView.Change.UPDATE);
      }
    }
    List<RexNode> set = new ArrayList<>();
    RowLock lock = RowLock.NO_KEY_UPDATE;
    for (int place = 0; place < live.size(); place++) {
      RexNode value = assigned.get(place);
      set.add(value != null ? value : stored.get(place).value());
      if ((value != null || live.get(place).generated())
          && UpdateAnalyzer.isKey(table, live.get(place).number())) {
        lock = RowLock.UPDATE;
      }
    }
    RexNode where =
        conflict.where() == null
            ? null
            : new ExpressionAnalyzer(
                    analysis, queries, scope, ctes, ExpressionAnalyzer.Clause.WHERE)
                .condition(conflict.where());
    return new Analyzed.OnConflict(arbiters, set, where, lock);
  }

  /// The columns that DO UPDATE assigns.
  static Set<String> assigned(Statement.OnConflict conflict, TableDescriptor table) {
    return conflict == null ? Set.of() : UpdateAnalyzer.assigned(conflict.set(), table);
  }

  /// What SET and WHERE may name: the row that is there, and behind it the one that was to be
  /// inserted, as `excluded`.
  ///
  /// @param width how many columns a row of the table has
  private static Scope withExcluded(Scope target, int width) {
    Scope.Item item = target.items().getFirst();
    List<Scope.Column> excluded = new ArrayList<>();
    for (Scope.Column column : item.columns()) {
      excluded.add(column.with(RexUtil.shift(column.value(), width)));
    }
    List<Scope.Column> visible = new ArrayList<>(item.columns());
    visible.addAll(excluded);
    return new Scope(
        List.of(item, new Scope.Item(null, "excluded", excluded, null, item.tableOid(), false)),
        visible,
        null);
  }

  private List<IndexDescriptor> arbiters(
      Statement.OnConflict conflict, TableDescriptor table, Scope scope) {
    if (conflict.constraint() != null) {
      return List.of(constraint(conflict.constraint(), table));
    }
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(analysis, null, scope, null, ExpressionAnalyzer.Clause.CHECK);
    Set<Integer> columns = new TreeSet<>();
    Set<RexNode> computed = new HashSet<>();
    for (Statement.IndexElement element : conflict.target()) {
      requireUnordered(element);
      if (element.column() == null) {
        computed.add(expressions.analyze(element.expr()));
        continue;
      }
      Scope.Column named =
          scope.visible().stream()
              .filter(each -> each.name().equals(element.column()))
              .findFirst()
              .orElse(null);
      if (named != null && !(named.value() instanceof RexInputRef)) {
        computed.add(named.value());
        continue;
      }
      Column column =
          named == null ? null : table.liveColumns().get(((RexInputRef) named.value()).getIndex());
      if (column == null) {
        throw new SqlException(
                SqlState.UNDEFINED_COLUMN, "column \"" + element.column() + "\" does not exist")
            .at(element.pos());
      }
      columns.add(column.number());
    }
    List<RexNode> known = List.of();
    // The terms of indexes first, so that the statement's constants are compared with theirs.
    Map<Integer, IndexTerms> terms = new HashMap<>();
    for (IndexDescriptor index : table.indexes()) {
      if (!index.isPlain()) {
        terms.put(index.oid(), TableScopes.indexTerms(analysis, table, index));
      }
    }
    if (conflict.targetWhere() != null) {
      known =
          RelOptUtil.conjunctions(
              expressions.booleanOperand(conflict.targetWhere(), "argument of WHERE"));
    }
    List<IndexDescriptor> found = new ArrayList<>();
    for (IndexDescriptor index : table.indexes()) {
      IndexTerms own = terms.get(index.oid());
      boolean matches =
          index.unique()
              && index.valid()
              && new TreeSet<>(index.keyColumns()).equals(columns)
              && (own == null ? Set.of() : new HashSet<>(own.expressions())).equals(computed);
      boolean implied =
          own == null
              || own.predicate() == null
              || known.containsAll(RelOptUtil.conjunctions(own.predicate()));
      if (matches && implied) {
        found.add(index);
      }
    }
    if (found.isEmpty()) {
      throw new SqlException(
          SqlState.INVALID_COLUMN_REFERENCE,
          "there is no unique or exclusion constraint matching the ON CONFLICT specification");
    }
    return found;
  }

  private static void requireUnordered(Statement.IndexElement element) {
    String offence =
        element.direction() != SortKey.Direction.DEFAULT
            ? "ASC/DESC"
            : element.nulls() != SortKey.Nulls.DEFAULT ? "NULLS FIRST/LAST" : null;
    if (offence != null) {
      throw new SqlException(
              SqlState.INVALID_COLUMN_REFERENCE, offence + " is not allowed in ON CONFLICT clause")
          .at(element.pos());
    }
  }

  private static IndexDescriptor constraint(String name, TableDescriptor table) {
    for (IndexDescriptor index : table.indexes()) {
      if (index.constraint() && index.name().equals(name)) {
        return index;
      }
    }
    for (CheckConstraint check : table.checks()) {
      if (check.name().equals(name)) {
        throw new SqlException(
            SqlState.WRONG_OBJECT_TYPE, "constraint in ON CONFLICT clause has no associated index");
      }
    }
    throw new SqlException(
        SqlState.UNDEFINED_OBJECT,
        "constraint \"" + name + "\" for table \"" + table.name() + "\" does not exist");
  }
}
