package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.session.ResultColumn;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.RowLock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;

/// What INSERT, UPDATE and DELETE have in common: the table they name, and RETURNING.
final class ChangeTargets {
  private final Analysis analysis;
  private final QueryAnalyzer queries;
  private final Ctes ctes;
  private UpdatableView view;

  ChangeTargets(Analysis analysis, QueryAnalyzer queries, Ctes ctes) {
    this.analysis = analysis;
    this.queries = queries;
    this.ctes = ctes;
  }

  /// The view that the statement changes the table through, if it names one.
  ChangeTargets through(UpdatableView changed) {
    view = changed;
    return this;
  }

  private List<Analyzed.NamedCheck> checks(ModifyNode.Kind kind, TableDescriptor table) {
    if (kind == ModifyNode.Kind.DELETE) {
      return List.of();
    }
    List<Analyzed.NamedCheck> checks = new ArrayList<>(TableScopes.checks(analysis, table));
    if (view != null) {
      checks.addAll(view.checks());
    }
    return checks;
  }

  /// The place of a named column among the live ones.
  static int place(TableDescriptor table, List<Column> live, Statement.ColumnTarget target) {
    for (int i = 0; i < live.size(); i++) {
      if (live.get(i).name().equals(target.name())) {
        return i;
      }
    }
    throw new SqlException(
            SqlState.UNDEFINED_COLUMN,
            "column \"" + target.name() + "\" of relation \"" + table.name() + "\" does not exist")
        .at(target.pos());
  }

  /// The finished statement.
  ///
  /// @param scope what RETURNING may name: the table's columns first, then those of FROM or USING
  Analyzed analyzed(
      ModifyNode.Kind kind,
      TableDescriptor table,
      RelNode source,
      Scope scope,
      List<Query.Target> returning,
      RowLock lock,
      boolean joined,
      boolean only) {
    return analyzed(kind, table, source, scope, returning, lock, joined, only, Set.of(), null);
  }

  /// @param only whether descendants of the table are left alone
  /// @param assigned names of the columns that rows already there may get other values in
  /// @param onConflict what INSERT does about a key that is there already, or null
  Analyzed analyzed(
      ModifyNode.Kind kind,
      TableDescriptor table,
      RelNode source,
      Scope scope,
      List<Query.Target> returning,
      RowLock lock,
      boolean joined,
      boolean only,
      Set<String> assigned,
      Analyzed.OnConflict onConflict) {
    // What is done to a view its triggers do.
    List<TableDescriptor> leaves =
        table.isView()
            ? List.of()
            : kind == ModifyNode.Kind.INSERT
                ? insertLeaves(table)
                : TableScopes.leaves(analysis, table, only);
    List<RexNode> values = returning.isEmpty() ? null : new ArrayList<>();
    List<ResultColumn> columns = returning.isEmpty() ? null : new ArrayList<>();
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(analysis, queries, scope, ctes, ExpressionAnalyzer.Clause.RETURNING);
    for (Query.Target target : returning) {
      if (target.expr() instanceof Expr.ColumnRef ref && ref.star()) {
        for (Scope.Column column : expressions.star(ref)) {
          addReturned(
              column.value(),
              column.name(),
              column.tableOid(),
              column.columnNumber(),
              values,
              columns);
        }
        continue;
      }
      if (target.expr() instanceof Expr.FieldAccess access && access.field() == null) {
        for (Scope.Column column : expressions.rows().expand(access)) {
          addReturned(column.value(), column.name(), 0, 0, values, columns);
        }
        continue;
      }
      RexNode value = expressions.analyze(target.expr());
      if (Analysis.typeOf(value) == Types.UNKNOWN) {
        value = expressions.coerceTo(value, PgTypeFactory.of(Types.TEXT), target.pos());
      }
      String name = target.alias() != null ? target.alias() : ColumnNames.of(target.expr());
      addReturned(value, name, 0, 0, values, columns);
    }
    return new Analyzed(
        analysis.cluster(),
        source,
        columns,
        analysis.slots(),
        analysis.parameterTypes(),
        analysis.pinnedLiterals(),
        analysis.tables(),
        new Analyzed.Change(
            kind,
            table,
            leaves,
            checks(kind, table),
            values,
            lock,
            joined,
            assigned,
            onConflict,
            kind == ModifyNode.Kind.DELETE
                ? TableScopes.noGenerated(table)
                : TableScopes.generated(analysis, table),
            null,
            analysis.systemColumns() && !returning.isEmpty(),
            kind == ModifyNode.Kind.DELETE ? Map.of() : own(table, leaves)),
        true,
        List.of(),
        List.of(),
        analysis.routines(),
        analysis.callsWriters());
  }

  /// The finished MERGE.
  Analyzed merge(
      TableDescriptor table,
      RelNode source,
      Set<String> assigned,
      boolean only,
      Analyzed.Merge merge) {
    List<TableDescriptor> leaves = TableScopes.leaves(analysis, table, only);
    return new Analyzed(
        analysis.cluster(),
        source,
        null,
        analysis.slots(),
        analysis.parameterTypes(),
        analysis.pinnedLiterals(),
        analysis.tables(),
        new Analyzed.Change(
            ModifyNode.Kind.MERGE,
            table,
            leaves,
            TableScopes.checks(analysis, table),
            null,
            RowLock.UPDATE,
            false,
            assigned,
            null,
            TableScopes.generated(analysis, table),
            merge,
            false,
            own(table, leaves)),
        true,
        List.of(),
        List.of(),
        analysis.routines(),
        analysis.callsWriters());
  }

  /// The rules of leaves that have others than the table that the statement names.
  private Map<Integer, Analyzed.Rules> own(TableDescriptor table, List<TableDescriptor> leaves) {
    Map<Integer, Analyzed.Rules> own = new HashMap<>();
    for (TableDescriptor leaf : leaves) {
      if (leaf.oid() != table.oid()
          && (!table.isPartitioned() || leaf.checks().size() > table.checks().size())) {
        own.put(
            leaf.oid(),
            new Analyzed.Rules(
                TableScopes.checks(analysis, leaf),
                table.isPartitioned() ? List.of() : TableScopes.generated(analysis, leaf)));
      }
    }
    return own;
  }

  /// Where rows that are inserted into a table go: never to those that inherit from it.
  private List<TableDescriptor> insertLeaves(TableDescriptor table) {
    return TableScopes.leaves(analysis, table, !table.isPartitioned());
  }

  Analyzed.Change insertInto(TableDescriptor table) {
    List<TableDescriptor> leaves = insertLeaves(table);
    return new Analyzed.Change(
        ModifyNode.Kind.INSERT,
        table,
        leaves,
        TableScopes.checks(analysis, table),
        null,
        RowLock.UPDATE,
        false,
        Set.of(),
        null,
        TableScopes.generated(analysis, table),
        null,
        false,
        own(table, leaves));
  }

  private static void addReturned(
      RexNode value,
      String name,
      int tableOid,
      int columnNumber,
      List<RexNode> values,
      List<ResultColumn> columns) {
    values.add(value);
    columns.add(
        new ResultColumn(
            name,
            PgRelType.of(value.getType()),
            PgRelType.typmodOf(value.getType()),
            tableOid,
            columnNumber));
  }
}
