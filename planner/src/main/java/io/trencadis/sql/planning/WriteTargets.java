package io.trencadis.sql.planning;

import io.trencadis.sql.analyze.Analyzed;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.ConflictRule;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.ForeignKeys;
import io.trencadis.sql.execute.MergeRule;
import io.trencadis.sql.execute.PartitionRouter;
import io.trencadis.sql.execute.RowConstraints;
import io.trencadis.sql.execute.RowTriggers;
import io.trencadis.sql.execute.StoredIndex;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.execute.TableWriter;
import io.trencadis.sql.execute.WriteTarget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rex.RexNode;

/// Makes what a change needs to write to its table: constraints, partitions, foreign keys. For one
/// statement; not thread-safe.
public final class WriteTargets {
  private final Names names;
  private final TableWriter.RowIds rowIds;
  private final WriteTarget.RowStatistics statistics;
  private final ForeignKeyPlanner foreignKeys;

  public WriteTargets(
      Names names, TableWriter.RowIds rowIds, WriteTarget.RowStatistics statistics) {
    this.names = names;
    this.rowIds = rowIds;
    this.statistics = statistics;
    this.foreignKeys = new ForeignKeyPlanner(names, this);
  }

  /// The triggers that do what a statement wants done to a view; null for a table.
  public RowTriggers instead(Analyzed.Change change) {
    return change.table().isView()
        ? RowTriggers.of(names.catalog(), change.table(), true, change.assigned())
        : null;
  }

  /// The target of a statement.
  ///
  /// @param exclusive whether nobody else can write to the table before the transaction ends
  public WriteTarget target(Analyzed.Change change, QueryPlanner planner, boolean exclusive) {
    return target(change, planner, exclusive, leaf -> foreignKeys.of(leaf, change));
  }

  /// A target for rows that come from elsewhere than a statement's own source: COPY.
  ///
  /// @param exclusive whether nobody else can write to the table before the transaction ends
  public WriteTarget target(TableDescriptor table, boolean exclusive) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    Analyzer analyzer = new Analyzer(names, cluster, new int[0]);
    Analyzed.Change change = analyzer.insertInto(table);
    QueryPlanner planner = planner(cluster, analyzer);
    return target(change, planner, exclusive);
  }

  /// A target for changes that a foreign key makes to the referencing table.
  WriteTarget referencing(TableDescriptor table) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    Analyzer analyzer = new Analyzer(names, cluster, new int[0]);
    Analyzed.Change change = analyzer.insertInto(table);
    QueryPlanner planner = planner(cluster, analyzer);
    return target(change, planner, false, foreignKeys::all);
  }

  private QueryPlanner planner(RelOptCluster cluster, Analyzer analyzer) {
    return new QueryPlanner(
        cluster, new SlotTable(analyzer.slots()), names.catalog(), names.context(), null);
  }

  private WriteTarget target(
      Analyzed.Change change,
      QueryPlanner planner,
      boolean exclusive,
      Function<TableDescriptor, ForeignKeys> keys) {
    Eval[] conditions =
        planner.compile(change.checks().stream().map(Analyzed.NamedCheck::condition).toList());
    List<WriteTarget.Leaf> leaves = new ArrayList<>();
    for (TableDescriptor leaf : change.leaves()) {
      StoredTable stored = planner.stored(leaf);
      Own own = own(change, leaf, planner);
      leaves.add(leaf(change, stored, List.of(conditions), change.checks(), own, keys.apply(leaf)));
    }
    PartitionRouter router =
        change.table().isPartitioned()
            ? new PartitionRouting(names).root(change.table()).router()
            : null;
    return new WriteTarget(
        change.table().name(),
        leaves,
        router,
        rowIds,
        exclusive,
        statistics,
        generated(change.generated(), planner),
        RowTriggers.of(names.catalog(), change.table(), false, change.assigned()));
  }

  /// What a leaf says of its rows itself.
  private record Own(List<RowConstraints.Check> checks, Eval[] generated) {}

  /// Null where a leaf says what the named table says.
  private static Own own(Analyzed.Change change, TableDescriptor leaf, QueryPlanner planner) {
    Analyzed.Rules rules = change.own().get(leaf.oid());
    if (rules == null) {
      return null;
    }
    Eval[] conditions =
        planner.compile(rules.checks().stream().map(Analyzed.NamedCheck::condition).toList());
    List<RowConstraints.Check> checks = new ArrayList<>();
    for (int i = 0; i < conditions.length; i++) {
      checks.add(new RowConstraints.Check(rules.checks().get(i).name(), conditions[i], false));
    }
    return new Own(checks, generated(rules.generated(), planner));
  }

  /// What generated columns are computed from, by place; null where there are none.
  private static Eval[] generated(List<RexNode> generated, QueryPlanner planner) {
    Eval[] evals = null;
    for (int place = 0; place < generated.size(); place++) {
      if (generated.get(place) != null) {
        evals = evals == null ? new Eval[generated.size()] : evals;
        evals[place] = planner.compile(List.of(generated.get(place)))[0];
      }
    }
    return evals;
  }

  /// A leaf with the constraints of the named table, whose columns it has in its own order.
  private WriteTarget.Leaf leaf(
      Analyzed.Change change,
      StoredTable stored,
      List<Eval> conditions,
      List<Analyzed.NamedCheck> named,
      Own own,
      ForeignKeys keys) {
    TableDescriptor root = change.table();
    List<Column> rootColumns = root.liveColumns();
    int[] places = new int[stored.width()];
    int[] back = new int[rootColumns.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = -1;
      for (int place = 0; place < rootColumns.size(); place++) {
        if (rootColumns.get(place).name().equals(stored.column(i).name())) {
          places[i] = place;
          back[place] = i;
        }
      }
    }
    List<RowConstraints.Check> checks = new ArrayList<>();
    if (own != null) {
      checks.addAll(own.checks);
    }
    for (int i = 0; i < named.size(); i++) {
      if (own != null && !named.get(i).ofView()) {
        continue;
      }
      Eval condition = conditions.get(i);
      checks.add(
          new RowConstraints.Check(
              named.get(i).name(),
              (row, x) -> {
                Object[] inRootOrder = new Object[back.length];
                for (int place = 0; place < back.length; place++) {
                  inRootOrder[place] = row[back[place]];
                }
                return condition.eval(inRootOrder, x);
              },
              named.get(i).ofView()));
    }
    return new WriteTarget.Leaf(
        stored,
        new RowConstraints(stored, checks, new PartitionRouting(names).home(root, stored), back),
        places,
        rootColumns.size(),
        keys,
        IndexExpressions.of(stored.descriptor(), names),
        own == null ? null : own.generated,
        RowTriggers.of(names.catalog(), stored.descriptor(), true, change.assigned()));
  }

  // ---- ON CONFLICT

  /// What an INSERT does about keys that are there, or null.
  public static ConflictRule conflictRule(Analyzed.Change change, QueryPlanner planner) {
    Analyzed.OnConflict conflict = change.onConflict();
    if (conflict == null) {
      return null;
    }
    Map<StoredTable, ConflictRule.Arbiters> arbiters = new HashMap<>();
    for (TableDescriptor leaf : change.leaves()) {
      StoredTable stored = planner.stored(leaf);
      boolean primary = false;
      for (IndexDescriptor index : leaf.indexes()) {
        primary |= index.ordersRows() && arbitrates(index, leaf, conflict, change.table());
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

  /// What a MERGE does for the rows of its join, or null.
  public static MergeRule mergeRule(Analyzed.Change change, QueryPlanner planner) {
    if (change.merge() == null) {
      return null;
    }
    List<MergeRule.Action> actions = new ArrayList<>();
    for (Analyzed.MergeAction action : change.merge().actions()) {
      actions.add(
          new MergeRule.Action(
              action.matched(),
              action.condition() == null ? null : planner.compile(List.of(action.condition()))[0],
              action.kind(),
              action.row() == null ? null : planner.compile(action.row())));
    }
    return new MergeRule(change.merge().locator(), actions);
  }

  /// Whether an index of a leaf is one of the arbiters, or a partition's counterpart of one.
  private static boolean arbitrates(
      IndexDescriptor index,
      TableDescriptor leaf,
      Analyzed.OnConflict conflict,
      TableDescriptor root) {
    if (!index.unique() || !index.valid()) {
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

  /// The names of an index's columns, by which indexes of partitions are matched.
  static List<String> columnNames(IndexDescriptor index, TableDescriptor table) {
    List<String> names = new ArrayList<>();
    for (KeyPart part : index.parts()) {
      names.add(
          part.expression() != null
              ? "(" + part.expression().text() + ")"
              : table.columnNumbered(part.column()).name());
    }
    if (index.predicate() != null) {
      names.add("WHERE " + index.predicate().text());
    }
    return names;
  }
}
