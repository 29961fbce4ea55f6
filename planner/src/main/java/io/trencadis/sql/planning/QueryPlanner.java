package io.trencadis.sql.planning;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.SharedPlan;
import io.trencadis.sql.execute.SharedPlansNode;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.rel.CollationRules;
import io.trencadis.sql.rel.SourceRels;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.txn.RowLock;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.metadata.ProxyingMetadataHandlerProvider;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexNode;

/// Plans the queries of one statement. Not thread-safe; the plans it makes are.
public final class QueryPlanner {
  private final RelOptCluster cluster;
  private final VolcanoPlanner volcano;
  private final AccessPaths paths;
  private final PlanCompiler compiler;
  private final PartitionRouting routing;
  private final TypeContext context;
  private final PlanRules rules;
  private RowLock pointLock;

  /// Whether the change that is being compiled joins.
  private boolean joined;

  /// Metadata without code generated at run time: what Calcite would compile with Janino costs more
  /// than planning a statement does.
  private static final class Metadata extends RelMetadataQuery {
    /// By node: each estimate asks for those below it more than once, and joins are deep.
    private final Map<RelNode, Double> rowCounts = new IdentityHashMap<>();

    Metadata() {
      super(new ProxyingMetadataHandlerProvider(DefaultRelMetadataProvider.INSTANCE));
    }

    @Override
    public Double getRowCount(RelNode rel) {
      Double known = rowCounts.get(rel);
      if (known == null) {
        Double ours = Estimates.rows(rel, this);
        known = ours != null ? ours : super.getRowCount(rel);
        rowCounts.put(rel, known);
      }
      return known;
    }
  }

  /// A cluster for the analyzer to build trees in, with a planner that has no rules yet.
  public static RelOptCluster newCluster() {
    VolcanoPlanner planner = new VolcanoPlanner();
    planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
    RelOptCluster cluster = RelOptCluster.create(planner, new CollationRules.Builder());
    cluster.setMetadataQuerySupplier(Metadata::new);
    return cluster;
  }

  /// @param cluster the one from [#newCluster] that the trees were built in
  /// @param context for the constants in EXPLAIN's texts
  /// @param pointLock the lock that a change takes on rows it finds by their key, or null for a
  ///   query
  public QueryPlanner(
      RelOptCluster cluster,
      SlotTable slots,
      Catalog catalog,
      TypeContext context,
      RowLock pointLock) {
    this(cluster, slots, catalog, context, pointLock, PlanRules.ALL);
  }

  /// @param rules which rules are applied
  public QueryPlanner(
      RelOptCluster cluster,
      SlotTable slots,
      Catalog catalog,
      TypeContext context,
      RowLock pointLock,
      PlanRules rules) {
    this.rules = rules;
    this.cluster = cluster;
    this.volcano = (VolcanoPlanner) cluster.getPlanner();
    this.paths = new AccessPaths(slots);
    this.compiler = new PlanCompiler(this, paths);
    this.routing = new PartitionRouting(catalog);
    this.context = context;
    this.pointLock = pointLock;
    for (RelOptRule rule : Rules.implementing(paths, rules)) {
      volcano.addRule(rule);
    }
  }

  TypeContext context() {
    return context;
  }

  PlanRules rules() {
    return rules;
  }

  PartitionRouting routing() {
    return routing;
  }

  /// The lock to take on a row that is found by its key before it is read, or null: where it has to
  /// have a partner, it is locked when it has one.
  RowLock pointLock() {
    return joined ? null : pointLock;
  }

  /// Whether any of the plans made so far has a sub-select in an expression.
  public boolean hasSubPlans() {
    return compiler.subPlans().areAny();
  }

  /// The stored form of a table: the same object as the plans of this statement use.
  public StoredTable stored(io.trencadis.sql.catalog.TableDescriptor table) {
    return paths.stored(table);
  }

  /// The physical tree of a logical one.
  RelNode optimize(RelNode logical) {
    RelNode rewritten = inlined(logical);
    if (rules.has(PlanRules.UNNESTING)) {
      rewritten = new Unnesting(paths.slots()).rewrite(rewritten);
    }
    if (rules.has(PlanRules.REWRITING)) {
      HepProgramBuilder program = new HepProgramBuilder();
      program.addRuleCollection(Rules.rewriting());
      HepPlanner rewriting = new HepPlanner(program.build());
      rewriting.setRoot(rewritten);
      rewritten = rewriting.findBestExp();
    }
    if (rules.has(PlanRules.JOIN_ORDER)) {
      rewritten = new JoinOrder(paths).reorder(rewritten);
    }
    PartialGroups.inParts(rewritten, paths);
    // One planner serves the sub-selects too, each in a run of its own.
    VolcanoPlanner choosing = volcano;
    RelNode wanted = choosing.changeTraits(rewritten, cluster.traitSetOf(Physical.CONVENTION));
    choosing.setRoot(wanted);
    if (rules.has(PlanRules.ORDERED_SCANS)) {
      new FirstRows(paths, rules).offer(rewritten, choosing);
    }
    return choosing.findBestExp();
  }

  /// WITH queries that are referred to once become a part of what refers to them.
  private static RelNode inlined(RelNode rel) {
    if (rel instanceof SourceRels.Shared shared && !shared.query().isShared()) {
      return inlined(shared.query().definition());
    }
    List<RelNode> inputs = new ArrayList<>();
    boolean changed = false;
    for (RelNode input : rel.getInputs()) {
      RelNode own = inlined(input);
      changed |= own != input;
      inputs.add(own);
    }
    return changed ? rel.copy(rel.getTraitSet(), inputs) : rel;
  }

  /// Plans a query.
  public PlanNode plan(RelNode logical) {
    RelNode physical = optimize(logical);
    boolean outer = joined;
    joined = pointLock != null && joins(physical);
    try {
      PlanNode root = compiler.compile(physical, RelColumns.all(physical));
      List<SharedPlan> shared = compiler.sharedPlans();
      return shared.isEmpty() ? root : new SharedPlansNode(root, shared);
    } finally {
      joined = outer;
    }
  }

  private static boolean joins(RelNode rel) {
    return rel instanceof Join
        || rel instanceof Correlate
        || rel.getInputs().stream().anyMatch(QueryPlanner::joins);
  }

  /// Plans the rows of a change that is a part of the statement.
  ///
  /// @param lock the lock that it takes on rows it finds by their key
  public PlanNode plan(RelNode logical, RowLock lock) {
    RowLock before = pointLock;
    pointLock = lock;
    try {
      return plan(logical);
    } finally {
      pointLock = before;
    }
  }

  /// Compiles expressions over rows that the caller has.
  public Eval[] compile(List<? extends RexNode> expressions) {
    return compiler.expressions().compile(expressions);
  }
}
