package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.sql.analyze.Analyzed;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.Variables;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.TableWriter;
import io.trencadis.sql.execute.WithNode;
import io.trencadis.sql.execute.WriteTarget;
import io.trencadis.sql.parser.SqlFingerprint;
import io.trencadis.sql.planning.PlanRules;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.planning.SlotTable;
import io.trencadis.sql.planning.WriteTargets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptCluster;

/// From a statement's syntax to its plan: analysis, planning, and what a change needs to write.
/// Thread-safe.
final class StatementPlanner {
  private final TableWriter.RowIds rowIds;
  private final TableStatistics statistics;
  private final PlanRules rules;

  StatementPlanner(TableWriter.RowIds rowIds, TableStatistics statistics, PlanRules rules) {
    this.rules = rules;
    this.rowIds = rowIds;
    this.statistics = statistics;
  }

  /// @param parameterTypes declared type oids, 0 where they are to be found out
  /// @param fingerprint of the statement's text, if the plan is to be shared; else null
  PreparedPlan plan(
      Statement statement, Names names, int[] parameterTypes, SqlFingerprint fingerprint) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    return plan(
        new Analyzer(names, cluster, parameterTypes).analyze(statement), names, fingerprint);
  }

  /// The plan of a statement in a function's body.
  ///
  /// @param variables the names that it may use beside those of columns
  PreparedPlan plan(Statement statement, Names names, Variables variables) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    return plan(new Analyzer(names, cluster, variables).analyze(statement), names, null);
  }

  PreparedPlan plan(Query query, Names names) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    return plan(new Analyzer(names, cluster, new int[0]).analyze(query), names, null);
  }

  /// The plan of a query of one row with the value of an expression that reads nothing.
  ///
  /// @param what the clause it stands in, for errors
  PreparedPlan constant(Expr expr, String what, Names names) {
    Query query = Query.value(expr);
    RelOptCluster cluster = QueryPlanner.newCluster();
    Analyzed analyzed = new Analyzer(names, cluster, new int[0]).analyze(query);
    if (!analyzed.tables().isEmpty()) {
      throw SqlException.notSupported("a table in " + what).at(expr.pos());
    }
    if (analyzed.parameterTypes().length > 0) {
      throw SqlException.notSupported("a parameter in " + what).at(expr.pos());
    }
    return plan(analyzed, names, null);
  }

  private PreparedPlan plan(Analyzed analyzed, Names names, SqlFingerprint fingerprint) {
    SlotTable slots = new SlotTable(analyzed.slots());
    Analyzed.Change change = analyzed.change();
    QueryPlanner planner =
        new QueryPlanner(
            analyzed.cluster(),
            slots,
            names.catalog(),
            names.context(),
            change == null ? null : change.lock(),
            rules);
    WriteTargets targets = new WriteTargets(names, rowIds, statistics);
    List<WithNode.Part> before = new ArrayList<>();
    List<WithNode.Part> after = new ArrayList<>();
    for (Analyzed.Part part : analyzed.parts()) {
      Analyzed.Change own = part.statement().change();
      PlanNode rows = planner.plan(part.statement().query(), own.lock());
      (part.read() ? before : after)
          .add(new WithNode.Part(part.table(), modify(own, rows, List.of(), planner, targets)));
    }
    PlanNode root = planner.plan(analyzed.query());
    if (!analyzed.parts().isEmpty()) {
      root = new WithNode(before, root, change == null ? after : List.of());
    }
    if (change != null) {
      root = modify(change, root, after, planner, targets);
    }
    Map<Integer, String> pinned = new HashMap<>();
    for (int literal : analyzed.pinnedLiterals()) {
      pinned.put(literal, fingerprint == null ? "" : fingerprint.literal(literal));
    }
    boolean readOnly = change == null && !analyzed.locks() && analyzed.parts().isEmpty();
    return new PreparedPlan(
        root,
        analyzed.columns(),
        analyzed.parameterTypes(),
        slots.all(),
        pinned,
        names.catalog(),
        readOnly,
        planner.hasSubPlans() || !analyzed.routines().isEmpty(),
        analyzed.callsWriters(),
        analyzed.accesses(),
        analyzed.tables().stream().anyMatch(table -> isTemporary(table, names)),
        readOnly
            && analyzed.tables().isEmpty()
            && analyzed.routines().isEmpty()
            && analyzed.accesses().isEmpty());
  }

  static boolean isTemporary(TableDescriptor table, Names names) {
    return names.catalog().byOid(table.schemaOid()) instanceof SchemaDescriptor schema
        && schema.isTemporary();
  }

  private static ModifyNode modify(
      Analyzed.Change change,
      PlanNode rows,
      List<WithNode.Part> after,
      QueryPlanner planner,
      WriteTargets targets) {
    WriteTarget target = targets.target(change, planner, false);
    Eval[] returning = change.returning() == null ? null : planner.compile(change.returning());
    return new ModifyNode(
        rows.estimate(),
        change.kind(),
        target,
        rows,
        change.table().liveColumns().size(),
        returning,
        change.locates(),
        change.joined(),
        WriteTargets.conflictRule(change, planner),
        WriteTargets.mergeRule(change, planner),
        targets.instead(change),
        after);
  }

  /// A target for rows that come from elsewhere than a statement's own source: COPY.
  ///
  /// @param exclusive whether nobody else can write to the table before the transaction ends
  WriteTarget target(TableDescriptor table, Names names, boolean exclusive) {
    return new WriteTargets(names, rowIds, statistics).target(table, exclusive);
  }
}
