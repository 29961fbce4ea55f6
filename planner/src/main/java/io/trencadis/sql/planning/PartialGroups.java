package io.trencadis.sql.planning;

import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgAggregate;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.SourceRels;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// Says where groups can be made of each shard's rows and then be put together: where the result is
/// the same to the last digit, the expressions may run on any thread, and there are rows enough.
final class PartialGroups {
  /// Below, one thread is done before another one has begun.
  static final double LEAST_ROWS = 20_000;

  /// Rows of a group on average, below which putting them together is what takes the time.
  private static final double LEAST_PER_GROUP = 4;

  private static final Set<String> ANY_TYPE =
      Set.of("count", "min", "max", "bool_and", "bool_or", "every");

  /// Sums of these are exact; those of floating-point numbers depend on the order.
  private static final Set<PgType> EXACT_SUMS =
      Set.of(Types.INT2, Types.INT4, Types.INT8, Types.NUMERIC);

  private PartialGroups() {}

  static boolean suit(PhysicalRels.PhysicalAggregate aggregate, RelMetadataQuery query) {
    RelNode input = aggregate.getInput();
    double scanned = scanned(input);
    return scanned >= LEAST_ROWS
        && (looksUp(input)
            || query.getRowCount(aggregate) * LEAST_PER_GROUP <= query.getRowCount(input))
        && aggregate.getAggCallList().stream().allMatch(PartialGroups::isMergeable);
  }

  /// Whether rows are looked up one by one on the way, beside which putting groups together takes
  /// no time.
  private static boolean looksUp(RelNode rel) {
    return switch (rel) {
      case PhysicalRels.LookupJoin _ -> true;
      case PhysicalRels.PhysicalJoin join -> looksUp(join.getLeft());
      case Filter filter -> looksUp(filter.getInput());
      case Project project -> looksUp(project.getInput());
      default -> false;
    };
  }

  /// Whether rows that are much fewer than those read for them come in parts.
  static boolean areFew(RelNode rel, RelMetadataQuery query) {
    double scanned = scanned(rel);
    return scanned >= LEAST_ROWS && query.getRowCount(rel) * LEAST_PER_GROUP <= scanned;
  }

  /// Whether the rows of an aggregate's input come group by group, each group from one shard: they
  /// are read by a key that begins with the grouped columns, which decide the shard.
  static boolean inOrder(PhysicalRels.PhysicalAggregate aggregate) {
    if (aggregate.getGroupSet().isEmpty()
        || aggregate.getAggCallList().stream()
            .anyMatch(
                call -> call.isDistinct() || !call.getCollation().getFieldCollations().isEmpty())) {
      return false;
    }
    Set<Integer> columns = new HashSet<>(aggregate.getGroupSet().asList());
    RelNode below = aggregate.getInput();
    while (!(below instanceof PhysicalRels.Scan)) {
      if (below instanceof Project project) {
        Set<Integer> own = new HashSet<>();
        for (int column : columns) {
          if (!(project.getProjects().get(column) instanceof RexInputRef ref)) {
            return false;
          }
          own.add(ref.getIndex());
        }
        columns = own;
      } else if (!(below instanceof Filter)) {
        return false;
      }
      below = below.getInput(0);
    }
    PhysicalRels.Scan scan = (PhysicalRels.Scan) below;
    List<AccessPaths.Path> paths = scan.choice().paths();
    if (paths.size() != 1 || scan.source().table().isPartitioned()) {
      return false;
    }
    AccessPaths.Path path = paths.getFirst();
    if (path.index() != null || path.list() != null || path.table().key() == null) {
      return false;
    }
    int[] key = path.table().key().columns();
    Set<Integer> places = new HashSet<>();
    for (int column : columns) {
      if (column >= path.places().length) {
        return false;
      }
      places.add(path.places()[column]);
    }
    columns = places;
    if (columns.size() > key.length) {
      return false;
    }
    for (int i = 0; i < columns.size(); i++) {
      if (!columns.contains(key[i])) {
        return false;
      }
    }
    int[] partition = path.table().partitionColumns().places();
    for (int place : partition) {
      if (!columns.contains(place)) {
        return false;
      }
    }
    return partition.length > 0;
  }

  /// Tells the tables whose rows are grouped in parts where they are read whole.
  static void inParts(RelNode rel, AccessPaths paths) {
    if (rel instanceof Aggregate aggregate
        && aggregate.getAggCallList().stream().allMatch(PartialGroups::isMergeable)) {
      RelNode below = aggregate.getInput();
      while (below instanceof Filter filter && isSafe(filter.getCondition())
          || below instanceof Project project
              && project.getProjects().stream().allMatch(PartialGroups::isSafe)) {
        below = below.getInput(0);
      }
      if (below instanceof SourceRels.Table table
          && !table.table().isPartitioned()
          && table.rows() >= LEAST_ROWS) {
        paths.inParts(table);
      }
    }
    rel.getInputs().forEach(input -> inParts(input, paths));
  }

  private static boolean isPlain(AggregateCall call) {
    ResolvedCall function = ((PgAggregate) call.getAggregation()).call();
    return function.proc() != null && function.proc().immutable();
  }

  /// Whether groups of some rows each can be put together, with the result of all rows' groups.
  static boolean isMergeable(AggregateCall call) {
    if (call.isDistinct() || !call.getCollation().getFieldCollations().isEmpty()) {
      return false;
    }
    ResolvedCall function = ((PgAggregate) call.getAggregation()).call();
    String name = function.proc().name();
    return ANY_TYPE.contains(name)
        || (name.equals("sum") || name.equals("avg"))
            && EXACT_SUMS.contains(function.argTypes().getFirst());
  }

  /// How many rows are read in parts; 0 where they cannot be.
  private static double scanned(RelNode rel) {
    return switch (rel) {
      case PhysicalRels.Scan scan -> scanned(scan);
      case PhysicalRels.PhysicalJoin join ->
          join.analyzeCondition().leftKeys.isEmpty() || !isSafe(join.getCondition())
              ? 0
              : scanned(join.getLeft());
      case PhysicalRels.PhysicalAggregate aggregate ->
          inOrder(aggregate) && aggregate.getAggCallList().stream().allMatch(PartialGroups::isPlain)
              ? scanned(aggregate.getInput())
              : 0;
      case PhysicalRels.LookupJoin join ->
          join.arguments().stream().allMatch(PartialGroups::isSafe) && sharesReads(join.lookup())
              ? scanned(join.getInput())
              : 0;
      case Filter filter -> isSafe(filter.getCondition()) ? scanned(filter.getInput()) : 0;
      case Project project ->
          project.getProjects().stream().allMatch(PartialGroups::isSafe)
              ? scanned(project.getInput())
              : 0;
      default -> 0;
    };
  }

  /// Whether any thread may look up a table's rows.
  static boolean sharesReads(PhysicalRels.Scan scan) {
    return !scan.source().table().isPartitioned()
        && !scan.source().locator()
        && !hasRows(scan)
        && scan.choice().paths().size() == 1
        && scan.choice().paths().getFirst().terms().isEmpty()
        && (scan.condition() == null || isSafe(scan.condition()));
  }

  private static double scanned(PhysicalRels.Scan scan) {
    if (!sharesReads(scan)) {
      return 0;
    }
    AccessPaths.Path path = scan.choice().paths().getFirst();
    boolean alone = path.index() != null || path.list() != null || path.partitionValues() != null;
    return alone ? 0 : path.equal().isEmpty() ? scan.source().rows() : path.expected();
  }

  /// Whether a column holds rows, whose types only the session's thread knows.
  private static boolean hasRows(RelNode rel) {
    return rel.getRowType().getFieldList().stream()
        .anyMatch(field -> PgRelType.of(field.getType()).isRow());
  }

  /// Whether an expression gives the same on any thread, without the session.
  static boolean isSafe(RexNode node) {
    return isSafe(node, _ -> false);
  }

  /// @param subPlans whether a sub-select in it does
  static boolean isSafe(RexNode node, Predicate<Operation.SubPlan> subPlans) {
    if (!(node instanceof RexCall call)) {
      return true;
    }
    if (call.getOperator() instanceof PgCall pg
        && !(pg.operation() instanceof Operation.SubPlan subPlan
            ? subPlans.test(subPlan)
            : isSafe(pg.operation()))) {
      return false;
    }
    return call.getOperands().stream().allMatch(operand -> isSafe(operand, subPlans));
  }

  private static boolean isSafe(Operation operation) {
    return switch (operation) {
      case Operation.Function function ->
          function.call().proc() != null && function.call().proc().immutable();
      case Operation.Convert convert -> convert.cast().volatility() == 'i';
      case Operation.Quantified quantified ->
          quantified.operator().proc() != null && quantified.operator().proc().immutable();
      case Operation.Relabel _,
          Operation.Collate _,
          Operation.Narrow _,
          Operation.Moment _,
          Operation.Coalesce _,
          Operation.NullIf _,
          Operation.GreatestLeast _,
          Operation.ArrayOf _ ->
          true;
      default -> false;
    };
  }
}
