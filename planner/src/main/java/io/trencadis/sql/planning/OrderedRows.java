package io.trencadis.sql.planning;

import io.trencadis.sql.rel.SourceRels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/// Takes a tree apart into the one table whose columns an order begins with, and what happens to
/// that table's rows one after the other, so that they stay in the order in which they are read:
/// conditions, projections, and look-ups of other tables' rows.
final class OrderedRows {
  /// Up to so many joined inputs the next one is sought for each time.
  private static final int MOST_INPUTS = 8;

  private final AccessPaths paths;
  private final boolean joins;

  /// @param joins whether other tables may be looked up
  OrderedRows(AccessPaths paths, boolean joins) {
    this.paths = paths;
    this.joins = joins;
  }

  /// A tree taken apart.
  ///
  /// @param table whose rows are read in the order
  /// @param condition over its row, or null
  /// @param columns of the table, for each column of the order; -1 for what is none of its columns
  /// @param over makes the physical tree of the scan
  /// @param rows how many come out for one that is read, about
  /// @param cost of what is done with a row that is read
  record Driven(
      SourceRels.Table table,
      RexNode condition,
      int[] columns,
      UnaryOperator<RelNode> over,
      double rows,
      double cost) {
    private Driven then(UnaryOperator<RelNode> next, double factor, double each) {
      return new Driven(
          table,
          condition,
          columns,
          scan -> next.apply(over.apply(scan)),
          rows * factor,
          cost + rows * each);
    }
  }

  /// Null where the order does not begin with a stored column, or its table's rows cannot be read
  /// one after the other.
  ///
  /// @param columns of the tree; -1 for what is none of its columns
  Driven of(RelNode rel, int[] columns) {
    if (columns[0] < 0) {
      return null;
    }
    return switch (rel) {
      case SourceRels.Table table -> table(table, null, columns);
      case LogicalFilter filter when filter.getInput() instanceof SourceRels.Table table ->
          table(table, filter.getCondition(), columns);
      case LogicalFilter filter -> filtered(filter, columns);
      case LogicalProject project -> projected(project, columns);
      case LogicalJoin join when joins ->
          switch (join.getJoinType()) {
            case INNER -> joined(join, columns);
            case LEFT, SEMI, ANTI -> lookedUp(join, columns);
            default -> null;
          };
      default -> null;
    };
  }

  private static Driven table(SourceRels.Table table, RexNode condition, int[] columns) {
    return table.table().isPartitioned() || table.leaves().size() != 1
        ? null
        : new Driven(table, condition, columns, UnaryOperator.identity(), 1, 0);
  }

  private Driven filtered(LogicalFilter filter, int[] columns) {
    Driven below = of(filter.getInput(), columns);
    return below == null
        ? null
        : filtered(below, filter.getCondition(), kept(filter, filter.getInput()));
  }

  private static Driven filtered(Driven below, RexNode condition, double kept) {
    return below.then(
        input ->
            new PhysicalRels.PhysicalFilter(
                input.getCluster(), input.getTraitSet(), input, condition),
        kept,
        PhysicalRels.OPERATOR);
  }

  private static double kept(RelNode filter, RelNode input) {
    RelMetadataQuery query = filter.getCluster().getMetadataQuery();
    return query.getRowCount(filter) / Math.max(1, query.getRowCount(input));
  }

  private Driven projected(LogicalProject project, int[] columns) {
    Driven below =
        of(
            project.getInput(),
            mapped(
                columns,
                column ->
                    project.getProjects().get(column) instanceof RexInputRef ref
                        ? ref.getIndex()
                        : -1));
    return below == null ? null : projected(below, project.getProjects(), project.getRowType());
  }

  private static Driven projected(Driven below, List<RexNode> projects, RelDataType type) {
    return below.then(
        input ->
            new PhysicalRels.PhysicalProject(
                input.getCluster(), input.getTraitSet(), input, projects, type),
        1,
        PhysicalRels.OPERATOR * 0.1);
  }

  private static int[] mapped(int[] columns, IntUnaryOperator place) {
    return Arrays.stream(columns).map(each -> each < 0 ? -1 : place.applyAsInt(each)).toArray();
  }

  /// An outer join, a semi-join or an anti-join.
  private Driven lookedUp(LogicalJoin join, int[] columns) {
    int width = join.getLeft().getRowType().getFieldCount();
    Driven left = of(join.getLeft(), mapped(columns, each -> each < width ? each : -1));
    Stored right = left == null ? null : Stored.of(join.getRight());
    LookupJoinRule.Lookup lookup =
        right == null
            ? null
            : LookupJoinRule.lookup(
                join.getCondition(), width, right.table, right.condition, paths);
    return lookup == null ? null : with(left, lookup, join.getJoinType());
  }

  private static Driven with(Driven left, LookupJoinRule.Lookup lookup, JoinRelType kind) {
    AccessPaths.Choice choice = lookup.scan().choice();
    double rows =
        switch (kind) {
          case SEMI, ANTI -> 0.5;
          case LEFT -> Math.max(1, choice.expected());
          default -> choice.expected();
        };
    return left.then(
        input -> lookup.over(input, kind), rows, choice.cost() + PhysicalRels.OPERATOR);
  }

  /// A stored table, and a condition over its row or null.
  private record Stored(SourceRels.Table table, RexNode condition) {
    static Stored of(RelNode rel) {
      return switch (rel) {
        case SourceRels.Table table -> new Stored(table, null);
        case LogicalFilter filter when filter.getInput() instanceof SourceRels.Table table ->
            new Stored(table, filter.getCondition());
        default -> null;
      };
    }
  }

  // ---- inner joins

  private Driven joined(LogicalJoin join, int[] columns) {
    Inner inner = new Inner(join.getCluster().getRexBuilder());
    int[] output = inner.flatten(join);
    return inner.inputs.size() > MOST_INPUTS
        ? null
        : inner.driven(mapped(columns, each -> output[each]), output, join.getRowType());
  }

  /// Inner joins taken apart: their inputs, whose columns are counted through, and what holds of
  /// these.
  private final class Inner {
    private final RexBuilder rex;
    private final List<RelNode> inputs = new ArrayList<>();
    private final List<Integer> firsts = new ArrayList<>();
    private final List<RexNode> conjuncts = new ArrayList<>();
    private final List<RelDataType> types = new ArrayList<>();

    Inner(RexBuilder rex) {
      this.rex = rex;
    }

    /// @return for each column of the tree, its number among those of all inputs
    int[] flatten(RelNode rel) {
      if (rel instanceof LogicalJoin join && join.getJoinType() == JoinRelType.INNER) {
        int[] left = flatten(join.getLeft());
        int[] right = flatten(join.getRight());
        int[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        add(join.getCondition(), both);
        return both;
      }
      if (rel instanceof LogicalFilter filter && isPart(filter.getInput())) {
        int[] output = flatten(filter.getInput());
        add(filter.getCondition(), output);
        return output;
      }
      if (rel instanceof LogicalProject project
          && isPart(project.getInput())
          && project.getProjects().stream().allMatch(RexInputRef.class::isInstance)) {
        int[] below = flatten(project.getInput());
        return project.getProjects().stream()
            .mapToInt(each -> below[((RexInputRef) each).getIndex()])
            .toArray();
      }
      int first = types.size();
      inputs.add(rel);
      firsts.add(first);
      rel.getRowType().getFieldList().forEach(field -> types.add(field.getType()));
      return java.util.stream.IntStream.range(first, types.size()).toArray();
    }

    private static boolean isPart(RelNode rel) {
      return switch (rel) {
        case LogicalJoin join -> join.getJoinType() == JoinRelType.INNER;
        case LogicalFilter filter -> isPart(filter.getInput());
        case LogicalProject project -> isPart(project.getInput());
        default -> false;
      };
    }

    private void add(RexNode condition, int[] places) {
      conjuncts.addAll(RelOptUtil.conjunctions(moved(condition, places)));
    }

    private RexNode moved(RexNode node, int[] places) {
      return RelColumns.moved(node, column -> places[column], rex);
    }

    private int inputOf(int column) {
      int input = inputs.size() - 1;
      while (firsts.get(input) > column) {
        input--;
      }
      return input;
    }

    /// @param columns of the order, counted through
    /// @param output the columns of the whole, counted through
    Driven driven(int[] columns, int[] output, RelDataType type) {
      int driver = inputOf(columns[0]);
      int first = firsts.get(driver);
      Driven made =
          of(
              inputs.get(driver),
              mapped(columns, each -> inputOf(each) == driver ? each - first : -1));
      if (made == null) {
        return null;
      }
      // Where the columns are that have been joined so far.
      int[] places = new int[types.size()];
      Arrays.fill(places, -1);
      int width = place(driver, 0, places);
      List<Integer> left = new ArrayList<>();
      for (int i = 0; i < inputs.size(); i++) {
        if (i != driver) {
          left.add(i);
        }
      }
      List<RexNode> open = new ArrayList<>(conjuncts);
      List<RexNode> own = takeCovered(open, places, -1);
      if (!own.isEmpty()) {
        made = filtered(made, moved(RexUtil.composeConjunction(rex, own), places), 0.5);
      }
      while (!left.isEmpty()) {
        int best = -1;
        LookupJoinRule.Lookup bestLookup = null;
        for (int input : left) {
          LookupJoinRule.Lookup lookup = lookup(input, open, places, width);
          if (lookup != null
              && (bestLookup == null
                  || lookup.scan().choice().expected() < bestLookup.scan().choice().expected())) {
            best = input;
            bestLookup = lookup;
          }
        }
        if (bestLookup == null) {
          return null;
        }
        takeCovered(open, places, best);
        made = with(made, bestLookup, JoinRelType.INNER);
        width = place(best, width, places);
        left.remove((Integer) best);
      }
      List<RexNode> projects = new ArrayList<>();
      for (int column : output) {
        projects.add(rex.makeInputRef(types.get(column), places[column]));
      }
      return projected(made, projects, type);
    }

    private int place(int input, int width, int[] places) {
      int count = inputs.get(input).getRowType().getFieldCount();
      for (int i = 0; i < count; i++) {
        places[firsts.get(input) + i] = width + i;
      }
      return width + count;
    }

    /// The conjuncts that only read what has been joined, and one input more; they are taken out.
    ///
    /// @param input -1 for none
    private List<RexNode> takeCovered(List<RexNode> open, int[] places, int input) {
      List<RexNode> covered = open.stream().filter(each -> isCovered(each, places, input)).toList();
      open.removeAll(covered);
      return covered;
    }

    private boolean isCovered(RexNode conjunct, int[] places, int input) {
      BitSet read = RelColumns.columnsOf(conjunct);
      return read.stream().allMatch(each -> places[each] >= 0 || inputOf(each) == input);
    }

    private LookupJoinRule.Lookup lookup(int input, List<RexNode> open, int[] places, int width) {
      Stored stored = Stored.of(inputs.get(input));
      List<RexNode> covered = open.stream().filter(each -> isCovered(each, places, input)).toList();
      if (stored == null || covered.isEmpty()) {
        return null;
      }
      int[] both = places.clone();
      place(input, width, both);
      return LookupJoinRule.lookup(
          moved(RexUtil.composeConjunction(rex, covered), both),
          width,
          stored.table,
          stored.condition,
          paths);
    }
  }
}
