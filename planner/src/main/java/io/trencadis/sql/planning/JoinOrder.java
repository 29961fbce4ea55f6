package io.trencadis.sql.planning;

import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.SourceRels;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/// Puts inner joins, and the semi-joins and anti-joins over them, into an order that is cheap. The
/// search is bounded: every order in which one input after the other is added where there are few
/// of them (Selinger et al., SIGMOD 1979, section 5), and the next cheapest input each time where
/// there are more.
final class JoinOrder {
  /// Up to here all orders are looked at: 2^n sets of inputs with n continuations each.
  private static final int MOST_FOR_ALL_ORDERS = 10;

  /// Up to so many inputs, products of inputs that no condition joins are tried as well.
  private static final int MOST_WITH_PRODUCTS = 6;

  /// What columns of a reducer's right side are counted from in its condition.
  private static final int RIGHT = 1 << 20;

  private final AccessPaths paths;

  JoinOrder(AccessPaths paths) {
    this.paths = paths;
  }

  RelNode reorder(RelNode rel) {
    if (isPart(rel) && readsTables(rel)) {
      Tree tree = new Tree(rel);
      if (tree.steps.size() > 2 || !tree.late.isEmpty() || tree.hasOr()) {
        return tree.ordered();
      }
    }
    List<RelNode> inputs = new ArrayList<>();
    boolean changed = false;
    for (RelNode input : rel.getInputs()) {
      RelNode own = reorder(input);
      changed |= own != input;
      inputs.add(own);
    }
    return changed ? rel.copy(rel.getTraitSet(), inputs) : rel;
  }

  /// Whether any stored table is read. Joins of system views alone stay as they are written: all
  /// are small, and tools that read a catalog without ORDER BY live off the order that comes of it.
  static boolean readsTables(RelNode rel) {
    return switch (rel) {
      case SourceRels.Table _ -> true;
      case SourceRels.Shared shared -> readsTables(shared.query().definition());
      case RelSubset subset -> readsTables(subset.getOriginal());
      default -> rel.getInputs().stream().anyMatch(JoinOrder::readsTables);
    };
  }

  private static boolean isPart(RelNode rel) {
    return rel instanceof LogicalJoin join
        && (join.getJoinType() == JoinRelType.INNER
            || join.getJoinType() == JoinRelType.SEMI
            || join.getJoinType() == JoinRelType.ANTI);
  }

  /// Whether a condition has a sub-select that is run for each row.
  static boolean isDear(RexNode node) {
    return node instanceof RexCall call
        && (call.getOperator() instanceof PgCall pg
                && pg.operation() instanceof Operation.SubPlan subPlan
                && !subPlan.slots().isEmpty()
            || call.getOperands().stream().anyMatch(JoinOrder::isDear));
  }

  /// An input of the inner joins, or the right side of a semi-join or an anti-join.
  ///
  /// @param kind INNER, SEMI or ANTI
  /// @param first the place of its first column among those of all inputs; of a reducer, [#RIGHT]
  /// @param own the conjuncts of a reducer
  private record Step(JoinRelType kind, RelNode rel, int first, int width, List<RexNode> own) {}

  /// Nested joins, taken apart.
  private final class Tree {
    private final RelNode root;
    private final RexBuilder rex;
    private final List<Step> steps = new ArrayList<>();
    private final List<RexNode> conjuncts = new ArrayList<>();
    private final List<RexNode> late = new ArrayList<>();

    /// Columns of different inputs that are all equal to one another.
    private final List<int[]> classes = new ArrayList<>();

    private double[] rows;
    private double[] access;

    /// For each conjunct, the inputs whose columns it has.
    private List<BitSet> reads;

    private final Map<Integer, Integer> inputOf = new HashMap<>();

    Tree(RelNode root) {
      this.root = root;
      this.rex = root.getCluster().getRexBuilder();
      flatten(root, 0);
    }

    private void flatten(RelNode rel, int first) {
      if (isPart(rel)) {
        LogicalJoin join = (LogicalJoin) rel;
        int width = join.getLeft().getRowType().getFieldCount();
        List<RexNode> own = new ArrayList<>();
        boolean inner = join.getJoinType() == JoinRelType.INNER;
        for (RexNode conjunct : RelOptUtil.conjunctions(join.getCondition())) {
          own.add(
              moved(
                  conjunct,
                  column -> inner || column < width ? column + first : column - width + RIGHT));
        }
        flatten(join.getLeft(), first);
        if (inner) {
          flatten(join.getRight(), first + width);
          own.forEach(this::add);
        } else {
          RelNode right = join.getRight();
          steps.add(
              new Step(join.getJoinType(), right, RIGHT, right.getRowType().getFieldCount(), own));
        }
      } else if (rel instanceof LogicalFilter filter
          && (isPart(filter.getInput()) || isDear(filter.getCondition()))) {
        List<RexNode> cheap = new ArrayList<>();
        for (RexNode conjunct : RelOptUtil.conjunctions(filter.getCondition())) {
          if (isPart(filter.getInput()) || isDear(conjunct)) {
            add(moved(conjunct, column -> column + first));
          } else {
            cheap.add(conjunct);
          }
        }
        flatten(
            cheap.isEmpty()
                ? filter.getInput()
                : LogicalFilter.create(filter.getInput(), RexUtil.composeConjunction(rex, cheap)),
            first);
      } else {
        int width = rel.getRowType().getFieldCount();
        steps.add(new Step(JoinRelType.INNER, rel, first, width, List.of()));
      }
    }

    /// Whether there is an OR that may say something of single inputs.
    boolean hasOr() {
      return conjuncts.stream().anyMatch(conjunct -> conjunct.getKind() == SqlKind.OR);
    }

    private void add(RexNode conjunct) {
      (isDear(conjunct) ? late : conjuncts).add(conjunct);
    }

    private RexNode moved(RexNode node, IntUnaryOperator place) {
      return RelColumns.moved(node, place, rex);
    }

    // ---- what the steps cost

    /// The inner tree's steps in the order found, each reordered within; sizes of all.
    private void measure() {
      var query = root.getCluster().getMetadataQuery();
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get(i);
        if (step.kind == JoinRelType.INNER) {
          for (int column = 0; column < step.width; column++) {
            inputOf.put(step.first + column, i);
          }
        }
      }
      takeClasses();
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get(i);
        if (step.kind == JoinRelType.INNER) {
          steps.set(i, narrowed(step, i));
        }
      }
      rows = new double[steps.size()];
      access = new double[steps.size()];
      for (int i = 0; i < rows.length; i++) {
        Step step = steps.get(i);
        RelNode inside = reorder(step.rel);
        steps.set(i, new Step(step.kind, inside, step.first, step.width, step.own));
        rows[i] = Math.max(1, query.getRowCount(inside));
        access[i] = accessCost(inside, rows[i]);
      }
      reads = new ArrayList<>();
      for (RexNode conjunct : conjuncts) {
        reads.add(inputsOf(conjunct));
      }
    }

    /// Where a = b and b = c, a = c as well, and any two of the three say it all: takes such
    /// equalities out of the conjuncts, so that each input can be joined by whichever of the
    /// columns is there.
    private void takeClasses() {
      Map<Integer, BitSet> byColumn = new HashMap<>();
      for (RexNode conjunct : conjuncts) {
        if (isPlainEquality(conjunct)) {
          BitSet together = new BitSet();
          for (int column : Estimates.equalColumns(conjunct)) {
            together.or(byColumn.getOrDefault(column, new BitSet()));
            together.set(column);
          }
          together.stream().forEach(column -> byColumn.put(column, together));
        }
      }
      for (BitSet together : List.copyOf(new java.util.HashSet<>(byColumn.values()))) {
        BitSet inputs = new BitSet();
        together.stream().forEach(column -> inputs.set(inputOf.get(column)));
        if (together.cardinality() > 2 && inputs.cardinality() == together.cardinality()) {
          classes.add(together.stream().toArray());
          conjuncts.removeIf(
              conjunct ->
                  isPlainEquality(conjunct) && together.get(Estimates.equalColumns(conjunct)[0]));
        }
      }
      classes.sort((a, b) -> Integer.compare(a[0], b[0]));
    }

    private static boolean isPlainEquality(RexNode conjunct) {
      return conjunct instanceof RexCall call
          && call.getOperator() == SqlStdOperatorTable.EQUALS
          && call.getOperands().get(0) instanceof RexInputRef a
          && call.getOperands().get(1) instanceof RexInputRef b
          && a.getIndex() < RIGHT
          && b.getIndex() < RIGHT
          && a.getIndex() != b.getIndex()
          && a.getType().equals(b.getType());
    }

    private RexNode column(int column) {
      int input = inputOf.get(column);
      var type =
          steps.get(input).rel.getRowType().getFieldList().get(column - steps.get(input).first);
      return rex.makeInputRef(type.getType(), column);
    }

    /// Adds what an OR over several inputs implies for one of them alone.
    private Step narrowed(Step step, int number) {
      List<RexNode> implied = new ArrayList<>();
      for (RexNode conjunct : conjuncts) {
        if (conjunct.getKind() != SqlKind.OR || !inputsOf(conjunct).get(number)) {
          continue;
        }
        List<RexNode> sides = new ArrayList<>();
        for (RexNode side : ((RexCall) conjunct).getOperands()) {
          List<RexNode> own = new ArrayList<>();
          for (RexNode part : RelOptUtil.conjunctions(side)) {
            BitSet inputs = inputsOf(part);
            if (inputs.cardinality() == 1 && inputs.get(number) && !isDear(part)) {
              own.add(moved(part, column -> column - step.first));
            }
          }
          if (own.isEmpty()) {
            sides.clear();
            break;
          }
          sides.add(RexUtil.composeConjunction(rex, own));
        }
        if (!sides.isEmpty() && inputsOf(conjunct).cardinality() > 1) {
          implied.add(RexUtil.composeDisjunction(rex, sides));
        }
      }
      if (implied.isEmpty()) {
        return step;
      }
      RelNode below = step.rel;
      List<RexNode> all = new ArrayList<>();
      if (below instanceof LogicalFilter filter) {
        all.addAll(RelOptUtil.conjunctions(filter.getCondition()));
        below = filter.getInput();
      }
      all.addAll(implied);
      return new Step(
          step.kind,
          LogicalFilter.create(below, RexUtil.composeConjunction(rex, all)),
          step.first,
          step.width,
          step.own);
    }

    private BitSet inputsOf(RexNode node) {
      BitSet inputs = new BitSet();
      for (int column : RelOptUtil.InputFinder.bits(node)) {
        if (column < RIGHT) {
          inputs.set(inputOf.get(column));
        }
      }
      return inputs;
    }

    private double accessCost(RelNode rel, double found) {
      RelNode below = rel;
      RexNode condition = null;
      if (below instanceof LogicalFilter filter) {
        condition = filter.getCondition();
        below = filter.getInput();
      }
      if (below instanceof io.trencadis.sql.rel.SourceRels.Table table) {
        return paths.choose(table, condition).cost();
      }
      double all = found;
      for (RelNode input : rel.getInputs()) {
        all +=
            accessCost(input, root.getCluster().getMetadataQuery().getRowCount(input))
                / PhysicalRels.ROW;
      }
      return all * PhysicalRels.ROW;
    }

    /// The conjuncts that come to hold by adding a step to those that are in.
    private List<RexNode> joining(BitSet in, int step) {
      if (steps.get(step).kind != JoinRelType.INNER) {
        return steps.get(step).own;
      }
      List<RexNode> found = new ArrayList<>();
      for (int i = 0; i < conjuncts.size(); i++) {
        BitSet rest = (BitSet) reads.get(i).clone();
        if (rest.get(step) || in.isEmpty() && rest.isEmpty()) {
          rest.clear(step);
          rest.andNot(in);
          if (rest.isEmpty()) {
            found.add(conjuncts.get(i));
          }
        }
      }
      for (int[] equal : classes) {
        int own = -1;
        int other = -1;
        for (int column : equal) {
          int input = inputOf.get(column);
          own = input == step ? column : own;
          other = other < 0 && in.get(input) ? column : other;
        }
        if (own >= 0 && other >= 0) {
          found.add(rex.makeCall(SqlStdOperatorTable.EQUALS, column(other), column(own)));
        }
      }
      return found;
    }

    private boolean isReady(BitSet in, int step) {
      if (in.get(step)) {
        return false;
      }
      if (steps.get(step).kind == JoinRelType.INNER) {
        return true;
      }
      BitSet needed = new BitSet();
      steps.get(step).own.forEach(conjunct -> needed.or(inputsOf(conjunct)));
      needed.andNot(in);
      return needed.isEmpty() && !in.isEmpty();
    }

    private Estimates.Origin origin(int column, int step) {
      return column >= RIGHT
          ? Estimates.origin(steps.get(step).rel, column - RIGHT)
          : Estimates.origin(
              steps.get(inputOf.get(column)).rel, column - steps.get(inputOf.get(column)).first);
    }

    private double distinct(int column, int step) {
      Estimates.Origin origin = origin(column, step);
      int input = column >= RIGHT ? step : inputOf.get(column);
      return origin == null
          ? rows[input]
          : Math.min(rows[input], origin.table().distinct(origin.column()));
    }

    /// What there is after a step.
    private record State(BitSet in, double rows, double cost, State before, int step) {}

    private State after(State state, int step) {
      BitSet in = (BitSet) state.in.clone();
      in.set(step);
      List<RexNode> joining = joining(state.in, step);
      if (state.in.isEmpty()) {
        double selectivity = 1;
        for (RexNode conjunct : joining) {
          selectivity *= Estimates.selectivity(conjunct, column -> distinct(column, step));
        }
        double found = Math.max(1, rows[step] * selectivity);
        return new State(in, found, access[step], state, step);
      }
      double found = resulting(state, step, joining);
      boolean hash = false;
      for (RexNode conjunct : joining) {
        hash |= Estimates.equalColumns(conjunct) != null;
      }
      double left = state.rows;
      double cost =
          hash
              ? access[step]
                  + PhysicalRels.ROW
                      * (Math.max(left, rows[step]) + 1.5 * Math.min(left, rows[step]))
              : access[step] + left * rows[step] * PhysicalRels.OPERATOR * 4;
      cost = Math.min(cost, lookUp(state, step, joining));
      return new State(in, found, state.cost + cost + found * PhysicalRels.ROW, state, step);
    }

    private double resulting(State state, int step, List<RexNode> joining) {
      Step added = steps.get(step);
      if (added.kind != JoinRelType.INNER) {
        double part =
            Estimates.matched(
                joining, RIGHT, rows[step], column -> Math.min(state.rows, distinct(column, step)));
        return Math.max(1, state.rows * (added.kind == JoinRelType.SEMI ? part : 1 - part * 0.5));
      }
      double selectivity =
          Estimates.selectivity(
              joining, column -> distinct(column, step), column -> origin(column, step));
      return Math.max(1, state.rows * rows[step] * selectivity);
    }

    /// What it costs to look the step's rows up by a key for each row that is there.
    private double lookUp(State state, int step, List<RexNode> joining) {
      Step added = steps.get(step);
      RelNode below = added.rel instanceof LogicalFilter filter ? filter.getInput() : added.rel;
      if (!(below instanceof io.trencadis.sql.rel.SourceRels.Table table)) {
        return Double.MAX_VALUE;
      }
      BitSet columns = new BitSet();
      for (RexNode conjunct : joining) {
        int[] equal = Estimates.equalColumns(conjunct);
        if (equal != null) {
          for (int column : equal) {
            if (column >= added.first && column < added.first + added.width) {
              columns.set(column - added.first);
            }
          }
        }
      }
      return columns.isEmpty() ? Double.MAX_VALUE : state.rows * paths.lookUpCost(table, columns);
    }

    // ---- the order

    RelNode ordered() {
      measure();
      State best = steps.size() <= MOST_FOR_ALL_ORDERS ? bestOfAll() : greedy();
      List<Integer> order = new ArrayList<>();
      for (State state = best; state.before != null; state = state.before) {
        order.addFirst(state.step);
      }
      return built(order);
    }

    private State bestOfAll() {
      State[] best = new State[1 << steps.size()];
      best[0] = new State(new BitSet(), 1, 0, null, -1);
      int[] neighbours = steps.size() > MOST_WITH_PRODUCTS ? neighbours() : null;
      for (int set = 0; set < best.length; set++) {
        if (best[set] == null) {
          continue;
        }
        boolean joined = set != 0 && neighbours != null && hasNeighbour(best[set].in, neighbours);
        for (int step = 0; step < steps.size(); step++) {
          if (joined && (neighbours[step] & set) == 0) {
            continue;
          }
          if (isReady(best[set].in, step)) {
            State next = after(best[set], step);
            int with = set | 1 << step;
            if (best[with] == null || next.cost < best[with].cost) {
              best[with] = next;
            }
          }
        }
      }
      return best[best.length - 1];
    }

    /// For each step, those that some condition joins it with, as bits.
    private int[] neighbours() {
      int[] neighbours = new int[steps.size()];
      List<BitSet> together = new ArrayList<>(reads);
      for (int[] equal : classes) {
        BitSet inputs = new BitSet();
        for (int column : equal) {
          inputs.set(inputOf.get(column));
        }
        together.add(inputs);
      }
      for (int step = 0; step < steps.size(); step++) {
        if (steps.get(step).kind != JoinRelType.INNER) {
          BitSet inputs = new BitSet();
          steps.get(step).own.forEach(conjunct -> inputs.or(inputsOf(conjunct)));
          inputs.set(step);
          together.add(inputs);
        }
      }
      for (BitSet inputs : together) {
        int all = inputs.isEmpty() ? 0 : (int) inputs.toLongArray()[0];
        inputs.stream().forEach(input -> neighbours[input] |= all & ~(1 << input));
      }
      return neighbours;
    }

    /// Whether a condition joins one of the inputs that are in with one that is not and could be
    /// next: then a product with another one is not tried.
    private boolean hasNeighbour(BitSet in, int[] neighbours) {
      int set = (int) in.toLongArray()[0];
      for (int step = 0; step < steps.size(); step++) {
        if ((neighbours[step] & set) != 0 && isReady(in, step)) {
          return true;
        }
      }
      return false;
    }

    /// Begins with the smallest input, and adds the one with the least to do each time.
    private State greedy() {
      State state = new State(new BitSet(), 1, 0, null, -1);
      while (state.in.cardinality() < steps.size()) {
        State best = null;
        for (int step = 0; step < steps.size(); step++) {
          if (isReady(state.in, step)) {
            State next = after(state, step);
            boolean better =
                best == null
                    || (state.in.isEmpty() ? next.rows < best.rows : next.cost < best.cost);
            best = better ? next : best;
          }
        }
        state = best;
      }
      return state;
    }

    private RelNode built(List<Integer> order) {
      RelNode tree = null;
      Map<Integer, Integer> places = new HashMap<>();
      BitSet in = new BitSet();
      for (int number : order) {
        Step step = steps.get(number);
        List<RexNode> joining = joining(in, number);
        int width = tree == null ? 0 : tree.getRowType().getFieldCount();
        for (int column = 0; step.kind == JoinRelType.INNER && column < step.width; column++) {
          places.put(step.first + column, width + column);
        }
        RexNode condition =
            moved(
                RexUtil.composeConjunction(rex, joining),
                column -> column >= RIGHT ? column - RIGHT + width : places.get(column));
        if (tree == null) {
          tree = condition.isAlwaysTrue() ? step.rel : LogicalFilter.create(step.rel, condition);
        } else {
          tree =
              LogicalJoin.create(
                  tree, step.rel, List.of(), condition, java.util.Set.of(), step.kind);
        }
        in.set(number);
      }
      if (!late.isEmpty()) {
        tree =
            LogicalFilter.create(tree, moved(RexUtil.composeConjunction(rex, late), places::get));
      }
      List<RexNode> columns = new ArrayList<>();
      boolean same = true;
      for (int column = 0; column < places.size(); column++) {
        int place = places.get(column);
        same &= place == column;
        columns.add(rex.makeInputRef(tree, place));
      }
      return same
          ? tree
          : LogicalProject.create(
              tree, List.of(), columns, root.getRowType().getFieldNames(), java.util.Set.of());
    }
  }
}
