package io.trencadis.sql.planning;

import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.SourceRels;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.hep.HepRelVertex;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// How many rows come out of joins, filters and groupings, from the number of different values of
/// their columns (Selinger et al., "Access path selection in a relational database management
/// system", SIGMOD 1979, section 4).
final class Estimates {
  private static final double RANGE = 0.33;
  private static final double PATTERN = 0.05;
  private static final double NULLS = 0.02;
  private static final double UNKNOWN = 0.25;
  private static final double HALF = 0.5;

  private Estimates() {}

  /// A column of a stored table that a column of a tree is.
  record Origin(SourceRels.Table table, int column) {}

  /// The rows of a node; null where this class knows nothing of its kind.
  static Double rows(RelNode rel, RelMetadataQuery query) {
    return switch (rel) {
      case Join join -> join(join, query);
      case Filter filter ->
          Math.max(
              1,
              query.getRowCount(filter.getInput())
                  * selectivity(filter.getCondition(), distinct(filter.getInput(), query)));
      case Aggregate aggregate -> groups(aggregate, query);
      default -> null;
    };
  }

  private static double groups(Aggregate aggregate, RelMetadataQuery query) {
    double rows = query.getRowCount(aggregate.getInput());
    double groups = 1;
    IntToDoubleFunction distinct = distinct(aggregate.getInput(), query);
    for (int key : aggregate.getGroupSet()) {
      groups *= distinct.applyAsDouble(key);
    }
    return Math.max(1, Math.min(rows, groups));
  }

  private static double join(Join join, RelMetadataQuery query) {
    double left = query.getRowCount(join.getLeft());
    double right = query.getRowCount(join.getRight());
    int width = join.getLeft().getRowType().getFieldCount();
    IntToDoubleFunction leftDistinct = distinct(join.getLeft(), query);
    IntToDoubleFunction rightDistinct = distinct(join.getRight(), query);
    List<RexNode> conjuncts = RelOptUtil.conjunctions(join.getCondition());
    if (!join.getJoinType().projectsRight()) {
      double part = matched(conjuncts, width, right, leftDistinct);
      return Math.max(1, left * (join.getJoinType() == JoinRelType.SEMI ? part : 1 - part * HALF));
    }
    double selectivity =
        selectivity(
            conjuncts,
            column ->
                column < width
                    ? leftDistinct.applyAsDouble(column)
                    : rightDistinct.applyAsDouble(column - width),
            column ->
                column < width
                    ? origin(join.getLeft(), column)
                    : origin(join.getRight(), column - width));
    double rows = left * right * selectivity;
    rows = join.getJoinType().generatesNullsOnRight() ? Math.max(rows, left) : rows;
    return Math.max(1, join.getJoinType().generatesNullsOnLeft() ? Math.max(rows, right) : rows);
  }

  /// The part of the left rows that find a partner.
  ///
  /// @param width columns of the left row; conjuncts count on from there
  static double matched(
      List<RexNode> conjuncts, int width, double right, IntToDoubleFunction leftDistinct) {
    double part = 1;
    boolean more = false;
    for (RexNode conjunct : conjuncts) {
      int[] equal = equalColumns(conjunct);
      if (equal == null || (equal[0] < width) == (equal[1] < width)) {
        more = true;
        continue;
      }
      part =
          Math.min(
              part, right / Math.max(1, leftDistinct.applyAsDouble(Math.min(equal[0], equal[1]))));
    }
    return more ? part * 0.9 : part;
  }

  /// The part of the pairs of rows that conjuncts hold for. Columns that make up a unique key of a
  /// table do no more together than to choose one of its rows.
  static double selectivity(
      List<RexNode> conjuncts,
      IntToDoubleFunction distinct,
      java.util.function.IntFunction<Origin> origins) {
    double all = 1;
    double equalities = 1;
    Map<SourceRels.Table, Set<Integer>> columns = new HashMap<>();
    for (RexNode conjunct : conjuncts) {
      int[] equal = equalColumns(conjunct);
      if (equal == null) {
        all *= selectivity(conjunct, distinct);
        continue;
      }
      equalities *= selectivity(conjunct, distinct);
      for (int column : equal) {
        Origin origin = origins.apply(column);
        if (origin != null) {
          columns.computeIfAbsent(origin.table, _ -> new HashSet<>()).add(origin.column);
        }
      }
    }
    for (Map.Entry<SourceRels.Table, Set<Integer>> each : columns.entrySet()) {
      if (each.getValue().size() > 1 && coversKey(each.getKey(), each.getValue())) {
        equalities = Math.max(equalities, 1 / Math.max(1, each.getKey().rows()));
      }
    }
    return all * equalities;
  }

  private static boolean coversKey(SourceRels.Table table, Set<Integer> columns) {
    var primary = table.table().primaryKey();
    var live = table.table().liveColumns();
    return primary != null
        && primary.keyColumns().stream()
            .allMatch(
                number ->
                    columns.stream()
                        .anyMatch(
                            place -> place < live.size() && live.get(place).number() == number));
  }

  /// The two columns that a conjunct says are equal, or null if it says something else.
  static int[] equalColumns(RexNode conjunct) {
    if (conjunct instanceof RexCall call
        && call.getKind() == org.apache.calcite.sql.SqlKind.EQUALS
        && bare(call.getOperands().get(0)) instanceof RexInputRef a
        && bare(call.getOperands().get(1)) instanceof RexInputRef b) {
      return new int[] {a.getIndex(), b.getIndex()};
    }
    return null;
  }

  /// A column without what only changes its type.
  private static RexNode bare(RexNode node) {
    return node instanceof RexCall call
            && call.getOperator() instanceof PgCall pg
            && (pg.operation() instanceof Operation.Relabel
                || pg.operation() instanceof Operation.Convert)
        ? bare(call.getOperands().getFirst())
        : node;
  }

  /// The part of the rows that a condition holds for.
  ///
  /// @param distinct how many different values a column has
  static double selectivity(RexNode condition, IntToDoubleFunction distinct) {
    if (!(condition instanceof RexCall call)) {
      return condition.isAlwaysTrue() ? 1 : HALF;
    }
    return switch (call.getKind()) {
      case AND -> {
        double part = 1;
        for (RexNode operand : call.getOperands()) {
          part *= selectivity(operand, distinct);
        }
        yield part;
      }
      case OR -> {
        double part = 0;
        for (RexNode operand : call.getOperands()) {
          part += selectivity(operand, distinct);
        }
        yield Math.min(1, part);
      }
      case NOT -> 1 - Math.min(0.99, selectivity(call.getOperands().getFirst(), distinct));
      case EQUALS -> {
        double most = 0;
        for (RexNode operand : call.getOperands()) {
          if (bare(operand) instanceof RexInputRef ref) {
            most = Math.max(most, distinct.applyAsDouble(ref.getIndex()));
          }
        }
        yield most == 0 ? 0.05 : 1 / Math.max(1, most);
      }
      case NOT_EQUALS -> 0.9;
      case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> RANGE;
      case IS_NULL -> NULLS;
      case IS_NOT_NULL -> 1 - NULLS;
      default ->
          call.getOperator() instanceof PgCall pg
              ? operation(pg.operation(), call, distinct)
              : UNKNOWN;
    };
  }

  private static double operation(Operation operation, RexCall call, IntToDoubleFunction distinct) {
    return switch (operation) {
      case Operation.Quantified quantified when !quantified.all() -> {
        int length =
            call.getOperands().get(1) instanceof RexCall array
                    && array.getOperator() instanceof PgCall pg
                    && pg.operation() instanceof Operation.ArrayOf
                ? Math.max(1, array.getOperands().size())
                : 10;
        yield bare(call.getOperands().getFirst()) instanceof RexInputRef ref
            ? Math.min(1, length / Math.max(1, distinct.applyAsDouble(ref.getIndex())))
            : Math.min(1, length * 0.02);
      }
      case Operation.Function function -> {
        String name = function.call().proc().name();
        yield name.contains("not") && name.contains("like")
            ? 1 - PATTERN
            : name.contains("like") ? PATTERN : UNKNOWN;
      }
      case Operation.SubPlan _ -> HALF;
      default -> UNKNOWN;
    };
  }

  /// How many different values the columns of a tree have, as a function of the column.
  static IntToDoubleFunction distinct(RelNode rel, RelMetadataQuery query) {
    double rows = Math.max(1, query.getRowCount(rel));
    return column -> {
      Origin origin = origin(rel, column);
      return origin == null ? rows : Math.min(rows, origin.table.distinct(origin.column));
    };
  }

  /// What stored column a column is; null if it is computed.
  static Origin origin(RelNode rel, int column) {
    RelNode node = rel;
    int at = column;
    while (true) {
      switch (node) {
        case SourceRels.Table table -> {
          return new Origin(table, at);
        }
        case PhysicalRels.Scan scan -> {
          return new Origin(scan.source(), at);
        }
        case PhysicalRels.LookupJoin join -> {
          int width = join.getInput().getRowType().getFieldCount();
          if (at >= width) {
            return new Origin(join.lookup().source(), at - width);
          }
          node = join.getInput();
        }
        case RelSubset subset -> node = subset.getOriginal();
        case HepRelVertex vertex -> node = vertex.getCurrentRel();
        case Filter filter -> node = filter.getInput();
        case Sort sort -> node = sort.getInput();
        case Project project -> {
          if (!(bare(project.getProjects().get(at)) instanceof RexInputRef ref)) {
            return null;
          }
          at = ref.getIndex();
          node = project.getInput();
        }
        case Aggregate aggregate -> {
          if (at >= aggregate.getGroupCount()) {
            return null;
          }
          at = aggregate.getGroupSet().nth(at);
          node = aggregate.getInput();
        }
        case Join join -> {
          int width = join.getLeft().getRowType().getFieldCount();
          node = at < width ? join.getLeft() : join.getRight();
          at = at < width ? at : at - width;
        }
        case null, default -> {
          return null;
        }
      }
    }
  }
}
