package io.trencadis.sql.planning;

import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.rel.PgAggregate;
import io.trencadis.sql.rel.ShapeRels;
import io.trencadis.sql.rel.SourceRels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexNode;

/// Where only the first rows by some order are wanted, and a key has that order or the opposite
/// one, they are read by it from all shards at once, as far as they are asked for: no sort, and not
/// all of the rows. What is joined with them is looked up for them. Where the key only begins the
/// order, rows that are equal in what it has are sorted among themselves.
final class FirstRows {
  /// So many are taken to be wanted where that is not known.
  private static final double USUAL = 100;

  private final AccessPaths paths;
  private final PlanRules rules;

  FirstRows(AccessPaths paths, PlanRules rules) {
    this.paths = paths;
    this.rules = rules;
  }

  /// Offers the planner another way for each LIMIT of sorted rows in a tree.
  void offer(RelNode rel, VolcanoPlanner planner) {
    if (rel instanceof ShapeRels.Limit limit && limit.fetch() != null && limit.tieColumns() == 0) {
      PhysicalRels.FirstRows other = firstRows(limit);
      if (other != null) {
        planner.register(other, limit);
      }
    }
    rel.getInputs().forEach(input -> offer(input, planner));
  }

  private PhysicalRels.FirstRows firstRows(ShapeRels.Limit limit) {
    RelNode input = limit.getInput();
    ShapeRels.LockRows lock = input instanceof ShapeRels.LockRows rows ? rows : null;
    RelNode below = lock == null ? input : lock.getInput();
    if (!(below instanceof LogicalSort sort)) {
      return null;
    }
    List<RelFieldCollation> order = sort.getCollation().getFieldCollations();
    int[] columns = order.stream().mapToInt(RelFieldCollation::getFieldIndex).toArray();
    OrderedRows.Driven driven =
        new OrderedRows(paths, rules.has(PlanRules.ORDERED_JOINS)).of(sort.getInput(), columns);
    double wanted = wanted(limit);
    Way way = driven == null ? null : best(driven, order, wanted);
    if (way == null) {
      return null;
    }
    RelNode rows = driven.over().apply(scan(driven.table(), driven.condition(), way.choice));
    if (way.held < order.size()) {
      rows =
          new PhysicalRels.PartialSort(
              rows.getCluster(), rows.getTraitSet(), rows, order, way.held);
    }
    if (lock != null) {
      rows = new PhysicalRels.Shape(rows.getCluster(), rows.getTraitSet(), lock, List.of(rows));
    }
    return new PhysicalRels.FirstRows(
        rows.getCluster(), rows.getTraitSet(), limit, rows, wanted, way.cost);
  }

  /// @param held how many columns of the order the key has
  private record Way(AccessPaths.Choice choice, int held, double cost) {}

  private static PhysicalRels.Scan scan(
      SourceRels.Table table, RexNode condition, AccessPaths.Choice choice) {
    var traits = table.getCluster().traitSetOf(Physical.CONVENTION);
    return new PhysicalRels.Scan(table.getCluster(), traits, table, condition, choice);
  }

  /// The cheapest way to the rows wanted; null where no key has the order's first column.
  private Way best(OrderedRows.Driven driven, List<RelFieldCollation> order, double wanted) {
    Way best = null;
    for (AccessPaths.Path path : paths.byEveryKey(driven.table(), driven.condition())) {
      for (ScanOrder way : new ScanOrder[] {ScanOrder.FORWARD, ScanOrder.BACKWARD}) {
        int held = KeyOrder.followed(path, driven.columns(), order, way == ScanOrder.BACKWARD);
        if (path.point()
            || held == 0
            || held < order.size() && !rules.has(PlanRules.INCREMENTAL_SORT)) {
          continue;
        }
        double all = Math.max(1, path.expected());
        double read = wanted / Math.max(1e-9, driven.rows());
        if (held < order.size()) {
          read += all / values(driven, held, all);
        }
        read = Math.min(all, read);
        double scanning = AccessPaths.cost(path, read / all);
        double sorted = held < order.size() ? read * driven.rows() : 0;
        double cost =
            scanning
                + read * driven.cost()
                + sorted * Math.log(Math.max(2, sorted)) * PhysicalRels.OPERATOR * 2;
        if (best == null || cost < best.cost) {
          best = new Way(AccessPaths.Choice.ordered(path, way, scanning), held, cost);
        }
      }
    }
    return best;
  }

  /// How many different values the first columns of an order have.
  private static double values(OrderedRows.Driven driven, int held, double most) {
    double values =
        Arrays.stream(driven.columns(), 0, held)
            .mapToDouble(driven.table()::distinct)
            .reduce(1, (a, b) -> a * Math.max(1, b));
    return Math.min(most, values);
  }

  private double wanted(ShapeRels.Limit limit) {
    return Math.max(1, number(limit.fetch(), USUAL) + number(limit.offset(), 0));
  }

  private double number(RexNode value, double otherwise) {
    return value != null && KnownValues.of(value, paths.slots().all()) instanceof Number known
        ? known.doubleValue()
        : otherwise;
  }

  // ---- least and greatest values

  /// For each call of an aggregate of least and greatest values of columns, its input, changed so
  /// that the rows come in the column's order; null where that does not pay or cannot be.
  List<RelNode> extremes(PhysicalRels.PhysicalAggregate aggregate) {
    PhysicalRels.Scan scan = KeyOrder.scan(aggregate.getInput());
    if (scan == null
        || scan.source().locator()
        || aggregate.getGroupCount() > 0
        || aggregate.getGroupSets().size() != 1
        || aggregate.getAggCallList().isEmpty()) {
      return null;
    }
    List<RelNode> inputs = new ArrayList<>();
    double cost = 0;
    for (AggregateCall call : aggregate.getAggCallList()) {
      AccessPaths.Choice choice = extreme(aggregate.getInput(), scan, call);
      if (choice == null) {
        return null;
      }
      inputs.add(replaced(aggregate.getInput(), scan, choice));
      cost += choice.cost();
    }
    return cost >= scan.choice().cost() + scan.choice().rows() * PhysicalRels.OPERATOR
        ? null
        : inputs;
  }

  private AccessPaths.Choice extreme(RelNode input, PhysicalRels.Scan scan, AggregateCall call) {
    ProcInfo proc = ((PgAggregate) call.getAggregation()).call().proc();
    boolean least = proc.name().equals("min");
    if (!least && !proc.name().equals("max")
        || !proc.schema().equals("pg_catalog")
        || call.filterArg >= 0
        || call.getArgList().size() != 1) {
      return null;
    }
    for (RelFieldCollation.NullDirection nulls :
        new RelFieldCollation.NullDirection[] {
          RelFieldCollation.NullDirection.LAST, RelFieldCollation.NullDirection.FIRST
        }) {
      RelFieldCollation order =
          new RelFieldCollation(
              call.getArgList().getFirst(),
              least
                  ? RelFieldCollation.Direction.ASCENDING
                  : RelFieldCollation.Direction.DESCENDING,
              nulls);
      int[] columns = KeyOrder.columns(input, List.of(order));
      Way way =
          columns == null
              ? null
              : best(
                  new OrderedRows.Driven(
                      scan.source(), scan.condition(), columns, each -> each, 1, 0),
                  List.of(order),
                  1);
      if (way != null) {
        return way.choice;
      }
    }
    return null;
  }

  private static RelNode replaced(RelNode node, PhysicalRels.Scan scan, AccessPaths.Choice choice) {
    return node instanceof PhysicalRels.PhysicalProject project
        ? project.copy(project.getTraitSet(), List.of(replaced(project.getInput(), scan, choice)))
        : scan(scan.source(), scan.condition(), choice);
  }
}
