package io.trencadis.sql.planning;

import io.trencadis.sql.execute.ExchangeNode;
import io.trencadis.sql.execute.JoinNode;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.RuntimeFilter;
import io.trencadis.sql.execute.SentRows;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.execute.TableScanNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// What a fragment does, as far as it is known: the rows of a table, and what is done with them one
/// step after the other. Immutable.
///
/// @param below what does the same, for EXPLAIN
/// @param rowType of what comes of it
/// @param places for columns that are equal to one of those by which the table's rows have their
///   shards, which of those it is
/// @param bytes what moves to the gateway for these rows in the way that was chosen, about
/// @param broadcast what moves to the nodes for these steps, about
record FragmentDraft(
    Source source,
    List<Step> steps,
    PlanNode below,
    RelDataType rowType,
    Map<Integer, Integer> places,
    double bytes,
    double broadcast) {

  /// The table whose rows are read, or what two drafts' rows are joined of that nodes send each
  /// other.
  ///
  /// @param table null for joined rows
  /// @param tableRows how many it has, about
  /// @param rest conditions of the scan that have to be checked at the gateway
  /// @param located whether somebody wants to know where the rows are
  /// @param scan null until it is made
  /// @param exchanged null for a table
  record Source(
      StoredTable table,
      double tableRows,
      boolean small,
      List<RexNode> conjuncts,
      List<RexNode> rest,
      boolean located,
      int[] filteredPlaces,
      RuntimeFilter[] filters,
      TableScanNode scan,
      Exchanged exchanged) {
    static Source of(Exchanged exchanged, double rows) {
      return new Source(
          null,
          rows,
          false,
          List.of(),
          List.of(),
          false,
          new int[0],
          new RuntimeFilter[0],
          null,
          exchanged);
    }

    Source made(TableScanNode node) {
      return new Source(
          table,
          tableRows,
          small,
          conjuncts,
          rest,
          located,
          filteredPlaces,
          filters,
          node,
          exchanged);
    }
  }

  /// Rows that are sent to where their partners are sent too.
  ///
  /// @param keys the join's pairs by which rows are divided, in this order
  record Exchanged(
      FragmentDraft left,
      FragmentDraft right,
      Join join,
      int[] keys,
      ExchangeNode.Division division) {}

  sealed interface Step {
    record Keep(RexNode condition) implements Step {}

    /// @param columns null for those that nobody looks at
    record Compute(List<RexNode> columns) implements Step {}

    /// Rows meet those of a table in the same shard.
    ///
    /// @param parts with how many of the join's first columns the table's key begins
    record Look(StoredTable table, List<RexNode> conjuncts, int parts, Join join) implements Step {}

    /// Rows meet those of a small table, which are sent along.
    ///
    /// @param columns of those, the ones that are sent
    record Meet(SentRows rows, BitSet columns, Join join) implements Step {}
  }

  /// How rows meet.
  ///
  /// @param kind INNER, LEFT, SEMI or ANTI
  /// @param rightKeys columns that are equal, place by place
  /// @param rest over the joined row, beyond those; null for none
  /// @param filters by equal column, in any order, of a hash join that does the same
  record Join(
      JoinNode.Kind kind,
      int leftWidth,
      RelDataType leftType,
      RelDataType rightType,
      int[] leftKeys,
      int[] rightKeys,
      RexNode rest,
      RuntimeFilter[] filters) {
    boolean isOnce() {
      return kind.isOnce();
    }

    /// The columns of left rows that are looked at.
    ///
    /// @param wanted of the joined rows
    BitSet left(BitSet wanted) {
      BitSet left = wanted.get(0, leftWidth);
      for (int key : leftKeys) {
        left.set(key);
      }
      inRest().stream().filter(column -> column < leftWidth).forEach(left::set);
      return left;
    }

    BitSet right(BitSet wanted) {
      BitSet right =
          isOnce() ? new BitSet() : wanted.get(leftWidth, Math.max(leftWidth, wanted.length()));
      for (int key : rightKeys) {
        right.set(key);
      }
      inRest().stream()
          .filter(column -> column >= leftWidth)
          .forEach(column -> right.set(column - leftWidth));
      return right;
    }

    private BitSet inRest() {
      return RelColumns.columnsOf(rest);
    }
  }

  FragmentDraft keeping(RexNode condition, PlanNode newBelow, RelDataType newType) {
    return new FragmentDraft(
        source, with(new Step.Keep(condition)), newBelow, newType, places, bytes, broadcast);
  }

  FragmentDraft computing(List<RexNode> columns, RelDataType newType) {
    Map<Integer, Integer> own = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i) instanceof RexInputRef ref && places.containsKey(ref.getIndex())) {
        own.put(i, places.get(ref.getIndex()));
      }
    }
    return new FragmentDraft(
        source, with(new Step.Compute(columns)), below, newType, own, bytes, broadcast);
  }

  /// @param itsPlaces as [#places] of the joined rows
  FragmentDraft joining(
      Step step, RelDataType newType, Map<Integer, Integer> itsPlaces, double sent) {
    return new FragmentDraft(
        source, with(step), below, newType, itsPlaces, bytes, broadcast + sent);
  }

  FragmentDraft costing(double itsBytes) {
    return new FragmentDraft(source, steps, below, rowType, places, itsBytes, broadcast);
  }

  /// The same, of which more is known.
  FragmentDraft joiningAt(Map<Integer, Integer> itsPlaces) {
    return new FragmentDraft(source, steps, below, rowType, itsPlaces, bytes, broadcast);
  }

  FragmentDraft shownAs(PlanNode node) {
    return new FragmentDraft(source, steps, node, rowType, places, bytes, broadcast);
  }

  private List<Step> with(Step step) {
    List<Step> more = new ArrayList<>(steps);
    more.add(step);
    return List.copyOf(more);
  }

  boolean joins() {
    return source.exchanged != null || joinsThere();
  }

  /// Whether rows are joined where they are read, or where they have been sent.
  boolean joinsThere() {
    return steps.stream().anyMatch(step -> step instanceof Step.Look || step instanceof Step.Meet);
  }

  /// Whether its rows are those of the scan.
  boolean isPlain() {
    return steps.isEmpty() && source.rest.isEmpty() && !source.located && source.exchanged == null;
  }

  /// The joins with rows that are sent along.
  List<Step.Meet> meetings() {
    List<Step.Meet> all = new ArrayList<>();
    if (source.exchanged != null) {
      all.addAll(source.exchanged.left.meetings());
      all.addAll(source.exchanged.right.meetings());
    }
    for (Step step : steps) {
      if (step instanceof Step.Meet meet) {
        all.add(meet);
      }
    }
    return all;
  }

  /// What each step has to be given, the last one first asked.
  ///
  /// @param read columns of the last step's rows that are looked at
  /// @return for each step the columns of its rows that are wanted, and after those of the scan's
  List<BitSet> wanted(BitSet read) {
    BitSet now = (BitSet) read.clone();
    List<BitSet> all = new ArrayList<>();
    for (Step step : steps.reversed()) {
      all.addFirst((BitSet) now.clone());
      now =
          switch (step) {
            case Step.Keep(RexNode condition) -> {
              now.or(RelColumns.columnsOf(condition));
              yield now;
            }
            case Step.Compute(List<RexNode> columns) -> {
              BitSet from = new BitSet();
              now.stream()
                  .filter(column -> columns.get(column) != null)
                  .forEach(column -> from.or(RelColumns.columnsOf(columns.get(column))));
              yield from;
            }
            case Step.Look look -> look.join.left(now);
            case Step.Meet meet -> meet.join.left(now);
          };
    }
    all.add(now);
    return all;
  }
}
