package io.trencadis.sql.planning;

import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.rel.PgAggregate;
import io.trencadis.sql.rel.ShapeRels;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rex.RexNode;

/// Where only the first rows by some order are wanted, and a key has that order or the opposite
/// one, they are read by it from all shards at once, as far as they are asked for: no sort, and not
/// all of the rows.
final class FirstRows {
  /// So many are taken to be wanted where that is not known.
  private static final double USUAL = 100;

  private FirstRows() {}

  /// The input of a sort, changed so that its rows come in order; null where that does not pay or
  /// cannot be.
  static RelNode ordered(PhysicalRels.PhysicalSort sort, ShapeRels.Limit limit, AccessPaths paths) {
    return ordered(
        sort.getInput(), sort.getCollation().getFieldCollations(), wanted(limit, paths), paths);
  }

  /// The input of an aggregate that is the least or the greatest value of a column, changed so that
  /// the rows come in the column's order; null where that does not pay or cannot be.
  static RelNode extreme(PhysicalRels.PhysicalAggregate aggregate, AccessPaths paths) {
    if (aggregate.getGroupCount() > 0
        || aggregate.getGroupSets().size() != 1
        || aggregate.getAggCallList().size() != 1) {
      return null;
    }
    AggregateCall call = aggregate.getAggCallList().getFirst();
    ProcInfo proc = ((PgAggregate) call.getAggregation()).call().proc();
    boolean least = proc.name().equals("min");
    if (!least && !proc.name().equals("max")
        || !proc.schema().equals("pg_catalog")
        || call.filterArg >= 0
        || call.getArgList().size() != 1) {
      return null;
    }
    RelNode best = null;
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
      best = best == null ? ordered(aggregate.getInput(), List.of(order), 1, paths) : best;
    }
    return best;
  }

  /// @param wanted how many rows, about
  private static RelNode ordered(
      RelNode input, List<RelFieldCollation> order, double wanted, AccessPaths paths) {
    PhysicalRels.Scan scan = KeyOrder.scan(input);
    if (scan == null || scan.source().locator()) {
      return null;
    }
    AccessPaths.Choice best = null;
    int[] columns = KeyOrder.columns(input, order);
    for (AccessPaths.Path path : paths.byEveryKey(scan.source(), scan.condition())) {
      for (ScanOrder way : new ScanOrder[] {ScanOrder.FORWARD, ScanOrder.BACKWARD}) {
        if (!path.point() && KeyOrder.follows(path, columns, order, way == ScanOrder.BACKWARD)) {
          double part = Math.min(1, wanted / Math.max(1, path.expected()));
          double cost = AccessPaths.cost(path, part);
          best =
              best == null || cost < best.cost()
                  ? AccessPaths.Choice.ordered(path, way, cost)
                  : best;
        }
      }
    }
    double sorting = scan.choice().rows() * PhysicalRels.OPERATOR;
    return best == null || best.cost() >= scan.choice().cost() + sorting
        ? null
        : replaced(input, scan, best);
  }

  private static RelNode replaced(RelNode node, PhysicalRels.Scan scan, AccessPaths.Choice choice) {
    if (node instanceof PhysicalRels.PhysicalProject project) {
      return project.copy(
          project.getTraitSet(), List.of(replaced(project.getInput(), scan, choice)));
    }
    return new PhysicalRels.Scan(
        scan.getCluster(), scan.getTraitSet(), scan.source(), scan.condition(), choice);
  }

  private static double wanted(ShapeRels.Limit limit, AccessPaths paths) {
    return Math.max(1, number(limit.fetch(), USUAL, paths) + number(limit.offset(), 0, paths));
  }

  private static double number(RexNode value, double otherwise, AccessPaths paths) {
    return value != null && KnownValues.of(value, paths.slots().all()) instanceof Number known
        ? known.doubleValue()
        : otherwise;
  }
}
