package io.trencadis.sql.session;

import io.trencadis.sql.analyze.Analyzed;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.TableWriter;
import io.trencadis.sql.execute.WriteTarget;
import io.trencadis.sql.parser.SqlFingerprint;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.planning.SlotTable;
import io.trencadis.sql.planning.WriteTargets;
import java.util.HashMap;
import java.util.Map;
import org.apache.calcite.plan.RelOptCluster;

/// From a statement's syntax to its plan: analysis, planning, and what a change needs to write.
/// Thread-safe.
final class StatementPlanner {
  private final TableWriter.RowIds rowIds;
  private final TableStatistics statistics;

  StatementPlanner(TableWriter.RowIds rowIds, TableStatistics statistics) {
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

  PreparedPlan plan(io.trencadis.sql.ast.Query query, Names names) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    return plan(new Analyzer(names, cluster, new int[0]).analyze(query), names, null);
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
            change == null ? null : change.lock());
    PlanNode root = planner.plan(analyzed.query());
    if (change != null) {
      WriteTarget target =
          new WriteTargets(names, rowIds, statistics).target(change, planner, false);
      Eval[] returning = change.returning() == null ? null : planner.compile(change.returning());
      root =
          new ModifyNode(
              root.estimate(),
              change.kind(),
              target,
              root,
              change.table().liveColumns().size(),
              returning,
              change.joined(),
              WriteTargets.conflictRule(change, planner));
    }
    Map<Integer, String> pinned = new HashMap<>();
    for (int literal : analyzed.pinnedLiterals()) {
      pinned.put(literal, fingerprint == null ? "" : fingerprint.literal(literal));
    }
    boolean readOnly = change == null && !analyzed.locks();
    return new PreparedPlan(
        root,
        analyzed.columns(),
        analyzed.parameterTypes(),
        slots.all(),
        pinned,
        names.catalog().version(),
        readOnly);
  }

  /// A target for rows that come from elsewhere than a statement's own source: COPY.
  ///
  /// @param exclusive whether nobody else can write to the table before the transaction ends
  WriteTarget target(TableDescriptor table, Names names, boolean exclusive) {
    return new WriteTargets(names, rowIds, statistics).target(table, exclusive);
  }
}
