package io.trencadis.sql.planning;

import static io.trencadis.sql.planning.Fragments.rowCount;

import io.trencadis.base.SqlException;
import io.trencadis.sharding.ReplicatedPlacement;
import io.trencadis.sharding.SingleShard;
import io.trencadis.sql.execute.JoinNode;
import io.trencadis.sql.execute.KeyCodec;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.RuntimeFilter;
import io.trencadis.sql.execute.SentRows;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.rel.PgRelType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;

/// Decides which joins are made where the rows are: those of tables whose rows have their shards by
/// the columns that are equal, of which each row finds its partners by their key in its own shard,
/// and those with a small input, whose rows are sent along. What moves the fewest bytes is chosen.
/// Stateless but for the [Fragments] it belongs to.
final class FragmentJoins {
  /// To how many nodes rows are sent that all shards need, about.
  private static final double NODES = 3;

  /// Inputs of which more is expected are not sent along, in bytes.
  private static final double MOST_SENT = 1 << 20;

  /// Partners that a row has on average, beyond which joined rows are not sent: what comes of one
  /// row goes into one message.
  private static final double MOST_PARTNERS = 8;

  /// For less it does not pay to have a small table's rows read where they are, in bytes.
  private static final double LEAST_SAVED = 16 << 10;

  /// What a row that is looked up moves beside itself, in bytes.
  private static final double LOOKUP_BYTES = 60;

  private final Fragments fragments;

  FragmentJoins(Fragments fragments) {
    this.fragments = fragments;
  }

  /// How a join is made at other nodes.
  ///
  /// @param draft of the joined rows; null where they are not joined there
  /// @param right what the join reads here, or sends
  /// @param shown the right side in what does the same, for EXPLAIN
  /// @param joinable whether a row has few partners
  record Way(FragmentDraft draft, PlanNode right, PlanNode shown, boolean joinable) {
    static Way of(PlanNode right) {
      return new Way(null, right, right, false);
    }
  }

  // ---- hash joins

  /// @param rightNeeded columns of right rows that anybody looks at
  /// @param filters by equal column, what the join tells scans on its left side
  /// @param purpose the equal columns, for EXPLAIN
  Way way(
      PhysicalRels.PhysicalJoin join,
      JoinNode.Kind kind,
      PlanNode left,
      PlanNode right,
      BitSet rightNeeded,
      RuntimeFilter[] filters,
      String purpose) {
    Way stays = Way.of(right);
    JoinInfo info = join.analyzeCondition();
    FragmentDraft leftDraft = fragments.draft(left);
    FragmentDraft rightDraft = fragments.draft(right);
    RexNode rest =
        RexUtil.composeConjunction(join.getCluster().getRexBuilder(), info.nonEquiConditions, true);
    if (kind == JoinNode.Kind.RIGHT
        || kind == JoinNode.Kind.FULL
        || leftDraft == null && rightDraft == null
        || info.leftKeys.isEmpty()
        || rest != null && !FragmentWriter.travels(rest)
        || !isAlike(join.getLeft(), info.leftKeys, join.getRight(), info.rightKeys)) {
      return stays;
    }
    FragmentDraft.Join own =
        new FragmentDraft.Join(
            kind,
            join.getLeft().getRowType().getFieldCount(),
            join.getLeft().getRowType(),
            join.getRight().getRowType(),
            info.leftKeys.toIntArray(),
            info.rightKeys.toIntArray(),
            rest,
            filters);
    if (leftDraft != null && rightDraft != null) {
      Way together = together(join, own, leftDraft, rightDraft, right);
      if (together != null) {
        return together;
      }
    }
    if (leftDraft == null || leftDraft.source().small()) {
      return stays;
    }
    Way sent = broadcast(join, own, leftDraft, right, rightNeeded, purpose);
    if (sent.draft != null || rightDraft == null || !fragments.has(PlanRules.EXCHANGED_JOINS)) {
      return sent;
    }
    FragmentDraft exchanged = FragmentExchanges.draft(join, own, leftDraft, rightDraft, purpose);
    double leftRows = Math.max(1, rowCount(join.getLeft()));
    return exchanged == null
        ? stays
        : new Way(
            exchanged,
            right,
            rightDraft.below(),
            own.isOnce() || rowCount(join) <= leftRows * MOST_PARTNERS);
  }

  /// Whether the equal columns have one type and one collation, whose values mean the same
  /// anywhere.
  private static boolean isAlike(
      RelNode left, List<Integer> leftKeys, RelNode right, List<Integer> rightKeys) {
    for (int i = 0; i < leftKeys.size(); i++) {
      RelDataType own = FragmentProgram.typeOf(left.getRowType(), leftKeys.get(i));
      RelDataType other = FragmentProgram.typeOf(right.getRowType(), rightKeys.get(i));
      if (!isAlike(own, other)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlike(RelDataType own, RelDataType other) {
    return PgRelType.of(own) == PgRelType.of(other)
        && FragmentWriter.travels(PgRelType.of(own))
        && Objects.equals(PgRelType.collationOf(own), PgRelType.collationOf(other));
  }

  /// A join of rows that lie together; null where they do not.
  private Way together(
      PhysicalRels.PhysicalJoin join,
      FragmentDraft.Join own,
      FragmentDraft left,
      FragmentDraft right,
      PlanNode rightNode) {
    if (!fragments.has(PlanRules.COLOCATED_JOINS)
        || left.source().small() && right.source().small()) {
      return null;
    }
    Look look = look(left, right, own);
    RexBuilder rex = join.getCluster().getRexBuilder();
    Look swapped = own.kind() == JoinNode.Kind.INNER ? look(right, left, swapped(own, rex)) : null;
    if (look == null && swapped == null) {
      return null;
    }
    double leftRows = rowCount(join.getLeft());
    double rightRows = rowCount(join.getRight());
    // From the side of which fewer rows have to find partners, if these are not many each.
    boolean swap =
        look == null
            || swapped != null
                && (swapped.unique == look.unique
                    ? rightRows < leftRows
                    : swapped.unique && rightRows < leftRows * 4);
    Look chosen = swap ? swapped : look;
    FragmentDraft base = swap ? right : left;
    double driving = Math.max(1, swap ? rightRows : leftRows);
    int leftWidth = own.leftWidth();
    Map<Integer, Integer> places = new HashMap<>(left.places());
    if (own.kind() == JoinNode.Kind.INNER) {
      right.places().forEach((column, place) -> places.put(leftWidth + column, place));
    }
    FragmentDraft draft = base.joining(chosen.step, join.getRowType(), places, 0);
    if (swap) {
      draft = draft.computing(inOrder(join, leftWidth), join.getRowType());
      draft = draft.joiningAt(places);
    }
    draft = draft.costing(left.bytes() + right.bytes());
    return new Way(
        draft,
        rightNode,
        right.below(),
        own.isOnce() || chosen.unique || rowCount(join) <= driving * MOST_PARTNERS);
  }

  /// The columns of a join whose sides were exchanged, in their order.
  private static List<RexNode> inOrder(PhysicalRels.PhysicalJoin join, int leftWidth) {
    RexBuilder rex = join.getCluster().getRexBuilder();
    int width = join.getRowType().getFieldCount();
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      int place = i < leftWidth ? i + width - leftWidth : i - leftWidth;
      columns.add(rex.makeInputRef(FragmentProgram.typeOf(join.getRowType(), i), place));
    }
    return columns;
  }

  private static FragmentDraft.Join swapped(FragmentDraft.Join join, RexBuilder rex) {
    int leftWidth = join.leftWidth();
    int rightWidth = join.rightType().getFieldCount();
    RexNode rest =
        join.rest() == null
            ? null
            : RelColumns.moved(
                join.rest(), at -> at < leftWidth ? at + rightWidth : at - leftWidth, rex);
    return new FragmentDraft.Join(
        join.kind(),
        rightWidth,
        join.rightType(),
        join.leftType(),
        join.rightKeys(),
        join.leftKeys(),
        rest,
        join.filters());
  }

  /// @param unique whether a row finds one partner at the most
  private record Look(FragmentDraft.Step.Look step, boolean unique) {}

  /// How rows of a draft find partners in the table of another one, in their own shard; null where
  /// these are not there, or are not found by a key.
  private static Look look(FragmentDraft from, FragmentDraft into, FragmentDraft.Join join) {
    return into.isPlain()
        ? look(from, into.source().table(), into.source().conjuncts(), join)
        : null;
  }

  private static Look look(
      FragmentDraft from, StoredTable table, List<RexNode> conjuncts, FragmentDraft.Join join) {
    KeyCodec key = table.key();
    if (key == null
        || from.source().located()
        || from.source().exchanged() != null
        || !areTogether(from, table, join)) {
      return null;
    }
    List<Integer> order = new ArrayList<>();
    int parts = 0;
    for (; parts < key.width(); parts++) {
      int column = key.columns()[parts];
      int pair =
          IntStream.range(0, join.rightKeys().length)
              .filter(i -> join.rightKeys()[i] == column)
              .findFirst()
              .orElse(-1);
      if (pair < 0) {
        break;
      }
      order.add(pair);
    }
    if (parts == 0) {
      return null;
    }
    for (int i = 0; i < join.rightKeys().length; i++) {
      if (!order.contains(i)) {
        order.add(i);
      }
    }
    FragmentDraft.Join ordered =
        new FragmentDraft.Join(
            join.kind(),
            join.leftWidth(),
            join.leftType(),
            join.rightType(),
            order.stream().mapToInt(i -> join.leftKeys()[i]).toArray(),
            order.stream().mapToInt(i -> join.rightKeys()[i]).toArray(),
            join.rest(),
            order.stream().map(i -> join.filters()[i]).toArray(RuntimeFilter[]::new));
    return new Look(
        new FragmentDraft.Step.Look(table, conjuncts, parts, ordered), parts == key.width());
  }

  /// Whether rows that are equal by a join are in the same shard.
  private static boolean areTogether(
      FragmentDraft from, StoredTable table, FragmentDraft.Join join) {
    StoredTable own = from.source().table();
    if (table.placement() instanceof ReplicatedPlacement) {
      // Every shard has all of it.
      return true;
    }
    if (!own.placement().equals(table.placement())) {
      return false;
    }
    if (table.placement() instanceof SingleShard) {
      return true;
    }
    int[] mine = own.partitionColumns().places();
    int[] its = table.partitionColumns().places();
    // Without such columns rows are spread by a number that nobody sees.
    if (its.length == 0 || mine.length != its.length) {
      return false;
    }
    for (int i = 0; i < its.length; i++) {
      int part = i;
      boolean met =
          IntStream.range(0, join.rightKeys().length)
              .anyMatch(
                  pair ->
                      join.rightKeys()[pair] == its[part]
                          && Objects.equals(from.places().get(join.leftKeys()[pair]), part));
      if (!met
          || own.column(mine[i]).typeOid() != table.column(its[i]).typeOid()
          || !Objects.equals(own.column(mine[i]).collation(), table.column(its[i]).collation())) {
        return false;
      }
    }
    return true;
  }

  /// A join whose right rows are sent to where the left ones are.
  private Way broadcast(
      PhysicalRels.PhysicalJoin join,
      FragmentDraft.Join own,
      FragmentDraft left,
      PlanNode right,
      BitSet rightNeeded,
      String purpose) {
    Way stays = Way.of(right);
    RelDataType type = join.getRight().getRowType();
    double bytes = Fragments.bytes(rowCount(join.getRight()), type, rightNeeded);
    boolean travels =
        rightNeeded.stream()
            .allMatch(
                column ->
                    FragmentWriter.travels(PgRelType.of(FragmentProgram.typeOf(type, column))));
    if (!fragments.has(PlanRules.BROADCAST_JOINS)
        || !travels
        || left.source().located()
        || bytes > MOST_SENT
        || bytes * NODES > left.bytes()) {
      return stays;
    }
    FragmentDraft held = fragments.draft(right);
    PlanNode input = right;
    double read = held == null ? bytes : held.bytes();
    if (held != null && held.source().small() && !held.source().located() && !held.joins()) {
      double whole =
          Fragments.bytes(held.source().tableRows(), type, RelColumns.all(join.getRight()));
      if (whole > bytes + LEAST_SAVED) {
        // In no order, a small table too comes as what is needed of it.
        input = fragments.rows(held, right, rightNeeded);
      }
    }
    SentRows sent =
        new SentRows(input, Fragments.codec(type, rightNeeded), type.getFieldCount(), purpose);
    // What the join tells the scan on its left leaves the others out there already.
    boolean filtered =
        IntStream.range(0, own.filters().length).anyMatch(i -> own.filters()[i] != null);
    double leftRows = Math.max(1, rowCount(join.getLeft()));
    double kept = filtered ? Math.min(1, rowCount(join) / leftRows) : 1;
    FragmentDraft draft =
        left.joining(
                new FragmentDraft.Step.Meet(sent, rightNeeded, own),
                join.getRowType(),
                left.places(),
                bytes * NODES + read)
            .costing(left.bytes() * kept + read);
    return new Way(draft, sent, sent, own.isOnce() || rowCount(join) <= leftRows * MOST_PARTNERS);
  }

  // ---- look-up joins

  /// A join by key as one that is made where the rows are, if they lie together.
  Way way(PhysicalRels.LookupJoin join, JoinNode.Kind kind, PlanNode left, PlanNode right) {
    Way stays = Way.of(right);
    FragmentDraft draft = fragments.draft(left);
    PhysicalRels.Scan lookup = join.lookup();
    if (draft == null
        || !fragments.has(PlanRules.COLOCATED_JOINS)
        || lookup.source().locator()
        || lookup.source().table().isPartitioned()
        || lookup.choice().paths().size() != 1) {
      return stays;
    }
    AccessPaths.Path path = lookup.choice().paths().getFirst();
    int width = path.table().width();
    if (path.places().length != width
        || !IntStream.range(0, width).allMatch(i -> path.places()[i] == i)) {
      return stays;
    }
    FragmentDraft.Step.Look meant = meant(join, kind, path.table());
    Look look = meant == null ? null : look(draft, path.table(), meant.conjuncts(), meant.join());
    if (look == null) {
      return stays;
    }
    Map<Integer, Integer> places = new HashMap<>(draft.places());
    if (kind == JoinNode.Kind.INNER) {
      int[] its = path.table().partitionColumns().places();
      for (int i = 0; i < its.length; i++) {
        places.put(meant.join().leftWidth() + its[i], i);
      }
    }
    double rows = rowCount(join);
    double found = Math.max(rows, rowCount(join.getInput()));
    double whole =
        Fragments.bytes(found, lookup.getRowType(), RelColumns.all(lookup)) + found * LOOKUP_BYTES;
    FragmentDraft joined =
        draft.joining(look.step, join.getRowType(), places, 0).costing(draft.bytes() + whole);
    double driving = Math.max(1, rowCount(join.getInput()));
    return new Way(
        joined,
        right,
        right,
        meant.join().isOnce() || look.unique || rows <= driving * MOST_PARTNERS);
  }

  /// What a look-up finds, as a join; null where that is not one of equal columns.
  private static FragmentDraft.Step.Look meant(
      PhysicalRels.LookupJoin join, JoinNode.Kind kind, StoredTable table) {
    RexBuilder rex = join.getCluster().getRexBuilder();
    RelDataType leftType = join.getInput().getRowType();
    RelDataType rightType = join.lookup().getRowType();
    int leftWidth = leftType.getFieldCount();
    List<Integer> leftKeys = new ArrayList<>();
    List<Integer> rightKeys = new ArrayList<>();
    List<RexNode> conjuncts = new ArrayList<>();
    List<RexNode> rest = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(join.lookup().condition())) {
      RexInputRef column = equalColumn(conjunct, join);
      if (column != null) {
        RexInputRef argument = (RexInputRef) argument(conjunct, join);
        if (!isAlike(argument.getType(), column.getType())) {
          return null;
        }
        leftKeys.add(argument.getIndex());
        rightKeys.add(column.getIndex());
        continue;
      }
      if (!readsSlots(conjunct, join)) {
        conjuncts.add(conjunct);
      } else {
        rest.add(
            conjunct.accept(
                new RexShuttle() {
                  @Override
                  public RexNode visitInputRef(RexInputRef ref) {
                    return new RexInputRef(ref.getIndex() + leftWidth, ref.getType());
                  }

                  @Override
                  public RexNode visitDynamicParam(RexDynamicParam parameter) {
                    int slot = join.slots().indexOf(parameter.getIndex());
                    return slot < 0 ? parameter : join.arguments().get(slot);
                  }
                }));
      }
    }
    RexNode condition = RexUtil.composeConjunction(rex, rest, true);
    if (leftKeys.isEmpty()
        || !conjuncts.stream().allMatch(FragmentWriter::travels)
        || condition != null && !FragmentWriter.travels(condition)) {
      return null;
    }
    return new FragmentDraft.Step.Look(
        table,
        ScanStages.ordered(conjuncts),
        0,
        new FragmentDraft.Join(
            kind,
            leftWidth,
            leftType,
            rightType,
            leftKeys.stream().mapToInt(Integer::intValue).toArray(),
            rightKeys.stream().mapToInt(Integer::intValue).toArray(),
            condition,
            new RuntimeFilter[leftKeys.size()]));
  }

  /// The table's column that a conjunct says is equal to one of the other row; null for none.
  private static RexInputRef equalColumn(RexNode conjunct, PhysicalRels.LookupJoin join) {
    if (conjunct.getKind() != SqlKind.EQUALS
        || !(argument(conjunct, join) instanceof RexInputRef)) {
      return null;
    }
    List<RexNode> sides = ((RexCall) conjunct).getOperands();
    return sides.get(0) instanceof RexInputRef left
        ? left
        : sides.get(1) instanceof RexInputRef right ? right : null;
  }

  /// What of the other row a comparison compares with; null for nothing.
  private static RexNode argument(RexNode conjunct, PhysicalRels.LookupJoin join) {
    for (RexNode side : ((RexCall) conjunct).getOperands()) {
      if (side instanceof RexDynamicParam parameter) {
        int slot = join.slots().indexOf(parameter.getIndex());
        return slot < 0 ? null : join.arguments().get(slot);
      }
    }
    return null;
  }

  private static boolean readsSlots(RexNode node, PhysicalRels.LookupJoin join) {
    return switch (node) {
      case RexDynamicParam parameter -> join.slots().contains(parameter.getIndex());
      case RexCall call -> call.getOperands().stream().anyMatch(each -> readsSlots(each, join));
      default -> false;
    };
  }

  // ---- what is made of them

  /// The node for a join.
  ///
  /// @param joining joins two sides here
  /// @param needed columns that somebody looks at
  PlanNode made(
      Way way, RelNode join, BinaryOperator<PlanNode> joining, PlanNode left, BitSet needed) {
    PlanNode made = joining.apply(left, way.right);
    if (way.draft == null) {
      return made;
    }
    double rows =
        way.draft.broadcast() + Fragments.bytes(rowCount(join), join.getRowType(), needed);
    boolean pays = way.joinable && rows <= way.draft.bytes();
    FragmentDraft held = fragments.draft(left);
    PlanNode below = joining.apply(held == null ? left : held.below(), way.shown);
    FragmentDraft draft = way.draft.shownAs(below);
    return fragments.made(pays ? draft.costing(rows) : draft, made, needed, pays);
  }

  static JoinNode.Kind kind(JoinRelType type) {
    return switch (type) {
      case INNER -> JoinNode.Kind.INNER;
      case LEFT -> JoinNode.Kind.LEFT;
      case RIGHT -> JoinNode.Kind.RIGHT;
      case FULL -> JoinNode.Kind.FULL;
      case SEMI -> JoinNode.Kind.SEMI;
      case ANTI -> JoinNode.Kind.ANTI;
      default -> throw SqlException.internal("join type " + type);
    };
  }
}
