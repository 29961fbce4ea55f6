package io.trencadis.sql.planning;

import io.trencadis.base.ByteWriter;
import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.sql.batch.BatchCodec;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.execute.AggregateNode;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.FragmentNode;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.RowBytes;
import io.trencadis.sql.execute.RowNodes;
import io.trencadis.sql.execute.RuntimeFilter;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.execute.TableScanNode;
import io.trencadis.sql.rel.PgAggregate;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/// Decides in a cluster what of a plan runs where the rows are, and writes that as fragments'
/// programs: a scan of a table's own order with the conditions that give the same anywhere, and
/// above it filters, projections, groups that others can put together, and the first rows of an
/// order. Not thread-safe.
///
/// What a node being compiled does is known here by its *draft*, from which the node above it makes
/// a larger one. A node for which there is one need not be a [FragmentNode] itself: rows of small
/// tables, say, are read one by one in the order of their keys, but grouped where they are.
final class Fragments {
  /// What it costs at most to read a table that is small. As in [TableScanNode].
  private static final double SMALL = 101;

  /// Rows of a group on average, below which it does not pay to group at the shards first.
  private static final double LEAST_PER_GROUP = 2;

  private final boolean enabled;
  private final RexCompiler expressions;
  private final FragmentEngine engine = new FragmentPrograms();
  private final Map<PlanNode, Draft> drafts = new IdentityHashMap<>();

  private sealed interface Step {
    record Keep(RexNode condition) implements Step {}

    /// @param columns null for those that nobody looks at
    record Compute(List<RexNode> columns) implements Step {}
  }

  /// What a fragment does, as far as it is known.
  ///
  /// @param scan null until it is made
  /// @param below what does the same, for EXPLAIN
  /// @param rest conditions of the scan that have to be checked here
  record Draft(
      StoredTable table,
      boolean small,
      List<RexNode> conjuncts,
      List<RexNode> rest,
      int[] filteredPlaces,
      RuntimeFilter[] filters,
      List<Step> steps,
      TableScanNode scan,
      PlanNode below,
      RelDataType rowType) {
    private Draft with(Step step, PlanNode newBelow, RelDataType newType) {
      List<Step> more = new ArrayList<>(steps);
      more.add(step);
      return new Draft(
          table, small, conjuncts, rest, filteredPlaces, filters, more, scan, newBelow, newType);
    }
  }

  Fragments(boolean enabled, RexCompiler expressions) {
    this.enabled = enabled;
    this.expressions = expressions;
  }

  // ---- scans

  /// What a scan may do at other nodes; null for nothing.
  ///
  /// @param locator whether somebody wants to know where the rows are
  Draft draft(
      PhysicalRels.Scan scan,
      AccessPaths.Path path,
      boolean locator,
      int[] filteredPlaces,
      RuntimeFilter[] filters) {
    boolean whole = path.equal().isEmpty() && path.lower() == null && path.upper() == null;
    boolean small = path.cost() <= SMALL;
    if (!enabled
        || locator
        || scan.choice().order() != ScanOrder.NONE
        || path.index() != null
        || path.list() != null
        || path.point()
        || !path.terms().isEmpty()
        || small && !whole
        || scan.source().table().isPartitioned()
        || scan.choice().paths().size() != 1
        || !isInOrder(path)) {
      return null;
    }
    List<RexNode> conjuncts = new ArrayList<>();
    List<RexNode> rest = new ArrayList<>();
    for (RexNode conjunct : ScanStages.ordered(path.remaining())) {
      (FragmentWriter.travels(conjunct) ? conjuncts : rest).add(conjunct);
    }
    return small && !rest.isEmpty()
        ? null
        : new Draft(
            path.table(),
            small,
            conjuncts,
            rest,
            filteredPlaces,
            filters,
            List.of(),
            null,
            null,
            scan.getRowType());
  }

  private static boolean isInOrder(AccessPaths.Path path) {
    int[] places = path.places();
    return places.length == path.table().width()
        && IntStream.range(0, places.length).allMatch(i -> places[i] == i);
  }

  /// The node for a scan that was drafted.
  ///
  /// @param needed columns that somebody looks at
  PlanNode scan(Draft draft, TableScanNode scan, BitSet needed) {
    Draft made =
        new Draft(
            draft.table,
            draft.small,
            draft.conjuncts,
            draft.rest,
            draft.filteredPlaces,
            draft.filters,
            List.of(),
            scan,
            scan,
            draft.rowType);
    return made(made, scan, needed, !draft.small);
  }

  /// @param node what does the same without other nodes
  /// @param worthIt whether the rows are better computed there, if nothing more comes of them
  private PlanNode made(Draft draft, PlanNode node, BitSet needed, boolean worthIt) {
    PlanNode made = worthIt ? rows(draft, node, needed) : node;
    if (draft.rest.isEmpty()) {
      drafts.put(made, draft);
    }
    return made;
  }

  // ---- what is above them

  PlanNode filter(
      PhysicalRels.PhysicalFilter rel, PlanNode input, RowNodes.Filter made, BitSet needed) {
    Draft draft = drafts.get(input);
    if (draft == null || !FragmentWriter.travels(rel.getCondition())) {
      return made;
    }
    Draft larger =
        draft.with(new Step.Keep(rel.getCondition()), made.of(draft.below), rel.getRowType());
    return made(larger, made, needed, input instanceof FragmentNode);
  }

  /// @param computed which columns somebody looks at
  /// @param read how many columns of the input they are computed from
  PlanNode project(
      PhysicalRels.PhysicalProject rel, PlanNode input, PlanNode made, BitSet computed, int read) {
    Draft draft = drafts.get(input);
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < rel.getProjects().size(); i++) {
      columns.add(computed.get(i) ? rel.getProjects().get(i) : null);
    }
    if (draft == null
        || !columns.stream().allMatch(each -> each == null || FragmentWriter.travels(each))) {
      return made;
    }
    Draft larger = draft.with(new Step.Compute(columns), draft.below, rel.getRowType());
    // What is computed of few columns is cheaper to send than the results.
    return made(
        larger, made, computed, input instanceof FragmentNode && computed.cardinality() <= read);
  }

  /// Whether a node's rows come in an order that nobody knows.
  static boolean isUnordered(PlanNode node) {
    return node instanceof FragmentNode
        || node.children().stream().anyMatch(Fragments::isUnordered);
  }

  /// Groups made where the rows are, and put together here.
  ///
  /// @param simple what groups them here
  /// @return null if that cannot be, or does not pay
  PlanNode groups(PhysicalRels.PhysicalAggregate rel, PlanNode input, AggregateNode simple) {
    Draft draft = drafts.get(input);
    RelMetadataQuery query = rel.getCluster().getMetadataQuery();
    if (draft == null
        || !rel.getAggCallList().stream().allMatch(PartialGroups::isMergeable)
        || !rel.getGroupSet().isEmpty()
            && query.getRowCount(rel) * LEAST_PER_GROUP > query.getRowCount(rel.getInput())) {
      return null;
    }
    List<Integer> keys = rel.getGroupSet().asList();
    BitSet read = new BitSet();
    keys.forEach(read::set);
    for (AggregateCall call : rel.getAggCallList()) {
      call.getArgList().forEach(read::set);
      if (call.filterArg >= 0) {
        read.set(call.filterArg);
      }
    }
    List<TypeCodec> codecs = new ArrayList<>();
    Writing writing = new Writing(draft);
    try {
      writing.begin(read);
      ByteWriter out = writing.out();
      out.putByte(FragmentPrograms.GROUPS);
      columns(out, draft.rowType, keys);
      for (int key : keys) {
        codecs.add(PgRelType.codecOf(typeOf(draft.rowType, key)));
      }
      out.putShort(rel.getAggCallList().size());
      for (AggregateCall call : rel.getAggCallList()) {
        FragmentWriter.call(out, ((PgAggregate) call.getAggregation()).call());
        columns(out, draft.rowType, call.getArgList());
        out.putShort(call.filterArg);
      }
    } catch (FragmentWriter.StaysException stays) {
      return null;
    }
    RowBytes states = FragmentPrograms.stateBytes(codecs, rel.getAggCallList().size());
    FragmentNode groups =
        new FragmentNode(
            simple.estimate(),
            simple.partial(draft.below),
            draft.scan,
            writing.program(null),
            new FragmentNode.Output.Groups(states));
    return simple.merging(groups, states);
  }

  /// The first rows of each shard in an order, for a sort that wants no more of them.
  ///
  /// @param needed columns that somebody looks at, the order's among them
  /// @param most how many rows it wants; null for all
  /// @return the node itself where that cannot be
  PlanNode first(PlanNode node, List<RelFieldCollation> order, BitSet needed, Eval most) {
    Draft draft = drafts.get(node);
    if (draft == null || !(node instanceof FragmentNode all)) {
      return node;
    }
    Writing writing = new Writing(draft);
    BitSet sent = columns(draft, needed);
    try {
      writing.begin(sent);
      ByteWriter out = writing.out();
      out.putByte(FragmentPrograms.FIRST);
      columns(out, draft.rowType, sent.stream().boxed().toList());
      out.putShort(order.size());
      for (RelFieldCollation key : order) {
        out.putShort(key.getFieldIndex());
        FragmentWriter.type(out, typeOf(draft.rowType, key.getFieldIndex()));
        out.putByte(key.getDirection().isDescending() ? 1 : 0);
        out.putByte(key.nullDirection == RelFieldCollation.NullDirection.FIRST ? 1 : 0);
      }
      out.putShort(writing.special());
    } catch (FragmentWriter.StaysException stays) {
      return node;
    }
    return new FragmentNode(
        node.estimate(),
        draft.below,
        draft.scan,
        writing.program(most),
        new FragmentNode.Output.First(codec(draft.rowType, sent), most, all));
  }

  // ---- programs

  /// The columns of a draft's rows that are sent.
  private static BitSet columns(Draft draft, BitSet needed) {
    BitSet sent = (BitSet) needed.clone();
    draft.rest.forEach(each -> RelOptUtil.InputFinder.bits(each).forEach(sent::set));
    return sent.get(0, draft.rowType.getFieldCount());
  }

  private PlanNode rows(Draft draft, PlanNode node, BitSet needed) {
    BitSet sent = columns(draft, needed);
    Writing writing = new Writing(draft);
    try {
      writing.begin(sent);
      writing.out().putByte(FragmentPrograms.ROWS);
      columns(writing.out(), draft.rowType, sent.stream().boxed().toList());
    } catch (FragmentWriter.StaysException stays) {
      return node;
    }
    return new FragmentNode(
        node.estimate(),
        draft.below,
        draft.scan,
        writing.program(null),
        new FragmentNode.Output.Rows(codec(draft.rowType, sent), null));
  }

  private static BatchCodec codec(RelDataType rowType, BitSet sent) {
    return new BatchCodec(
        rowType.getFieldCount(),
        sent.stream().toArray(),
        sent.stream()
            .mapToObj(column -> PgRelType.of(typeOf(rowType, column)).codec())
            .toArray(TypeCodec[]::new));
  }

  private static RelDataType typeOf(RelDataType rowType, int column) {
    return rowType.getFieldList().get(column).getType();
  }

  private static void columns(ByteWriter out, RelDataType rowType, List<Integer> columns) {
    out.putShort(columns.size());
    for (int column : columns) {
      out.putShort(column);
      FragmentWriter.type(out, typeOf(rowType, column));
    }
  }

  /// A program being written; [FragmentPrograms] reads it.
  private final class Writing {
    private final Draft draft;
    private final FragmentWriter body = new FragmentWriter();

    Writing(Draft draft) {
      this.draft = draft;
    }

    ByteWriter out() {
      return body.out();
    }

    int special() {
      return body.special();
    }

    /// All up to what is made of the rows.
    ///
    /// @param read which columns of them that looks at
    void begin(BitSet read) {
      // Backwards: what each step has to be given.
      BitSet wanted = (BitSet) read.clone();
      List<BitSet> wantedOf = new ArrayList<>();
      for (Step step : draft.steps.reversed()) {
        wantedOf.addFirst((BitSet) wanted.clone());
        switch (step) {
          case Step.Keep(RexNode condition) ->
              RelOptUtil.InputFinder.bits(condition).forEach(wanted::set);
          case Step.Compute(List<RexNode> columns) -> {
            BitSet from = new BitSet();
            wanted.stream()
                .filter(column -> columns.get(column) != null)
                .forEach(
                    column -> RelOptUtil.InputFinder.bits(columns.get(column)).forEach(from::set));
            wanted = from;
          }
        }
      }
      table(wanted);
      out().putShort(draft.conjuncts.size());
      draft.conjuncts.forEach(body::expression);
      out().putShort(draft.steps.size());
      for (int i = 0; i < draft.steps.size(); i++) {
        switch (draft.steps.get(i)) {
          case Step.Keep(RexNode condition) -> {
            out().putByte(FragmentPrograms.KEEP);
            body.expression(condition);
          }
          case Step.Compute(List<RexNode> columns) -> compute(columns, wantedOf.get(i));
        }
      }
    }

    private void compute(List<RexNode> columns, BitSet wanted) {
      out().putByte(FragmentPrograms.COMPUTE).putShort(columns.size());
      for (int i = 0; i < columns.size(); i++) {
        boolean present = wanted.get(i) && columns.get(i) != null;
        out().putByte(present ? 1 : 0);
        if (present) {
          body.expression(columns.get(i));
        }
      }
    }

    private void table(BitSet read) {
      BitSet wanted = (BitSet) read.clone();
      draft.conjuncts.forEach(each -> RelOptUtil.InputFinder.bits(each).forEach(wanted::set));
      for (int place : draft.filteredPlaces) {
        wanted.set(place);
      }
      out().putShort(draft.table.width()).putShort(wanted.cardinality());
      wanted.stream().forEach(this::column);
      out().putShort(draft.filteredPlaces.length);
      for (int place : draft.filteredPlaces) {
        out().putShort(place);
      }
    }

    private void column(int place) {
      Column column = draft.table.column(place);
      out().putShort(place).putShort(column.number());
      FragmentWriter.type(out(), PgTypeFactory.of(column));
      FragmentWriter.text(out(), column.missingText());
    }

    /// @param most what the special argument is; null where there is none
    FragmentNode.Program program(Eval most) {
      List<RexNode> nodes = body.arguments();
      Eval[] arguments = new Eval[nodes.size()];
      TypeCodec[] codecs = new TypeCodec[arguments.length];
      ByteWriter whole = new ByteWriter(512).putByte(FragmentPrograms.VERSION);
      whole.putShort(arguments.length);
      for (int i = 0; i < arguments.length; i++) {
        RexNode node = nodes.get(i);
        RelDataType type = node == null ? PgTypeFactory.of(Types.INT8) : node.getType();
        arguments[i] = node == null ? most : expressions.compile(node);
        codecs[i] = PgRelType.of(type).codec();
        FragmentWriter.type(whole, type);
      }
      whole.putBytes(out().toByteArray());
      return new FragmentNode.Program(
          engine, whole.toByteArray(), arguments, codecs, draft.filters);
    }
  }
}
