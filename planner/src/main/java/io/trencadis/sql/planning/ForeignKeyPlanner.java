package io.trencadis.sql.planning;

import io.trencadis.base.SqlException;
import io.trencadis.sql.analyze.Analyzed;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.ReferenceAnalyzer;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.ForeignKeyAction;
import io.trencadis.sql.execute.ForeignKeyCheck;
import io.trencadis.sql.execute.ForeignKeys;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.execute.PartitionRouter;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.ReferencedKey;
import io.trencadis.sql.execute.ReferencingRows;
import io.trencadis.sql.execute.StoredIndex;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptCluster;

/// Plans what foreign keys ask of a change: for its table, and through cascades for the tables that
/// refer to it. For one statement; not thread-safe.
public final class ForeignKeyPlanner {
  private final Names names;
  private final Catalog catalog;
  private final WriteTargets targets;
  private final Map<Integer, ForeignKeys> all = new HashMap<>();
  private final Map<Integer, ReferencingRows> finders = new HashMap<>();

  ForeignKeyPlanner(Names names, WriteTargets targets) {
    this.names = names;
    this.catalog = names.catalog();
    this.targets = targets;
  }

  /// For checking the rows of a table against one of its keys.
  public static ForeignKeyCheck check(Names names, TableDescriptor leaf, ForeignKey key) {
    ForeignKeyPlanner planner = new ForeignKeyPlanner(names, null);
    for (TableDescriptor owner : planner.chain(leaf)) {
      if (owner.foreignKeys().contains(key)) {
        return planner.check(leaf, owner, key, null);
      }
    }
    throw SqlException.internal("table " + leaf.name() + " has no foreign key " + key.name());
  }

  /// What one statement has to look after in one of its stored tables.
  ForeignKeys of(TableDescriptor leaf, Analyzed.Change change) {
    boolean merges = change.kind() == ModifyNode.Kind.MERGE;
    boolean inserts = merges || change.kind() == ModifyNode.Kind.INSERT;
    boolean deletes = merges || change.kind() == ModifyNode.Kind.DELETE;
    Set<String> assigned = change.assigned();
    List<ForeignKeyCheck> checks = new ArrayList<>();
    List<ForeignKeyAction> actions = new ArrayList<>();
    for (TableDescriptor owner : chain(leaf)) {
      for (ForeignKey key : owner.foreignKeys()) {
        if (inserts || (!deletes && meets(owner, key.columns(), assigned))) {
          checks.add(check(leaf, owner, key, key.deferrable() ? finder(owner, key) : null));
        }
      }
      for (Catalog.Reference reference : catalog.referencesTo(owner.oid())) {
        if (deletes || meets(owner, reference.key().referenced(), assigned)) {
          actions.add(action(leaf, owner, reference));
        }
      }
    }
    return checks.isEmpty() && actions.isEmpty()
        ? ForeignKeys.NONE
        : new ForeignKeys(checks, actions);
  }

  private static boolean meets(TableDescriptor table, List<Integer> columns, Set<String> names) {
    return columns.stream().anyMatch(number -> names.contains(table.columnNumbered(number).name()));
  }

  /// All that any change of a stored table has to look after.
  ForeignKeys all(TableDescriptor leaf) {
    ForeignKeys known = all.get(leaf.oid());
    if (known != null) {
      // Perhaps not complete yet: cascades can lead back to where they came from.
      return known;
    }
    ForeignKeys keys = new ForeignKeys(new ArrayList<>(), new ArrayList<>());
    all.put(leaf.oid(), keys);
    for (TableDescriptor owner : chain(leaf)) {
      for (ForeignKey key : owner.foreignKeys()) {
        keys.checks().add(check(leaf, owner, key, key.deferrable() ? finder(owner, key) : null));
      }
      for (Catalog.Reference reference : catalog.referencesTo(owner.oid())) {
        keys.actions().add(action(leaf, owner, reference));
      }
    }
    return keys;
  }

  /// A stored table and the partitioned tables above it.
  private List<TableDescriptor> chain(TableDescriptor leaf) {
    List<TableDescriptor> chain = new ArrayList<>();
    for (TableDescriptor at = leaf; at != null; at = catalog.table(at.parentOid())) {
      chain.add(at);
    }
    return chain;
  }

  private static ForeignKeyCheck.Identity identity(ForeignKey key) {
    return new ForeignKeyCheck.Identity(key.oid(), key.name(), key.deferrable(), key.deferred());
  }

  private static int[] places(TableDescriptor owner, List<Integer> numbers, TableDescriptor leaf) {
    int[] places = new int[numbers.size()];
    List<Column> live = leaf.liveColumns();
    for (int i = 0; i < places.length; i++) {
      String name = owner.columnNumbered(numbers.get(i)).name();
      places[i] = live.indexOf(leaf.column(name));
    }
    return places;
  }

  private static List<PgType> types(TableDescriptor table, List<Integer> numbers) {
    return numbers.stream()
        .map(number -> Types.byOid(table.columnNumbered(number).typeOid()))
        .toList();
  }

  private static Object[] template(List<Slot> slots) {
    Object[] template = new Object[slots.size()];
    for (int i = 0; i < template.length; i++) {
      template[i] = slots.get(i) instanceof Slot.Constant constant ? constant.value() : null;
    }
    return template;
  }

  private ForeignKeyCheck check(
      TableDescriptor leaf, TableDescriptor owner, ForeignKey key, ReferencingRows finder) {
    TableDescriptor parent = catalog.table(key.tableOid());
    int[] places = places(owner, key.columns(), leaf);
    RelOptCluster cluster = QueryPlanner.newCluster();
    ReferenceAnalyzer analyzer =
        new ReferenceAnalyzer(names, cluster, types(parent, key.referenced()));
    QueryPlanner planner =
        new QueryPlanner(cluster, new SlotTable(List.of()), catalog, names.context(), null);
    Eval[] converted = planner.compile(analyzer.converted(types(owner, key.columns()), places));
    return new ForeignKeyCheck(
        identity(key),
        new ForeignKeys.Columns(new StoredTable(leaf), places),
        key.match() == 'f',
        converted,
        referenced(parent, key),
        finder);
  }

  private ForeignKeyAction action(
      TableDescriptor leaf, TableDescriptor owner, Catalog.Reference reference) {
    ForeignKey key = reference.key();
    TableDescriptor table = reference.table();
    ForeignKeyAction.Kind onDelete = ForeignKeyAction.Kind.of(key.onDelete());
    ForeignKeyAction.Kind onUpdate = ForeignKeyAction.Kind.of(key.onUpdate());
    boolean changes = onDelete.changes() || onUpdate.changes();
    boolean[] set = new boolean[key.columns().size()];
    for (int i = 0; i < set.length; i++) {
      set[i] =
          key.onDeleteColumns().isEmpty() || key.onDeleteColumns().contains(key.columns().get(i));
    }
    return new ForeignKeyAction(
        identity(key),
        new ForeignKeys.Columns(new StoredTable(leaf), places(owner, key.referenced(), leaf)),
        onDelete,
        onUpdate,
        referenced(owner, key),
        finder(table, key),
        changes ? targets.referencing(table) : null,
        places(table, key.columns(), table),
        set);
  }

  private ReferencingRows finder(TableDescriptor table, ForeignKey key) {
    ReferencingRows known = finders.get(key.oid());
    if (known != null) {
      return known;
    }
    TableDescriptor parent = catalog.table(key.tableOid());
    RelOptCluster cluster = QueryPlanner.newCluster();
    ReferenceAnalyzer.Referencing analyzed =
        new ReferenceAnalyzer(names, cluster, types(parent, key.referenced()))
            .referencing(table, key);
    QueryPlanner planner =
        new QueryPlanner(cluster, new SlotTable(analyzed.slots()), catalog, names.context(), null);
    PlanNode plan = planner.plan(analyzed.rows());
    ReferencingRows finder =
        new ReferencingRows(
            table,
            plan,
            template(analyzed.slots()),
            planner.compile(List.of(analyzed.match()))[0],
            planner.compile(analyzed.cascaded()),
            planner.compile(analyzed.defaults()));
    finders.put(key.oid(), finder);
    return finder;
  }

  private ReferencedKey referenced(TableDescriptor parent, ForeignKey key) {
    List<TableDescriptor> tables = new ArrayList<>();
    collectLeaves(parent, tables);
    IndexDescriptor index = index(parent, key.indexOid());
    List<String> indexed = WriteTargets.columnNames(index, parent);
    List<ReferencedKey.Leaf> leaves = new ArrayList<>();
    for (TableDescriptor leaf : tables) {
      StoredTable stored = new StoredTable(leaf);
      StoredIndex own = null;
      boolean primary = false;
      for (IndexDescriptor candidate : leaf.indexes()) {
        primary |=
            candidate.ordersRows() && WriteTargets.columnNames(candidate, leaf).equals(indexed);
      }
      for (StoredIndex candidate : stored.indexes()) {
        if (candidate.descriptor().uniqueAtOnce()
            && candidate.descriptor().valid()
            && WriteTargets.columnNames(candidate.descriptor(), leaf).equals(indexed)) {
          own = candidate;
        }
      }
      if (!primary && own == null) {
        throw SqlException.internal("no index for foreign key " + key.name());
      }
      leaves.add(
          new ReferencedKey.Leaf(
              stored, primary ? null : own, places(parent, key.referenced(), leaf)));
    }
    PartitionRouter router =
        parent.isPartitioned() ? new PartitionRouting(catalog).root(parent).router() : null;
    return new ReferencedKey(
        parent.name(),
        leaves,
        router,
        places(parent, key.referenced(), parent),
        parent.liveColumns().size());
  }

  private static IndexDescriptor index(TableDescriptor table, int oid) {
    for (IndexDescriptor index : table.indexes()) {
      if (index.oid() == oid) {
        return index;
      }
    }
    throw SqlException.internal("table " + table.name() + " has no index " + oid);
  }

  private void collectLeaves(TableDescriptor table, List<TableDescriptor> leaves) {
    if (!table.isPartitioned()) {
      leaves.add(table);
      return;
    }
    for (TableDescriptor partition : catalog.partitionsOf(table.oid())) {
      collectLeaves(partition, leaves);
    }
  }
}
