package io.trencadis.sql.planning;

import static io.trencadis.sql.planning.FragmentProgram.columns;
import static io.trencadis.sql.planning.FragmentProgram.typeOf;

import io.trencadis.base.ByteWriter;
import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.sql.batch.BatchCodec;
import io.trencadis.sql.execute.AggregateNode;
import io.trencadis.sql.execute.BroadcastNode;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.ExchangeNode;
import io.trencadis.sql.execute.FragmentNode;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.PlanNode.Estimate;
import io.trencadis.sql.execute.RowBytes;
import io.trencadis.sql.execute.RowNodes;
import io.trencadis.sql.execute.RuntimeFilter;
import io.trencadis.sql.execute.SentRows;
import io.trencadis.sql.execute.TableScanNode;
import io.trencadis.sql.rel.PgAggregate;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.types.TypeCodec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;

/// Decides in a cluster what of a plan runs where the rows are, and writes that as fragments'
/// programs: a scan of a table's own order with the conditions that give the same anywhere, and
/// above it joins ([FragmentJoins]), filters, projections, groups that others can put together, and
/// the first rows of an order. Not thread-safe.
///
/// What a node being compiled does is known here by its *draft*, from which the node above it makes
/// a larger one. A node for which there is one need not be a [FragmentNode] itself: rows of small
/// tables, say, are read one by one in the order of their keys, but grouped where they are.
final class Fragments {
  /// What it costs at most to read a table that is small. As in [TableScanNode].
  private static final double SMALL = 101;

  /// Rows of a group on average, below which it does not pay to group at the shards first.
  private static final double LEAST_PER_GROUP = 2;

  /// What an aggregate has found so far takes, about, in bytes.
  private static final double STATE_BYTES = 12;

  /// How often a group is sent, about: by each shard that has some of it.
  private static final double PIECES = 4;

  /// What a row takes beside its columns: next to nothing.
  private static final double ROW_BYTES = 0.25;

  private final PlanRules rules;
  private final RexCompiler expressions;
  private final FragmentEngine engine = new FragmentPrograms();
  private final Map<PlanNode, FragmentDraft> drafts = new IdentityHashMap<>();

  Fragments(PlanRules rules, RexCompiler expressions) {
    this.rules = rules;
    this.expressions = expressions;
  }

  /// What is known of a node that was compiled; null for nothing.
  FragmentDraft draft(PlanNode node) {
    return drafts.get(node);
  }

  boolean has(String rule) {
    return rules.has(rule);
  }

  /// What the columns of rows take when they are sent, about, in bytes.
  static double bytes(double rows, RelDataType rowType, BitSet columns) {
    double width = ROW_BYTES;
    for (int column = columns.nextSetBit(0);
        column >= 0 && column < rowType.getFieldCount();
        column = columns.nextSetBit(column + 1)) {
      int length = PgRelType.of(typeOf(rowType, column)).typlen();
      width += length > 0 ? length : 16;
    }
    return rows * width;
  }

  static double rowCount(RelNode rel) {
    return rel.getCluster().getMetadataQuery().getRowCount(rel);
  }

  // ---- scans

  /// What a scan may do at other nodes; null for nothing.
  ///
  /// @param locator whether somebody wants to know where the rows are
  FragmentDraft draft(
      PhysicalRels.Scan scan,
      AccessPaths.Path path,
      boolean locator,
      int[] filteredPlaces,
      RuntimeFilter[] filters) {
    boolean whole = path.equal().isEmpty() && path.lower() == null && path.upper() == null;
    boolean small = path.cost() <= SMALL;
    if (!rules.has(PlanRules.FRAGMENTS)
        || locator && (small || !rules.has(PlanRules.CHANGE_FRAGMENTS))
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
      if (RelOptUtil.InputFinder.bits(conjunct).length() > path.table().width()) {
        // A sample looks at where rows are.
        return null;
      }
      (FragmentWriter.travels(conjunct) ? conjuncts : rest).add(conjunct);
    }
    if (small && !rest.isEmpty() || locator && conjuncts.isEmpty()) {
      return null;
    }
    Map<Integer, Integer> places = new HashMap<>();
    int[] partition = path.table().partitionColumns().places();
    for (int i = 0; i < partition.length; i++) {
      places.put(partition[i], i);
    }
    return new FragmentDraft(
        new FragmentDraft.Source(
            path.table(),
            scan.source().rows(),
            small,
            conjuncts,
            rest,
            locator,
            filteredPlaces,
            filters,
            null,
            null),
        List.of(),
        null,
        scan.getRowType(),
        places,
        0,
        0);
  }

  private static boolean isInOrder(AccessPaths.Path path) {
    int[] places = path.places();
    return places.length == path.table().width()
        && IntStream.range(0, places.length).allMatch(i -> places[i] == i);
  }

  /// The node for a scan that was drafted.
  ///
  /// @param needed columns that somebody looks at
  PlanNode scan(FragmentDraft draft, TableScanNode scan, BitSet needed) {
    FragmentDraft.Source source = draft.source().made(scan);
    FragmentDraft made =
        new FragmentDraft(
            source,
            List.of(),
            scan,
            draft.rowType(),
            draft.places(),
            bytes(scan.estimate().rows(), draft.rowType(), needed),
            0);
    return source.located() ? located(made, scan) : made(made, scan, needed, !source.small());
  }

  /// Whole rows with their places, for those who change or lock them.
  private PlanNode located(FragmentDraft draft, TableScanNode scan) {
    FragmentProgram writing = new FragmentProgram(draft, engine, expressions);
    try {
      writing.begin(new BitSet());
      writing.out().putByte(FragmentPrograms.LOCATED);
    } catch (FragmentWriter.StaysException stays) {
      return scan;
    }
    return writing.node(scan.estimate(), scan, null, new FragmentNode.Output.Located());
  }

  /// @param node what does the same without other nodes
  /// @param worthIt whether the rows are better computed there, if nothing more comes of them
  PlanNode made(FragmentDraft draft, PlanNode node, BitSet needed, boolean worthIt) {
    PlanNode made = worthIt ? rows(draft, node, needed) : node;
    if (draft.source().rest().isEmpty()) {
      drafts.put(made, draft);
    }
    return made;
  }

  private static boolean isMade(PlanNode node) {
    return node instanceof FragmentNode || node instanceof BroadcastNode;
  }

  // ---- what is above them

  PlanNode filter(
      PhysicalRels.PhysicalFilter rel, PlanNode input, RowNodes.Filter made, BitSet needed) {
    FragmentDraft draft = drafts.get(input);
    if (draft == null || !FragmentWriter.travels(rel.getCondition())) {
      return made;
    }
    FragmentDraft larger =
        draft
            .keeping(rel.getCondition(), made.of(draft.below()), rel.getRowType())
            .costing(
                isMade(input)
                    ? draft.broadcast() + bytes(rowCount(rel), rel.getRowType(), needed)
                    : draft.bytes());
    return made(larger, made, needed, isMade(input));
  }

  /// @param computed which columns somebody looks at
  /// @param read how many columns of the input they are computed from
  PlanNode project(
      PhysicalRels.PhysicalProject rel, PlanNode input, PlanNode made, BitSet computed, int read) {
    FragmentDraft draft = drafts.get(input);
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < rel.getProjects().size(); i++) {
      columns.add(computed.get(i) ? rel.getProjects().get(i) : null);
    }
    if (draft == null
        || !columns.stream().allMatch(each -> each == null || FragmentWriter.travels(each))) {
      return made;
    }
    FragmentDraft larger = draft.computing(columns, rel.getRowType());
    // What is computed of few columns is cheaper to send than the results.
    return made(larger, made, computed, isMade(input) && computed.cardinality() <= read);
  }

  /// Whether a node's rows come in an order that nobody knows.
  static boolean isUnordered(PlanNode node) {
    return node instanceof FragmentNode
        || node instanceof ExchangeNode
        || node.children().stream().anyMatch(Fragments::isUnordered);
  }

  /// Groups made where the rows are, and put together here. Where calls look at different values
  /// only, each shard makes its groups by these, too, and so gives each group's once.
  ///
  /// @param simple what groups them here
  /// @return null if that cannot be, or does not pay
  PlanNode groups(PhysicalRels.PhysicalAggregate rel, PlanNode input, AggregateNode simple) {
    FragmentDraft draft = drafts.get(input);
    List<AggregateCall> plain = new ArrayList<>(rel.getAggCallList());
    plain.removeIf(AggregateCall::isDistinct);
    List<AggregateCall> distinct = new ArrayList<>(rel.getAggCallList());
    distinct.removeAll(plain);
    if (draft == null
        || !plain.stream().allMatch(PartialGroups::isMergeable)
        || !distinct.isEmpty()
            && (!rules.has(PlanRules.DISTINCT_FRAGMENTS) || !isOfTheSame(distinct))) {
      return null;
    }
    ImmutableBitSet columns =
        distinct.isEmpty()
            ? rel.getGroupSet()
            : rel.getGroupSet().union(ImmutableBitSet.of(distinct.getFirst().getArgList()));
    double rows =
        distinct.isEmpty()
            ? rowCount(rel)
            : rowCount(
                LogicalAggregate.create(rel.getInput(), List.of(), columns, null, List.of()));
    double sent =
        distinct.isEmpty()
            ? bytes(rows * PIECES, rel.getRowType(), RelColumns.all(rel))
            : bytes(rows * PIECES, draft.rowType(), columns.toBitSet())
                + rows * PIECES * STATE_BYTES * plain.size();
    if (!columns.isEmpty()
        && (rows * LEAST_PER_GROUP > rowCount(rel.getInput())
            || draft.joins() && draft.broadcast() + sent > draft.bytes())) {
      return null;
    }
    BitSet read = columns.toBitSet();
    for (AggregateCall call : plain) {
      call.getArgList().forEach(read::set);
      if (call.filterArg >= 0) {
        read.set(call.filterArg);
      }
    }
    List<Integer> keys = columns.asList();
    List<TypeCodec> codecs = new ArrayList<>();
    List<String> names = new ArrayList<>();
    FragmentProgram writing = new FragmentProgram(draft, engine, expressions);
    try {
      writing.begin(read);
      ByteWriter out = writing.out();
      out.putByte(FragmentPrograms.GROUPS);
      columns(out, draft.rowType(), keys);
      for (int key : keys) {
        codecs.add(PgRelType.codecOf(typeOf(draft.rowType(), key)));
        names.add(draft.rowType().getFieldNames().get(key));
      }
      out.putShort(plain.size());
      for (AggregateCall call : plain) {
        FragmentWriter.call(out, ((PgAggregate) call.getAggregation()).call());
        columns(out, draft.rowType(), call.getArgList());
        out.putShort(call.filterArg);
      }
    } catch (FragmentWriter.StaysException stays) {
      return null;
    }
    int[] by = keys.stream().mapToInt(Integer::intValue).toArray();
    RowBytes states = FragmentPrograms.stateBytes(codecs, plain.size());
    AggregateNode partial =
        simple.partial(
            new Estimate(rows, simple.estimate().cost(), simple.estimate().width()),
            draft.below(),
            by,
            codecs.toArray(TypeCodec[]::new),
            String.join(", ", names));
    PlanNode groups =
        writing.node(partial.estimate(), partial, null, new FragmentNode.Output.Groups(states));
    return sending(draft, simple.merging(groups, states, by), groups, simple);
  }

  /// Whether calls that look at different values only do so at the same ones.
  private static boolean isOfTheSame(List<AggregateCall> calls) {
    return calls.stream()
        .allMatch(
            call ->
                call.filterArg < 0
                    && call.getCollation().getFieldCollations().isEmpty()
                    && call.getArgList().equals(calls.getFirst().getArgList()));
  }

  /// The first rows of each shard in an order, for a sort that wants no more of them.
  ///
  /// @param needed columns that somebody looks at, the order's among them
  /// @param most how many rows it wants; null for all
  /// @return the node itself where that cannot be
  PlanNode first(PlanNode node, List<RelFieldCollation> order, BitSet needed, Eval most) {
    FragmentDraft draft = drafts.get(node);
    // Where rows are joined, few are sent instead of more than those that they are joined of.
    if (draft == null || !isMade(node) && (!draft.joins() || draft.broadcast() > draft.bytes())) {
      return node;
    }
    FragmentProgram writing = new FragmentProgram(draft, engine, expressions);
    BitSet sent = columnsOf(draft, needed);
    try {
      writing.begin(sent);
      ByteWriter out = writing.out();
      out.putByte(FragmentPrograms.FIRST);
      columns(out, draft.rowType(), sent.stream().boxed().toList());
      out.putShort(order.size());
      for (RelFieldCollation key : order) {
        out.putShort(key.getFieldIndex());
        FragmentWriter.type(out, typeOf(draft.rowType(), key.getFieldIndex()));
        out.putByte(key.getDirection().isDescending() ? 1 : 0);
        out.putByte(key.nullDirection == RelFieldCollation.NullDirection.FIRST ? 1 : 0);
      }
      out.putShort(writing.special());
    } catch (FragmentWriter.StaysException stays) {
      return node;
    }
    PlanNode all = node instanceof BroadcastNode choice ? choice.sending() : node;
    PlanNode first =
        writing.node(
            node.estimate(),
            draft.below(),
            most,
            new FragmentNode.Output.First(codec(draft.rowType(), sent), most, all));
    return sending(draft, first, first, node);
  }

  // ---- programs

  /// The columns of a draft's rows that are sent.
  private static BitSet columnsOf(FragmentDraft draft, BitSet needed) {
    BitSet sent = (BitSet) needed.clone();
    sent.or(RelColumns.columnsOf(draft.source().rest()));
    return sent.get(0, draft.rowType().getFieldCount());
  }

  /// The rows of a draft, computed where they are.
  ///
  /// @param node what does the same here; given back where that cannot be
  PlanNode rows(FragmentDraft draft, PlanNode node, BitSet needed) {
    BitSet sent = columnsOf(draft, needed);
    FragmentProgram writing = new FragmentProgram(draft, engine, expressions);
    try {
      writing.begin(sent);
      writing.out().putByte(FragmentPrograms.ROWS);
      columns(writing.out(), draft.rowType(), sent.stream().boxed().toList());
    } catch (FragmentWriter.StaysException stays) {
      return node;
    }
    PlanNode rows =
        writing.node(
            node.estimate(),
            draft.below(),
            null,
            new FragmentNode.Output.Rows(codec(draft.rowType(), sent), null));
    return sending(draft, rows, rows, node);
  }

  /// What has to see to it first that rows are sent.
  ///
  /// @param fragment what of the node other nodes run
  /// @param instead what gives the same where these are too many, or cannot be sent
  private static PlanNode sending(
      FragmentDraft draft, PlanNode node, PlanNode fragment, PlanNode instead) {
    List<FragmentDraft.Step.Meet> meetings = draft.meetings();
    ExchangeNode exchange = fragment instanceof ExchangeNode own ? own : null;
    if (meetings.isEmpty() && exchange == null) {
      return node;
    }
    List<BroadcastNode.Filter> filters = new ArrayList<>();
    for (FragmentDraft.Step.Meet meet : meetings) {
      RuntimeFilter[] own = meet.join().filters();
      for (int i = 0; i < own.length; i++) {
        if (own[i] != null) {
          filters.add(new BroadcastNode.Filter(own[i], meet.rows(), meet.join().rightKeys()[i]));
        }
      }
    }
    List<SentRows> sent = meetings.stream().map(FragmentDraft.Step.Meet::rows).toList();
    return new BroadcastNode(node, instead, sent, filters, exchange);
  }

  /// How columns of rows are sent.
  static BatchCodec codec(RelDataType rowType, BitSet sent) {
    return new BatchCodec(
        rowType.getFieldCount(),
        sent.stream().toArray(),
        sent.stream()
            .mapToObj(column -> PgRelType.of(typeOf(rowType, column)).codec())
            .toArray(TypeCodec[]::new));
  }
}
