package io.trencadis.sql.session;

import io.trencadis.sql.analyze.Analyzed;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.ConflictRule;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.execute.PartitionRouter;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.RowConstraints;
import io.trencadis.sql.execute.StoredIndex;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.execute.TableWriter;
import io.trencadis.sql.execute.WriteTarget;
import io.trencadis.sql.parser.SqlFingerprint;
import io.trencadis.sql.planning.PartitionRouting;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.planning.SlotTable;
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
      WriteTarget target = target(change, planner, names, false);
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
              conflictRule(change, planner));
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

  private static ConflictRule conflictRule(Analyzed.Change change, QueryPlanner planner) {
    Analyzed.OnConflict conflict = change.onConflict();
    if (conflict == null) {
      return null;
    }
    Map<StoredTable, ConflictRule.Arbiters> arbiters = new HashMap<>();
    for (TableDescriptor leaf : change.leaves()) {
      StoredTable stored = planner.stored(leaf);
      boolean primary = false;
      for (IndexDescriptor index : leaf.indexes()) {
        primary |= index.primary() && arbitrates(index, leaf, conflict, change.table());
      }
      List<StoredIndex> others = new ArrayList<>();
      for (StoredIndex index : stored.indexes()) {
        if (arbitrates(index.descriptor(), leaf, conflict, change.table())) {
          others.add(index);
        }
      }
      arbiters.put(stored, new ConflictRule.Arbiters(primary, others));
    }
    List<String> names = new ArrayList<>();
    if (conflict.arbiters() != null) {
      conflict.arbiters().forEach(index -> names.add(index.name()));
    }
    return new ConflictRule(
        arbiters,
        names,
        conflict.set() == null ? null : planner.compile(conflict.set()),
        conflict.where() == null ? null : planner.compile(List.of(conflict.where()))[0],
        conflict.lock());
  }

  /// Whether an index of a leaf is one of the arbiters, or a partition's counterpart of one.
  private static boolean arbitrates(
      IndexDescriptor index,
      TableDescriptor leaf,
      Analyzed.OnConflict conflict,
      TableDescriptor root) {
    if (!index.unique()) {
      return false;
    }
    if (conflict.arbiters() == null) {
      return true;
    }
    for (IndexDescriptor arbiter : conflict.arbiters()) {
      if (leaf == root
          ? arbiter.oid() == index.oid()
          : columnNames(arbiter, root).equals(columnNames(index, leaf))) {
        return true;
      }
    }
    return false;
  }

  private static List<String> columnNames(IndexDescriptor index, TableDescriptor table) {
    return index.parts().stream().map(part -> table.columnNumbered(part.column()).name()).toList();
  }

  private WriteTarget target(
      Analyzed.Change change, QueryPlanner planner, Names names, boolean exclusive) {
    List<Eval> conditions = new ArrayList<>();
    List<String> checkNames = new ArrayList<>();
    change.checks().forEach(check -> checkNames.add(check.name()));
    Eval[] compiled =
        planner.compile(change.checks().stream().map(Analyzed.NamedCheck::condition).toList());
    conditions.addAll(List.of(compiled));
    List<WriteTarget.Leaf> leaves = new ArrayList<>();
    for (TableDescriptor leaf : change.leaves()) {
      StoredTable stored = planner.stored(leaf);
      leaves.add(leaf(change.table(), stored, conditions, checkNames));
    }
    PartitionRouter router =
        change.table().isPartitioned()
            ? new PartitionRouting(names.catalog()).root(change.table()).router()
            : null;
    return new WriteTarget(change.table().name(), leaves, router, rowIds, exclusive, statistics);
  }

  /// A leaf with the constraints of the named table, whose columns it has in its own order.
  private static WriteTarget.Leaf leaf(
      TableDescriptor root, StoredTable stored, List<Eval> conditions, List<String> names) {
    List<Column> rootColumns = root.liveColumns();
    int[] places = new int[stored.width()];
    int[] back = new int[rootColumns.size()];
    for (int i = 0; i < places.length; i++) {
      for (int place = 0; place < rootColumns.size(); place++) {
        if (rootColumns.get(place).name().equals(stored.column(i).name())) {
          places[i] = place;
          back[place] = i;
        }
      }
    }
    List<RowConstraints.Check> checks = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Eval condition = conditions.get(i);
      checks.add(
          new RowConstraints.Check(
              names.get(i),
              (row, x) -> {
                Object[] inRootOrder = new Object[back.length];
                for (int place = 0; place < back.length; place++) {
                  inRootOrder[place] = row[back[place]];
                }
                return condition.eval(inRootOrder, x);
              }));
    }
    return new WriteTarget.Leaf(stored, new RowConstraints(stored, checks), places);
  }

  /// A target for rows that come from elsewhere than a statement's own source: COPY.
  ///
  /// @param exclusive whether nobody else can write to the table before the transaction ends
  WriteTarget target(TableDescriptor table, Names names, boolean exclusive) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    Analyzed.Change change = new Analyzer(names, cluster, new int[0]).insertInto(table);
    QueryPlanner planner =
        new QueryPlanner(cluster, new SlotTable(List.of()), names.catalog(), names.context(), null);
    return target(change, planner, names, exclusive);
  }
}
