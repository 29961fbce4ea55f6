package io.trencadis.sql.planning;

import static io.trencadis.sql.planning.RelColumns.all;
import static io.trencadis.sql.planning.RelColumns.bytes;
import static io.trencadis.sql.planning.RelColumns.codec;
import static io.trencadis.sql.planning.RelColumns.codecs;
import static io.trencadis.sql.planning.RelColumns.columnsOf;
import static io.trencadis.sql.planning.RelColumns.estimate;
import static io.trencadis.sql.planning.RelColumns.joined;
import static io.trencadis.sql.planning.RelColumns.order;
import static io.trencadis.sql.planning.RelColumns.orders;
import static io.trencadis.sql.planning.RelColumns.plain;
import static io.trencadis.sql.planning.RelColumns.type;

import io.trencadis.base.SqlException;
import io.trencadis.sql.execute.AggregateNode;
import io.trencadis.sql.execute.ApplyNode;
import io.trencadis.sql.execute.BatchEval;
import io.trencadis.sql.execute.BatchKernels;
import io.trencadis.sql.execute.Bounds;
import io.trencadis.sql.execute.EntryRows;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.FoundRowsNode;
import io.trencadis.sql.execute.GatherNode;
import io.trencadis.sql.execute.JoinNode;
import io.trencadis.sql.execute.KeyList;
import io.trencadis.sql.execute.KeyRange;
import io.trencadis.sql.execute.LockRowsNode;
import io.trencadis.sql.execute.PartitionColumns;
import io.trencadis.sql.execute.PartitionScanNode;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.PlanNode.Estimate;
import io.trencadis.sql.execute.RecursiveNode;
import io.trencadis.sql.execute.RowNodes;
import io.trencadis.sql.execute.RowOrder;
import io.trencadis.sql.execute.RuntimeFilter;
import io.trencadis.sql.execute.SetEval;
import io.trencadis.sql.execute.SetOperationNode;
import io.trencadis.sql.execute.ShardChoice;
import io.trencadis.sql.execute.SharedPlan;
import io.trencadis.sql.execute.SharedScanNode;
import io.trencadis.sql.execute.SystemScanNode;
import io.trencadis.sql.execute.TableScanNode;
import io.trencadis.sql.execute.TermScanNode;
import io.trencadis.sql.execute.WindowNode;
import io.trencadis.sql.execute.WorkScanNode;
import io.trencadis.sql.functions.Aggregates;
import io.trencadis.sql.rel.PgAggregate;
import io.trencadis.sql.rel.ShapeRels;
import io.trencadis.sql.rel.SharedQuery;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.rel.WindowSpecification;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RowLock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/// Compiles the chosen physical tree into the executor's nodes. Columns that nobody above needs are
/// not decoded. Not thread-safe.
final class PlanCompiler {
  private final QueryPlanner planner;
  private final AccessPaths paths;
  private final RexCompiler expressions;
  private final BatchCompiler batches;
  private final ScanStages stages;
  private final SubPlanCompiler subPlans;
  private final Fragments fragments;
  private final FragmentJoins fragmentJoins;
  private final OrderCompiler ordering;
  private BitSet required;
  private List<Wanted> wanted = List.of();
  private final Map<SharedQuery, SharedPlan> shared = new IdentityHashMap<>();

  /// A filter that a join further up has for a column of the node being compiled.
  private record Wanted(int column, RuntimeFilter filter) {}

  PlanCompiler(QueryPlanner planner, AccessPaths paths) {
    this.planner = planner;
    this.paths = paths;
    this.expressions = new RexCompiler(paths.slots(), this::subPlans);
    this.batches = new BatchCompiler(expressions);
    this.subPlans = new SubPlanCompiler(this, planner, paths.slots());
    this.stages = new ScanStages(paths.slots(), expressions, batches, subPlans);
    this.fragments = new Fragments(planner.rules(), expressions);
    this.fragmentJoins = new FragmentJoins(fragments);
    this.ordering = new OrderCompiler(this, planner.rules(), paths);
  }

  OrderCompiler ordering() {
    return ordering;
  }

  Fragments fragments() {
    return fragments;
  }

  Slot slot(int index) {
    return paths.slots().get(index);
  }

  RexCompiler expressions() {
    return expressions;
  }

  SubPlanCompiler subPlans() {
    return subPlans;
  }

  /// Compiles another plan while a node of this one is being compiled.
  PlanNode compileAside(RelNode rel, BitSet needed) {
    BitSet saved = required;
    List<Wanted> savedWanted = wanted;
    PlanNode plan = ordering.aside(() -> compile(rel, needed));
    required = saved;
    wanted = savedWanted;
    return plan;
  }

  /// @param needed the columns that will be looked at
  PlanNode compile(RelNode rel, BitSet needed) {
    return compile(rel, needed, List.of());
  }

  private PlanNode compile(RelNode rel, BitSet needed, List<Wanted> filters) {
    required = needed;
    wanted = filters;
    return ((Physical) rel).compile(this);
  }

  /// What joins further up want of the node being compiled; asked once.
  private List<Wanted> wanted() {
    List<Wanted> own = wanted;
    wanted = List.of();
    return own;
  }

  /// The node, read by several threads if that leaves few rows to be kept.
  private PlanNode gathered(PlanNode node, RelNode rel) {
    return planner.rules().has(PlanRules.GATHER)
            && !Fragments.isUnordered(node)
            && PartialGroups.areFew(rel, rel.getCluster().getMetadataQuery())
        ? new GatherNode(node)
        : node;
  }

  /// The plans that several nodes of those compiled so far read.
  List<SharedPlan> sharedPlans() {
    return List.copyOf(shared.values());
  }

  PlanNode shared(PhysicalRels.Shared rel) {
    SharedQuery query = rel.source().query();
    SharedPlan plan = shared.get(query);
    if (plan == null) {
      RelNode physical = planner.optimize(query.definition());
      plan = new SharedPlan(query.name(), compile(physical, all(physical)), bytes(physical));
      shared.put(query, plan);
    }
    return new SharedScanNode(estimate(rel), plan);
  }

  /// The columns of the node being compiled that will be looked at.
  BitSet required() {
    return (BitSet) required.clone();
  }

  RexText text(RelDataType rowType) {
    return new RexText(rowType, paths.slots(), planner.context());
  }

  // ---- leaves

  PlanNode scan(PhysicalRels.Scan scan) {
    BitSet needed = required();
    List<Wanted> filters = wanted();
    List<PlanNode> leaves = new ArrayList<>();
    for (AccessPaths.Path path : scan.choice().paths()) {
      leaves.add(leaf(scan, path, needed, filters));
    }
    if (!scan.source().table().isPartitioned()) {
      return leaves.size() == 1 ? leaves.getFirst() : append(scan, leaves);
    }
    if (leaves.isEmpty()) {
      return append(scan, leaves);
    }
    PartitionRouting.Root root = planner.routing().root(scan.source().table());
    Eval[] values = null;
    List<RexNode> conjuncts =
        scan.condition() == null ? List.of() : RelOptUtil.conjunctions(scan.condition());
    List<RexNode> known = new ArrayList<>();
    for (int place : root.places()) {
      for (RexNode conjunct : conjuncts) {
        var sarg = Sarg.of(conjunct);
        if (sarg.isPresent()
            && sarg.get().kind() == Sarg.Kind.EQUAL
            && sarg.get().place() == place) {
          known.add(sarg.get().value());
          break;
        }
      }
    }
    if (known.size() == root.places().length) {
      values = expressions.compile(known);
    }
    return new PartitionScanNode(
        estimate(scan),
        leaves,
        root.router(),
        root.places(),
        values,
        values == null ? bounds(conjuncts, root.places()[0]) : null,
        scan.source().table().liveColumns().size());
  }

  /// All rows of all leaves: those of a table and of what inherits from it.
  private static PlanNode append(PhysicalRels.Scan scan, List<PlanNode> leaves) {
    int width = scan.source().table().liveColumns().size();
    return new PartitionScanNode(estimate(scan), leaves, null, null, null, null, width);
  }

  /// What a path's conditions say of the first partition column.
  private Bounds bounds(AccessPaths.Path path, PartitionColumns columns) {
    if (columns.width() == 0) {
      return null;
    }
    List<RexNode> conjuncts = new ArrayList<>(path.used());
    conjuncts.addAll(path.remaining());
    return bounds(conjuncts, columns.places()[0]);
  }

  /// What conjuncts say of the column at a place; null if nothing.
  private Bounds bounds(List<RexNode> conjuncts, int place) {
    RexNode lower = null;
    RexNode upper = null;
    for (RexNode conjunct : conjuncts) {
      Sarg sarg = Sarg.of(conjunct).or(() -> RowBounds.of(conjunct)).orElse(null);
      if (sarg != null && sarg.place() == place) {
        switch (sarg.kind()) {
          case EQUAL -> {
            lower = sarg.value();
            upper = sarg.value();
          }
          case LESS, LESS_EQUAL -> upper = upper == null ? sarg.value() : upper;
          case GREATER, GREATER_EQUAL -> lower = lower == null ? sarg.value() : lower;
        }
      }
    }
    return lower == null && upper == null
        ? null
        : new Bounds(
            lower == null ? null : expressions.compile(lower),
            upper == null ? null : expressions.compile(upper));
  }

  private PlanNode leaf(
      PhysicalRels.Scan scan, AccessPaths.Path path, BitSet needed, List<Wanted> filters) {
    var table = path.table();
    boolean locator = scan.source().locator();
    RexNode filter =
        RexUtil.composeConjunction(scan.getCluster().getRexBuilder(), path.remaining(), true);
    int width = path.places().length;
    Set<Integer> places = new HashSet<>();
    for (int column = needed.nextSetBit(0);
        column >= 0 && column < width;
        column = needed.nextSetBit(column + 1)) {
      places.add(path.places()[column]);
    }
    // The locator, which TABLESAMPLE looks at, is no stored column.
    columnsOf(filter).stream().filter(place -> place < table.width()).forEach(places::add);
    KeyRange range =
        path.equal().isEmpty() && path.lower() == null && path.upper() == null
            ? KeyRange.ALL
            : new KeyRange(
                expressions.compile(path.equal()),
                path.lower() == null ? null : expressions.compile(path.lower().values()),
                path.lower() != null && path.lower().kind() == Sarg.Kind.GREATER_EQUAL,
                path.upper() == null ? null : expressions.compile(path.upper().values()),
                path.upper() != null && path.upper().kind() == Sarg.Kind.LESS_EQUAL);
    Eval[] partitionValues =
        path.partitionValues() == null ? null : expressions.compile(path.partitionValues());
    ShardChoice shards =
        path.index() == null
            ? new ShardChoice(
                table.placement(),
                table.partitionColumns(),
                partitionValues,
                bounds(path, table.partitionColumns()))
            : new ShardChoice(
                path.index().placement(),
                path.index().partitionColumns(),
                partitionValues,
                bounds(path, path.index().partitionColumns()));
    RexText text = text(scan.getRowType());
    String condition = path.used().isEmpty() ? null : text.conjunction(path.used());
    int[] filteredPlaces =
        filters.stream().mapToInt(each -> path.places()[each.column()]).toArray();
    RuntimeFilter[] ofJoins = filters.stream().map(Wanted::filter).toArray(RuntimeFilter[]::new);
    FragmentDraft draft = fragments.draft(scan, path, locator, filteredPlaces, ofJoins);
    List<RexNode> conjuncts = draft == null ? path.remaining() : draft.source().conjuncts();
    // A bound that only nearly says what its condition does is checked again, which is not shown.
    List<RexNode> shown = new ArrayList<>(conjuncts);
    shown.removeAll(path.used());
    String filterText = shown.isEmpty() ? null : text.conjunction(shown);
    Estimate estimate = new Estimate(path.rows(), path.cost(), estimate(scan).width());
    if (!path.terms().isEmpty()) {
      int[] sorted = places.stream().mapToInt(Integer::intValue).sorted().toArray();
      return inOrder(
          foundRows(path, estimate, sorted, locator, filter, condition, filterText),
          path,
          locator,
          table.width());
    }
    KeyList list =
        path.list() == null
            ? null
            : new KeyList(
                path.list().first().slot(),
                expressions.compile(path.list().first().array()),
                path.list().isRanges() ? path.list().last().slot() : -1,
                path.list().isRanges() ? expressions.compile(path.list().last().array()) : null,
                path.list().element().codec());
    // A row that a change has moved to a later value of the list must not be met again there, which
    // a scan sees to and a look-up does not.
    boolean single =
        path.point()
            && path.index() == null
            && partitionValues != null
            && !(locator && list != null);
    TableScanNode node =
        new TableScanNode(
            estimate,
            table,
            path.index(),
            range,
            single,
            shards,
            places.stream().mapToInt(Integer::intValue).sorted().toArray(),
            locator,
            locator && single && list == null ? planner.pointLock() : null,
            stages.of(conjuncts),
            new TableScanNode.Texts(null, condition, filterText),
            list,
            filteredPlaces,
            ofJoins);
    ScanOrder order = scan.choice().order();
    if (order != ScanOrder.NONE) {
      node.inOrder(order == ScanOrder.BACKWARD, ordering.wanted());
    }
    if (path.index() != null
        && !locator
        && ofJoins.length == 0
        // Look-ups are made together.
        && path.used().stream().noneMatch(stages::readsOuter)
        && planner.rules().has(PlanRules.INDEX_ONLY)) {
      int[] read = places.stream().mapToInt(Integer::intValue).toArray();
      node.readEntriesOnly(EntryRows.of(table, path.index(), read));
    }
    subPlans.compiled(node, scan.condition());
    if (draft != null) {
      PlanNode drafted = fragments.scan(draft, node, needed);
      List<RexNode> left = draft.source().rest();
      return left.isEmpty() ? drafted : filtered(drafted, left, text);
    }
    return inOrder(node, path, locator, table.width());
  }

  /// Rows for which conditions hold that are left to be checked.
  private PlanNode filtered(PlanNode rows, List<RexNode> conditions, RexText text) {
    PlanNode left = rows;
    for (RexNode each : conditions) {
      SubPlanCompiler.Compiled condition = subPlans.condition(each, expressions, batches);
      left =
          new RowNodes.Filter(
              rows.estimate(), left, condition.rows(), condition.batches(), text.text(each));
    }
    return left;
  }

  private PlanNode foundRows(
      AccessPaths.Path path,
      Estimate estimate,
      int[] places,
      boolean locator,
      RexNode filter,
      String condition,
      String filterText) {
    List<TermScanNode.Condition> conditions = new ArrayList<>();
    for (TermArgument term : path.terms()) {
      conditions.add(
          new TermScanNode.Condition(
              term.part(), term.search(), expressions.compile(term.value())));
    }
    return new FoundRowsNode(
        estimate,
        path.table(),
        new TermScanNode(
            new Estimate(path.rows(), path.cost() / 2, 0), path.index(), conditions, condition),
        places,
        locator,
        expressions.compile(filter),
        new TableScanNode.Texts(null, condition, filterText));
  }

  /// Brings a partition's columns into the order of its parent's.
  private static PlanNode inOrder(
      PlanNode node, AccessPaths.Path path, boolean locator, int leafWidth) {
    int[] places = path.places();
    boolean ordered = places.length == leafWidth;
    for (int i = 0; i < places.length; i++) {
      ordered &= places[i] == i;
    }
    if (ordered) {
      return node;
    }
    Eval[] columns = new Eval[places.length + (locator ? 1 : 0)];
    BatchEval[] same = new BatchEval[columns.length];
    for (int i = 0; i < columns.length; i++) {
      int place = i < places.length ? places[i] : leafWidth;
      columns[i] = (row, _) -> row[place];
      same[i] = BatchKernels.column(place);
    }
    return new RowNodes.Project(node.estimate(), node, columns, same);
  }

  PlanNode systemScan(PhysicalRels.SystemScan scan) {
    return new SystemScanNode(estimate(scan), scan.source().view());
  }

  PlanNode work(PhysicalRels.Work work) {
    return new WorkScanNode(estimate(work), work.source().table(), work.source().table().name());
  }

  PlanNode rows(PhysicalRels.Rows rows) {
    List<? extends List<? extends RexNode>> given = rows.source().rows();
    Eval[][] cells = new Eval[given.size()][];
    Map<RexNode, Eval> shared = new IdentityHashMap<>();
    for (int i = 0; i < cells.length; i++) {
      cells[i] = new Eval[given.get(i).size()];
      for (int j = 0; j < cells[i].length; j++) {
        cells[i][j] = shared.computeIfAbsent(given.get(i).get(j), expressions::compile);
      }
    }
    return new RowNodes.Rows(estimate(rows), cells);
  }

  PlanNode functions(PhysicalRels.Functions functions) {
    var source = functions.source();
    int n = source.calls().size();
    SetEval[] sets = new SetEval[n];
    int[] widths = source.widths().stream().mapToInt(Integer::intValue).toArray();
    for (int i = 0; i < n; i++) {
      sets[i] = expressions.compileSet(source.calls().get(i));
    }
    return new RowNodes.FunctionScan(
        estimate(functions), sets, widths, source.ordinality(), source.name());
  }

  // ---- one input

  PlanNode filter(PhysicalRels.PhysicalFilter filter) {
    BitSet needed = required();
    needed.or(columnsOf(filter.getCondition()));
    PlanNode input = compile(filter.getInput(), needed, wanted());
    String text = text(filter.getRowType()).text(filter.getCondition());
    SubPlanCompiler.Compiled condition =
        subPlans.condition(filter.getCondition(), expressions, batches);
    RowNodes.Filter made =
        new RowNodes.Filter(estimate(filter), input, condition.rows(), condition.batches(), text);
    return fragments.filter(filter, input, made, needed);
  }

  PlanNode project(PhysicalRels.PhysicalProject project) {
    BitSet needed = required();
    List<RexNode> all = project.getProjects();
    List<Wanted> below = new ArrayList<>();
    for (Wanted each : wanted()) {
      if (all.get(each.column()) instanceof RexInputRef ref) {
        below.add(new Wanted(ref.getIndex(), each.filter()));
      }
    }
    BitSet computed = new BitSet();
    for (int i = 0; i < all.size(); i++) {
      // What nobody looks at is left out, unless computing it does something.
      computed.set(i, needed.get(i) || !PartialGroups.isSafe(all.get(i)));
    }
    BitSet columns = new BitSet();
    computed.stream().forEach(i -> columns.or(columnsOf(all.get(i))));
    PlanNode input = compile(project.getInput(), columns, below);
    Eval[] compiled = new Eval[all.size()];
    for (int i = 0; i < compiled.length; i++) {
      compiled[i] = computed.get(i) ? expressions.compile(all.get(i)) : (_, _) -> null;
    }
    PlanNode made =
        new RowNodes.Project(
            estimate(project), input, compiled, batches.compile(all, compiled, computed));
    return fragments.project(project, input, made, computed, columns.cardinality());
  }

  PlanNode aggregate(PhysicalRels.PhysicalAggregate aggregate) {
    RelNode input = aggregate.getInput();
    List<Integer> keys = aggregate.getGroupSet().asList();
    BitSet needed = new BitSet();
    keys.forEach(needed::set);
    List<AggregateNode.Call> calls = new ArrayList<>();
    for (AggregateCall call : aggregate.getAggCallList()) {
      call.getArgList().forEach(needed::set);
      if (call.filterArg >= 0) {
        needed.set(call.filterArg);
      }
      List<RelFieldCollation> collations = call.getCollation().getFieldCollations();
      collations.forEach(collation -> needed.set(collation.getFieldIndex()));
      calls.add(
          new AggregateNode.Call(
              Aggregates.bind(((PgAggregate) call.getAggregation()).call(), orders(collations)),
              call.getArgList().stream().mapToInt(Integer::intValue).toArray(),
              call.isDistinct()
                  ? codecs(input, call.getArgList())
                  : plain(input, call.getArgList()),
              call.isDistinct(),
              call.filterArg,
              collations.isEmpty() ? null : order(input, collations)));
    }
    PlanNode extremes = ordering.extremes(aggregate, calls);
    if (extremes != null) {
      return extremes;
    }
    RexText text = text(input.getRowType());
    PlanNode child = compile(input, needed);
    List<String> names = new ArrayList<>();
    keys.forEach(key -> names.add(text.column(key)));
    AggregateNode simple =
        new AggregateNode(
            estimate(aggregate),
            child,
            keys.stream().mapToInt(Integer::intValue).toArray(),
            codecs(input, keys),
            calls.toArray(new AggregateNode.Call[0]),
            String.join(", ", names),
            planner.rules().has(PlanRules.PARTIAL_GROUPS)
                && !Fragments.isUnordered(child)
                && PartialGroups.suit(aggregate, aggregate.getCluster().getMetadataQuery()),
            planner.rules().has(PlanRules.ORDERED_GROUPS)
                && !Fragments.isUnordered(child)
                && PartialGroups.inOrder(aggregate),
            bytes(input));
    PlanNode grouped = fragments.groups(aggregate, child, simple);
    return grouped == null ? simple : grouped;
  }

  // ---- several inputs

  PlanNode join(PhysicalRels.PhysicalJoin join) {
    BitSet asked = required();
    BitSet needed = required();
    needed.or(columnsOf(join.getCondition()));
    int leftWidth = join.getLeft().getRowType().getFieldCount();
    JoinInfo info = join.analyzeCondition();
    JoinNode.Kind kind = FragmentJoins.kind(join.getJoinType());
    List<Wanted> leftWanted = new ArrayList<>();
    List<Wanted> rightWanted = new ArrayList<>();
    for (Wanted each : wanted()) {
      if (each.column() < leftWidth && kind != JoinNode.Kind.RIGHT && kind != JoinNode.Kind.FULL) {
        leftWanted.add(each);
      } else if (each.column() >= leftWidth && kind == JoinNode.Kind.INNER) {
        rightWanted.add(new Wanted(each.column() - leftWidth, each.filter()));
      }
    }
    RuntimeFilter[] filters = filters(join, info, kind);
    for (int i = 0; i < filters.length; i++) {
      if (filters[i] != null) {
        leftWanted.add(new Wanted(info.leftKeys.get(i), filters[i]));
      }
    }
    PlanNode left = compile(join.getLeft(), needed.get(0, leftWidth), leftWanted);
    BitSet rightNeeded = needed.get(leftWidth, Math.max(leftWidth, needed.length()));
    for (int i = 0; i < join.getRight().getRowType().getFieldCount(); i++) {
      if (type(join.getRight(), i) == Types.TID) {
        // What locates a row is there whether it was asked for or not.
        rightNeeded.set(i);
      }
    }
    PlanNode right = compile(join.getRight(), (BitSet) rightNeeded.clone(), rightWanted);
    if (!info.leftKeys.isEmpty()) {
      right = gathered(right, join.getRight());
    }
    RexText text = text(joined(join.getLeft(), join.getRight()));
    RexNode rest =
        RexUtil.composeConjunction(join.getCluster().getRexBuilder(), info.nonEquiConditions, true);
    List<String> keyTexts = new ArrayList<>();
    for (int i = 0; i < info.leftKeys.size(); i++) {
      keyTexts.add(
          "("
              + text.column(info.leftKeys.get(i))
              + " = "
              + text.column(leftWidth + info.rightKeys.get(i))
              + ")");
    }
    Eval condition = rest == null ? null : expressions.compile(rest);
    String keyText =
        keyTexts.size() == 1 ? keyTexts.getFirst() : "(" + String.join(" AND ", keyTexts) + ")";
    FragmentJoins.Way way =
        fragmentJoins.way(join, kind, left, right, rightNeeded, filters, keyText);
    BinaryOperator<PlanNode> joining =
        (l, r) ->
            new JoinNode(
                estimate(join),
                l,
                r,
                kind,
                info.leftKeys.toIntArray(),
                info.rightKeys.toIntArray(),
                codecs(join.getLeft(), info.leftKeys),
                condition,
                rest == null ? null : batches.condition(rest, condition),
                bytes(join.getLeft()),
                bytes(join.getRight()),
                rightNeeded.stream().toArray(),
                filters,
                keyTexts.isEmpty() ? null : keyText,
                rest == null ? null : text.text(rest));
    return fragmentJoins.made(way, join, joining, left, asked);
  }

  /// A filter for each equal column of whole numbers, where the right side is much smaller than the
  /// left one.
  private RuntimeFilter[] filters(
      PhysicalRels.PhysicalJoin join, JoinInfo info, JoinNode.Kind kind) {
    RuntimeFilter[] filters = new RuntimeFilter[info.leftKeys.size()];
    RelMetadataQuery query = join.getCluster().getMetadataQuery();
    double right = query.getRowCount(join.getRight());
    if (planner.rules().has(PlanRules.RUNTIME_FILTERS)
        && (kind == JoinNode.Kind.INNER || kind == JoinNode.Kind.SEMI)
        && right <= RuntimeFilter.MOST
        && right * 2 <= query.getRowCount(join.getLeft())) {
      for (int i = 0; i < filters.length; i++) {
        PgType type = type(join.getLeft(), info.leftKeys.get(i));
        if (type == Types.INT2 || type == Types.INT4 || type == Types.INT8 || type == Types.DATE) {
          filters[i] = new RuntimeFilter();
        }
      }
    }
    return filters;
  }

  PlanNode lookupJoin(PhysicalRels.LookupJoin join) {
    JoinNode.Kind kind = FragmentJoins.kind(join.kind());
    BitSet needed = required();
    int leftWidth = join.getInput().getRowType().getFieldCount();
    BitSet left = needed.get(0, leftWidth);
    left.or(columnsOf(join.arguments()));
    List<Wanted> leftWanted = wanted().stream().filter(each -> each.column() < leftWidth).toList();
    PlanNode leftNode = compile(join.getInput(), left, leftWanted);
    PlanNode right =
        compile(join.lookup(), needed.get(leftWidth, Math.max(leftWidth, needed.length())));
    BinaryOperator<PlanNode> joining =
        (l, r) ->
            new ApplyNode(
                estimate(join),
                l,
                r,
                kind,
                join.slots().stream().mapToInt(Integer::intValue).toArray(),
                expressions.compile(join.arguments()),
                join.arguments().stream().allMatch(RexInputRef.class::isInstance)
                    ? join.arguments().stream()
                        .mapToInt(each -> ((RexInputRef) each).getIndex())
                        .toArray()
                    : null,
                null,
                leftWidth,
                join.lookup().getRowType().getFieldCount(),
                PartialGroups.sharesReads(join.lookup()),
                ordering.wanted());
    FragmentJoins.Way way = fragmentJoins.way(join, kind, leftNode, right);
    return fragmentJoins.made(way, join, joining, leftNode, needed);
  }

  PlanNode setOperation(PhysicalRels.PhysicalSetOperation operation) {
    List<PlanNode> inputs = new ArrayList<>();
    for (RelNode input : operation.getInputs()) {
      inputs.add(compile(input, all(input)));
    }
    List<Integer> columns = new ArrayList<>();
    for (int i = 0; i < operation.getRowType().getFieldCount(); i++) {
      columns.add(i);
    }
    SetOperationNode.Kind kind =
        switch (operation.kind) {
          case UNION -> SetOperationNode.Kind.UNION_ALL;
          case INTERSECT -> SetOperationNode.Kind.INTERSECT;
          default -> SetOperationNode.Kind.EXCEPT;
        };
    return new SetOperationNode(
        estimate(operation),
        kind,
        operation.all,
        inputs,
        kind == SetOperationNode.Kind.UNION_ALL
            ? plain(operation.getInput(0), columns)
            : codecs(operation.getInput(0), columns));
  }

  PlanNode shape(PhysicalRels.Shape shape) {
    BitSet needed = required();
    RelNode input = shape.getInputs().getFirst();
    return switch (shape.shape()) {
      case ShapeRels.Apply apply -> apply(shape, apply, needed);
      case ShapeRels.ProjectSet project -> projectSet(shape, project);
      case ShapeRels.Limit limit -> ordering.limit(shape, limit, needed);
      case ShapeRels.FirstOfEach first -> {
        first.keys().forEach(needed::set);
        List<RowOrder.Key> keys = new ArrayList<>();
        for (int key : first.keys()) {
          keys.add(new RowOrder.Key(key, codec(input, key), false, false));
        }
        yield new RowNodes.FirstOfEach(estimate(shape), compile(input, needed), new RowOrder(keys));
      }
      case ShapeRels.Window window -> window(shape, window);
      case ShapeRels.Recursive recursive -> {
        RelNode round = shape.getInputs().get(1);
        List<Integer> columns = all(input).stream().boxed().toList();
        yield new RecursiveNode(
            estimate(shape),
            compile(input, all(input)),
            compile(round, all(round)),
            recursive.table(),
            recursive.distinct() ? codecs(input, columns) : null);
      }
      case ShapeRels.LockRows rows -> {
        rows.marks().forEach(mark -> needed.set(mark.column()));
        List<LockRowsNode.Lock> locks = new ArrayList<>();
        for (ShapeRels.LockRows.Mark mark : rows.marks()) {
          LockWait wait =
              switch (mark.lockWait()) {
                case 0 -> LockWait.WAIT;
                case 1 -> LockWait.SKIP_LOCKED;
                default -> LockWait.NOWAIT;
              };
          locks.add(
              new LockRowsNode.Lock(
                  mark.column(), RowLock.values()[mark.strength()], wait, mark.relation()));
        }
        yield new LockRowsNode(estimate(shape), compile(input, needed), locks);
      }
      default -> throw SqlException.internal("shape " + shape.shape());
    };
  }

  private PlanNode window(PhysicalRels.Shape shape, ShapeRels.Window window) {
    RelNode input = shape.getInputs().getFirst();
    List<WindowNode.Call> calls = new ArrayList<>();
    for (WindowSpecification call : window.calls()) {
      calls.add(WindowCompiler.compile(call, expressions));
    }
    return new WindowNode(
        estimate(shape),
        compile(input, all(input)),
        input.getRowType().getFieldCount(),
        calls,
        bytes(shape));
  }

  private PlanNode apply(PhysicalRels.Shape shape, ShapeRels.Apply apply, BitSet needed) {
    RelNode leftRel = shape.getInputs().get(0);
    RelNode rightRel = shape.getInputs().get(1);
    int leftWidth = leftRel.getRowType().getFieldCount();
    needed.or(columnsOf(apply.condition()));
    BitSet left = needed.get(0, leftWidth);
    left.or(columnsOf(apply.arguments()));
    PlanNode leftNode = compile(leftRel, left);
    PlanNode rightNode =
        compile(rightRel, needed.get(leftWidth, Math.max(leftWidth, needed.length())));
    return new ApplyNode(
        estimate(shape),
        leftNode,
        rightNode,
        FragmentJoins.kind(apply.kind()),
        apply.slots().stream().mapToInt(Integer::intValue).toArray(),
        expressions.compile(apply.arguments()),
        null,
        apply.condition() == null ? null : expressions.compile(apply.condition()),
        leftWidth,
        rightRel.getRowType().getFieldCount(),
        false,
        null);
  }

  private PlanNode projectSet(PhysicalRels.Shape shape, ShapeRels.ProjectSet project) {
    List<RexNode> all = project.expressions();
    Eval[] scalars = new Eval[all.size()];
    SetEval[] sets = new SetEval[all.size()];
    for (int i = 0; i < all.size(); i++) {
      if (RexCompiler.isSet(all.get(i))) {
        sets[i] = expressions.compileSet(all.get(i));
      } else {
        scalars[i] = expressions.compile(all.get(i));
      }
    }
    PlanNode input = compile(shape.getInputs().getFirst(), columnsOf(all));
    return new RowNodes.ProjectSet(estimate(shape), input, scalars, sets);
  }
}
