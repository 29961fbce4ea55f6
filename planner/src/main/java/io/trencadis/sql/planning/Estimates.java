package io.trencadis.sql.planning;

import io.trencadis.base.SqlException;
import io.trencadis.sql.functions.Builtins;
import io.trencadis.sql.functions.EvalContext;
import io.trencadis.sql.functions.Fn;
import io.trencadis.sql.rel.ColumnFigures;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.SourceRels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
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
import org.apache.calcite.rex.RexUtil;

/// How many rows come out of joins, filters and groupings, from the number of different values of
/// their columns (Selinger et al., "Access path selection in a relational database management
/// system", SIGMOD 1979, section 4).
final class Estimates {
  private static final double RANGE = 0.33;

  /// Both ends of a range that are not known, as in PostgreSQL.
  private static final double BETWEEN = 0.005;

  private static final double PATTERN = 0.05;
  private static final double NULLS = 0.02;
  private static final double CONTAINED = 0.01;

  /// Functions of operators that ask for parts of a value, which few have.
  private static final Set<String> CONTAINMENT =
      Set.of(
          "arraycontains",
          "arraycontained",
          "arrayoverlap",
          "jsonb_contains",
          "jsonb_contained",
          "jsonb_exists",
          "jsonb_exists_any",
          "jsonb_exists_all");

  private static final double UNKNOWN = 0.25;
  private static final double HALF = 0.5;

  private Estimates() {}

  /// A column of a stored table that a column of a tree is.
  record Origin(SourceRels.Table table, int column) {}

  /// What is known of a row's columns.
  @FunctionalInterface
  interface Facts {
    /// How many different values a column has.
    double distinct(int column);

    /// The stored column that a column is, or null.
    default Origin origin(int column) {
      return null;
    }

    /// Of a stored table's rows.
    static Facts of(SourceRels.Table table) {
      return new Facts() {
        @Override
        public double distinct(int column) {
          return table.distinct(column);
        }

        @Override
        public Origin origin(int column) {
          return new Origin(table, column);
        }
      };
    }

    /// Of rows that have one column for each column of these, at another place.
    ///
    /// @param places for each place there, the place here
    default Facts moved(IntUnaryOperator places) {
      Facts own = this;
      return new Facts() {
        @Override
        public double distinct(int column) {
          return own.distinct(places.applyAsInt(column));
        }

        @Override
        public Origin origin(int column) {
          return own.origin(places.applyAsInt(column));
        }
      };
    }
  }

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
    Facts distinct = distinct(aggregate.getInput(), query);
    for (int key : aggregate.getGroupSet()) {
      groups *= distinct.distinct(key);
    }
    return Math.max(1, Math.min(rows, groups));
  }

  private static double join(Join join, RelMetadataQuery query) {
    double left = query.getRowCount(join.getLeft());
    double right = query.getRowCount(join.getRight());
    int width = join.getLeft().getRowType().getFieldCount();
    Facts leftDistinct = distinct(join.getLeft(), query);
    Facts rightDistinct = distinct(join.getRight(), query);
    List<RexNode> conjuncts = RelOptUtil.conjunctions(join.getCondition());
    if (!join.getJoinType().projectsRight()) {
      double part = matched(conjuncts, width, right, leftDistinct);
      return Math.max(1, left * (join.getJoinType() == JoinRelType.SEMI ? part : 1 - part * HALF));
    }
    double selectivity =
        selectivity(
            conjuncts,
            new Facts() {
              @Override
              public double distinct(int column) {
                return column < width
                    ? leftDistinct.distinct(column)
                    : rightDistinct.distinct(column - width);
              }

              @Override
              public Origin origin(int column) {
                return column < width
                    ? leftDistinct.origin(column)
                    : rightDistinct.origin(column - width);
              }
            },
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
  static double matched(List<RexNode> conjuncts, int width, double right, Facts leftDistinct) {
    double part = 1;
    boolean more = false;
    for (RexNode conjunct : conjuncts) {
      int[] equal = equalColumns(conjunct);
      if (equal == null || (equal[0] < width) == (equal[1] < width)) {
        more = true;
        continue;
      }
      part =
          Math.min(part, right / Math.max(1, leftDistinct.distinct(Math.min(equal[0], equal[1]))));
    }
    return more ? part * 0.9 : part;
  }

  /// The part of the pairs of rows that conjuncts hold for. Columns that make up a unique key of a
  /// table do no more together than to choose one of its rows.
  static double selectivity(
      List<RexNode> conjuncts, Facts distinct, java.util.function.IntFunction<Origin> origins) {
    double equalities = 1;
    Map<SourceRels.Table, Map<Integer, Integer>> columns = new LinkedHashMap<>();
    List<RexNode> others = new ArrayList<>();
    List<Double> parts = new ArrayList<>();
    for (RexNode conjunct : conjuncts) {
      int[] equal = equalColumns(conjunct);
      if (equal == null) {
        others.add(conjunct);
        continue;
      }
      double part = selectivity(conjunct, distinct);
      equalities *= part;
      for (int column : equal) {
        Origin origin = origins.apply(column);
        if (origin != null) {
          columns
              .computeIfAbsent(origin.table, _ -> new HashMap<>())
              .putIfAbsent(origin.column, parts.size());
        }
      }
      parts.add(part);
    }
    Set<Integer> used = new HashSet<>();
    for (Map.Entry<SourceRels.Table, Map<Integer, Integer>> each : columns.entrySet()) {
      Set<Integer> ofKey = keyConjuncts(each.getKey(), each.getValue());
      if (ofKey.size() > 1 && ofKey.stream().noneMatch(used::contains)) {
        // Further columns choose among the rows that the key chooses.
        double together = 1;
        for (int number : ofKey) {
          together *= parts.get(number);
        }
        equalities *= Math.max(1, 1 / Math.max(1, each.getKey().rows()) / together);
        used.addAll(ofKey);
      }
    }
    return selectivity(others, distinct) * equalities;
  }

  /// Which conjuncts say what a table's primary key is; none where not all of it is said.
  ///
  /// @param conjuncts by column
  private static Set<Integer> keyConjuncts(
      SourceRels.Table table, Map<Integer, Integer> conjuncts) {
    var primary = table.table().primaryKey();
    var live = table.table().liveColumns();
    Set<Integer> found = new HashSet<>();
    for (int number : primary == null ? List.<Integer>of() : primary.keyColumns()) {
      Integer conjunct = null;
      for (int place = 0; place < live.size(); place++) {
        if (live.get(place).number() == number) {
          conjunct = conjuncts.get(place);
        }
      }
      if (conjunct == null) {
        return Set.of();
      }
      found.add(conjunct);
    }
    return found;
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

  /// The part of the rows that all of some conditions hold for.
  static double selectivity(List<RexNode> conjuncts, Facts facts) {
    double part = 1;
    Map<Integer, double[]> ranges = new LinkedHashMap<>();
    Map<Integer, Sarg.Kind> unknown = new HashMap<>();
    for (RexNode conjunct : conjuncts) {
      Sarg sarg = Sarg.of(conjunct).orElse(null);
      double below = sarg == null ? -1 : below(sarg, facts);
      if (below < 0) {
        Sarg.Kind other = sarg == null ? null : unknown.put(sarg.place(), sarg.kind());
        part *=
            other != null && sarg.kind().isOpposite(other)
                ? BETWEEN / RANGE
                : selectivity(conjunct, facts);
        continue;
      }
      // Both ends of a range say something of the same rows.
      double[] range = ranges.computeIfAbsent(sarg.place(), _ -> new double[] {0, 2});
      if (sarg.kind() == Sarg.Kind.LESS || sarg.kind() == Sarg.Kind.LESS_EQUAL) {
        range[1] = Math.min(range[1], below);
      } else {
        range[0] = Math.max(range[0], below);
      }
    }
    for (Map.Entry<Integer, double[]> each : ranges.entrySet()) {
      Origin origin = facts.origin(each.getKey());
      double present = 1 - origin.table.figures(origin.column).nulls();
      double[] range = each.getValue();
      double least = 1 / Math.max(1, origin.table.rows());
      part *= Math.max(least, Math.min(present, range[1]) - range[0]);
    }
    return part;
  }

  /// The part of the rows below the bound that a search argument is (or, of a lower one, not in its
  /// range); -1 where it is none or that cannot be told.
  private static double below(Sarg sarg, Facts facts) {
    if (sarg.kind() == Sarg.Kind.EQUAL) {
      return -1;
    }
    Origin origin = facts.origin(sarg.place());
    ColumnFigures figures = origin == null ? null : origin.table.figures(origin.column);
    Object value = figures == null ? null : KnownValues.of(sarg.value(), origin.table.slots());
    if (value == null) {
      return -1;
    }
    return figures.below(
        value, sarg.kind() == Sarg.Kind.LESS_EQUAL || sarg.kind() == Sarg.Kind.GREATER);
  }

  /// The part of the rows that an equality with something known holds for; -1 where that cannot be
  /// told.
  private static double equal(RexNode conjunct, Facts facts) {
    Sarg sarg = Sarg.of(conjunct).orElse(null);
    return sarg == null ? -1 : known(sarg, facts);
  }

  private static double known(Sarg sarg, Facts facts) {
    Origin origin = facts.origin(sarg.place());
    ColumnFigures figures = origin == null ? null : origin.table.figures(origin.column);
    Object value = figures == null ? null : KnownValues.of(sarg.value(), origin.table.slots());
    return value == null ? -1 : figures.equal(value);
  }

  /// The part of the rows that an equality holds for.
  static double equal(Sarg sarg, Facts facts) {
    double known = known(sarg, facts);
    return known >= 0 ? known : 1 / Math.max(1, facts.distinct(sarg.place()));
  }

  /// The part of the rows within the bounds of one column.
  ///
  /// @param lower null for none
  /// @param upper null for none
  static double range(Sarg lower, Sarg upper, Facts facts) {
    if (lower != null && upper != null && below(lower, facts) < 0 && below(upper, facts) < 0) {
      return BETWEEN;
    }
    double part = 1;
    List<RexNode> known = new ArrayList<>();
    for (Sarg bound : new Sarg[] {lower, upper}) {
      if (bound != null && below(bound, facts) >= 0) {
        known.add(bound.conjunct());
      } else if (bound != null) {
        part *= RANGE;
      }
    }
    return part * selectivity(known, facts);
  }

  /// The part of the rows that a condition holds for.
  ///
  /// @param distinct how many different values a column has
  static double selectivity(RexNode condition, Facts distinct) {
    if (!(condition instanceof RexCall call)) {
      return condition.isAlwaysTrue() ? 1 : HALF;
    }
    return switch (call.getKind()) {
      case AND -> selectivity(call.getOperands(), distinct);
      case OR -> {
        double part = 0;
        for (RexNode operand : call.getOperands()) {
          part += selectivity(operand, distinct);
        }
        yield Math.min(1, part);
      }
      case NOT -> 1 - Math.min(0.99, selectivity(call.getOperands().getFirst(), distinct));
      case EQUALS -> {
        double known = equal(call, distinct);
        if (known >= 0) {
          yield known;
        }
        double most = 0;
        for (RexNode operand : call.getOperands()) {
          if (bare(operand) instanceof RexInputRef ref) {
            most = Math.max(most, distinct.distinct(ref.getIndex()));
          }
        }
        yield most == 0 ? 0.05 : 1 / Math.max(1, most);
      }
      case NOT_EQUALS -> 0.9;
      case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          range(call, distinct);
      case IS_NULL -> nulls(call, distinct);
      case IS_NOT_NULL -> 1 - nulls(call, distinct);
      default ->
          call.getOperator() instanceof PgCall pg
              ? operation(pg.operation(), call, distinct)
              : UNKNOWN;
    };
  }

  private static double range(RexCall call, Facts facts) {
    Sarg sarg = Sarg.of(call).orElse(null);
    return sarg == null || below(sarg, facts) < 0 ? RANGE : selectivity(List.of(call), facts);
  }

  private static double nulls(RexCall call, Facts facts) {
    Origin origin =
        bare(call.getOperands().getFirst()) instanceof RexInputRef ref
            ? facts.origin(ref.getIndex())
            : null;
    ColumnFigures figures = origin == null ? null : origin.table.figures(origin.column);
    return figures == null ? NULLS : figures.nulls();
  }

  /// The part of the rows for which a function of a column and constants is true, tried with the
  /// values that ANALYZE kept; -1 where that cannot be told.
  private static double tested(Operation.Function function, RexCall call, Facts facts) {
    int place = -1;
    Origin origin = null;
    Object[] values = new Object[call.getOperands().size()];
    for (int i = 0; i < values.length; i++) {
      RexNode operand = call.getOperands().get(i);
      if (place < 0 && bare(operand) instanceof RexInputRef ref) {
        place = i;
        origin = facts.origin(ref.getIndex());
      }
    }
    ColumnFigures figures = origin == null ? null : origin.table.figures(origin.column);
    if (figures == null || !function.call().proc().immutable() || !isPlain(call, place)) {
      return -1;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] =
          i == place ? null : KnownValues.of(call.getOperands().get(i), origin.table.slots());
      if (i != place && values[i] == null) {
        return -1;
      }
    }
    int at = place;
    try {
      // What is not built in, a user's function among it, has no code here.
      Fn fn = Builtins.bind(function.call());
      return figures.part(
          value -> {
            values[at] = value;
            return Boolean.TRUE.equals(fn.invoke(values, EvalContext.NONE));
          });
    } catch (SqlException e) {
      return -1;
    }
  }

  /// Whether an operand is a column as it is, or one that is only called another type.
  private static boolean isPlain(RexCall call, int operand) {
    RexNode node = call.getOperands().get(operand);
    while (node instanceof RexCall inner
        && inner.getOperator() instanceof PgCall pg
        && pg.operation() instanceof Operation.Relabel) {
      node = inner.getOperands().getFirst();
    }
    return node instanceof RexInputRef;
  }

  private static double operation(Operation operation, RexCall call, Facts distinct) {
    return switch (operation) {
      case Operation.Quantified quantified when !quantified.all() -> {
        int length =
            call.getOperands().get(1) instanceof RexCall array
                    && array.getOperator() instanceof PgCall pg
                    && pg.operation() instanceof Operation.ArrayOf
                ? Math.max(1, array.getOperands().size())
                : 10;
        yield bare(call.getOperands().getFirst()) instanceof RexInputRef ref
            ? Math.min(1, length / Math.max(1, distinct.distinct(ref.getIndex())))
            : Math.min(1, length * 0.02);
      }
      case Operation.Function function -> {
        Sarg sarg = Sarg.of(call).orElse(null);
        if (sarg != null) {
          double known =
              sarg.kind() == Sarg.Kind.EQUAL ? equal(call, distinct) : range(call, distinct);
          yield known >= 0 ? known : 1 / Math.max(1, distinct.distinct(sarg.place()));
        }
        double tested = tested(function, call, distinct);
        if (tested >= 0) {
          yield tested;
        }
        String name = function.call().proc().name();
        if (CONTAINMENT.contains(name)) {
          yield CONTAINED;
        }
        yield name.contains("not") && name.contains("like")
            ? 1 - PATTERN
            : name.contains("like") ? PATTERN : UNKNOWN;
      }
      case Operation.SubPlan _ -> HALF;
      default -> UNKNOWN;
    };
  }

  /// How many different values the columns of a tree have, as a function of the column.
  static Facts distinct(RelNode rel, RelMetadataQuery query) {
    double rows = Math.max(1, query.getRowCount(rel));
    return new Facts() {
      @Override
      public double distinct(int column) {
        Origin origin = origin(column);
        return origin == null
            ? computed(rel, column, rows, query)
            : Math.min(rows, origin.table.distinct(origin.column));
      }

      @Override
      public Origin origin(int column) {
        return Estimates.origin(rel, column);
      }
    };
  }

  /// How many different values an expression has at the most: one for all that the columns in it
  /// have together.
  private static double computed(RelNode rel, int column, double rows, RelMetadataQuery query) {
    RelNode node =
        switch (rel) {
          case RelSubset subset -> subset.getOriginal();
          case HepRelVertex vertex -> vertex.getCurrentRel();
          default -> rel;
        };
    if (!(node instanceof Project project)
        || !RexUtil.isDeterministic(project.getProjects().get(column))) {
      return rows;
    }
    Facts below = distinct(project.getInput(), query);
    double values = 1;
    for (int each : RelOptUtil.InputFinder.bits(project.getProjects().get(column))) {
      values = Math.min(rows, values * below.distinct(each));
    }
    return values;
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
