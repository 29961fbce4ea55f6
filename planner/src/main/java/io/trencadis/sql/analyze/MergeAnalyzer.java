package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// Analyzes MERGE: a join of the source with the table, and what is done for its rows.
final class MergeAnalyzer {
  private final Analysis analysis;
  private final QueryAnalyzer queries;

  MergeAnalyzer(Analysis analysis, QueryAnalyzer queries) {
    this.analysis = analysis;
    this.queries = queries;
  }

  /// @param inSight the WITH queries that a statement around this one has, or null
  Analyzed merge(Statement.Merge merge, Ctes inSight) {
    if (merge.with() != null && merge.with().recursive()) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR, "WITH RECURSIVE is not supported for MERGE statement")
          .at(-1);
    }
    TableDescriptor table = analysis.names().tableOfQuery(merge.table());
    if (table.isView()) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "cannot execute MERGE on relation \"" + table.name() + "\"")
          .detail("This operation is not supported for views.");
    }
    requireReachable(merge.clauses());
    TableAccess access = analysis.access(Target.of(table));
    Ctes ctes = queries.inSight(merge.with(), inSight);
    boolean inserts =
        merge.clauses().stream()
            .anyMatch(when -> !when.matched() && when.kind() != Statement.MergeKind.NOTHING);
    FromAnalyzer from = new FromAnalyzer(analysis, queries, null, ctes, List.of());
    TableRef.Alias shown =
        merge.alias() == null
            ? null
            : new TableRef.Alias(merge.alias(), List.of(), merge.table().pos());
    FromAnalyzer.From source = from.from(List.of(merge.source()));
    FromAnalyzer.From target =
        from.storedTable(table, shown, merge.table().schema() != null, true, merge.only(), access);
    requireOtherName(source, target, merge.source().pos());
    int sourceWidth = source.rel().getRowType().getFieldCount();
    FromAnalyzer.From all =
        from.joined(
            source,
            target,
            inserts ? JoinRelType.LEFT : JoinRelType.INNER,
            scope ->
                new ExpressionAnalyzer(analysis, queries, scope, ctes, ExpressionAnalyzer.Clause.ON)
                    .condition(merge.condition()));
    Scope both = from.scopeOf(all);
    Scope sourceOnly = from.scopeOf(source);
    sourceOnly.hidden(target.items().getFirst());
    List<Analyzed.MergeAction> actions = new ArrayList<>();
    Set<String> assigned = new HashSet<>();
    for (Statement.MergeWhen when : merge.clauses()) {
      actions.add(
          action(when, merge, table, when.matched() ? both : sourceOnly, sourceWidth, ctes));
      assigned.addAll(UpdateAnalyzer.assigned(when.set(), table));
      note(when, table, access);
    }
    return new ChangeTargets(analysis, queries, ctes)
        .merge(
            table,
            all.rel(),
            assigned,
            merge.only(),
            new Analyzed.Merge(sourceWidth + table.liveColumns().size(), actions));
  }

  private static void note(Statement.MergeWhen when, TableDescriptor table, TableAccess access) {
    switch (when.kind()) {
      case NOTHING -> {}
      case DELETE -> access.need(Privilege.DELETE);
      case UPDATE -> {
        access.need(Privilege.UPDATE);
        when.set()
            .forEach(
                set ->
                    set.columns()
                        .forEach(column -> access.updates(table.column(column.name()).number())));
      }
      case INSERT -> {
        access.need(Privilege.INSERT);
        if (when.columns().isEmpty()) {
          table.liveColumns().forEach(column -> access.inserts(column.number()));
        }
        when.columns().forEach(column -> access.inserts(table.column(column.name()).number()));
      }
    }
  }

  private static void requireReachable(List<Statement.MergeWhen> clauses) {
    boolean[] unconditional = new boolean[2];
    for (Statement.MergeWhen when : clauses) {
      int kind = when.matched() ? 1 : 0;
      if (unconditional[kind]) {
        throw new SqlException(
            SqlState.SYNTAX_ERROR,
            "unreachable WHEN clause specified after unconditional WHEN clause");
      }
      unconditional[kind] = when.condition() == null;
    }
  }

  private static void requireOtherName(
      FromAnalyzer.From source, FromAnalyzer.From target, int pos) {
    String name = target.items().getFirst().name();
    for (Scope.Item item : source.items()) {
      if (item.name().equals(name)) {
        throw new SqlException(
                SqlState.DUPLICATE_ALIAS, "name \"" + name + "\" specified more than once")
            .detail("The name is used both as MERGE target table and data source.");
      }
    }
  }

  private Analyzed.MergeAction action(
      Statement.MergeWhen when,
      Statement.Merge merge,
      TableDescriptor table,
      Scope scope,
      int sourceWidth,
      Ctes ctes) {
    RexNode condition =
        when.condition() == null
            ? null
            : new ExpressionAnalyzer(
                    analysis, queries, scope, ctes, ExpressionAnalyzer.Clause.MERGE_WHEN)
                .booleanOperand(when.condition(), "argument of WHEN");
    return switch (when.kind()) {
      case NOTHING -> new Analyzed.MergeAction(when.matched(), condition, null, null);
      case DELETE ->
          new Analyzed.MergeAction(when.matched(), condition, ModifyNode.Kind.DELETE, null);
      case UPDATE ->
          new Analyzed.MergeAction(
              when.matched(),
              condition,
              ModifyNode.Kind.UPDATE,
              updated(when, table, scope, sourceWidth, ctes));
      case INSERT -> {
        Statement.Insert insert =
            new Statement.Insert(
                null,
                merge.table(),
                null,
                when.columns(),
                when.overriding(),
                null,
                null,
                List.of(),
                when.pos());
        ExpressionAnalyzer expressions =
            new ExpressionAnalyzer(
                analysis, queries, scope, ctes, ExpressionAnalyzer.Clause.VALUES);
        List<Expr> values = when.values();
        yield new Analyzed.MergeAction(
            when.matched(),
            condition,
            ModifyNode.Kind.INSERT,
            new InsertAnalyzer(analysis, queries).row(values, insert, table, expressions));
      }
    };
  }

  private List<RexNode> updated(
      Statement.MergeWhen when, TableDescriptor table, Scope scope, int sourceWidth, Ctes ctes) {
    List<Column> live = table.liveColumns();
    Map<Integer, RexNode> assigned =
        new UpdateAnalyzer(analysis, queries)
            .assignments(when.set(), table, live, scope, scope.items().getLast(), ctes);
    List<Scope.Column> own = TableScopes.columns(analysis, table);
    List<RexNode> row = new ArrayList<>();
    for (int place = 0; place < live.size(); place++) {
      RexNode value = assigned.get(place);
      row.add(
          value != null
              ? value
              : new RexInputRef(sourceWidth + place, own.get(place).value().getType()));
    }
    return row;
  }
}
