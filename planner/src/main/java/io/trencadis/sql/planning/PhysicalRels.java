package io.trencadis.sql.planning;

import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.rel.ShapeRels;
import io.trencadis.sql.rel.SourceRels;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/// The physical nodes. Costs are in PostgreSQL's units (manual, 20.7.2): 0.01 a row handled, 0.0025
/// an operator call; they stand in the row-count part of Calcite's cost, the only one it compares.
final class PhysicalRels {
  static final double ROW = 0.01;
  static final double OPERATOR = 0.0025;

  private PhysicalRels() {}

  static RelOptCost cost(RelOptPlanner planner, double units) {
    return planner.getCostFactory().makeCost(units, units, 0);
  }

  /// A table read by one access path for each leaf.
  static final class Scan extends AbstractRelNode implements Physical {
    private final SourceRels.Table source;
    private final RexNode condition;
    private final AccessPaths.Choice choice;

    Scan(
        RelOptCluster cluster,
        RelTraitSet traits,
        SourceRels.Table source,
        RexNode condition,
        AccessPaths.Choice choice) {
      super(cluster, traits);
      this.source = source;
      this.condition = condition;
      this.choice = choice;
      this.rowType = source.getRowType();
    }

    SourceRels.Table source() {
      return source;
    }

    RexNode condition() {
      return condition;
    }

    AccessPaths.Choice choice() {
      return choice;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return this;
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      return choice.rows();
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
      return cost(planner, choice.cost());
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer)
          .item("source", source.getId())
          .item("condition", String.valueOf(condition))
          .item("path", choice.label());
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.scan(this);
    }
  }

  /// For each left row, the rows of a table that an access path finds by the row's columns.
  static final class LookupJoin extends SingleRel implements Physical {
    private final Scan lookup;
    private final List<Integer> slots;
    private final List<RexNode> arguments;
    private final JoinRelType kind;

    /// @param lookup a scan that reads the slots
    /// @param arguments over the left row: what each slot is set to
    LookupJoin(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode left,
        Scan lookup,
        List<Integer> slots,
        List<RexNode> arguments,
        JoinRelType kind) {
      super(cluster, traits, left);
      this.lookup = lookup;
      this.slots = slots;
      this.arguments = arguments;
      this.kind = kind;
    }

    Scan lookup() {
      return lookup;
    }

    List<Integer> slots() {
      return slots;
    }

    List<RexNode> arguments() {
      return arguments;
    }

    JoinRelType kind() {
      return kind;
    }

    @Override
    protected RelDataType deriveRowType() {
      if (!kind.projectsRight()) {
        return input.getRowType();
      }
      var builder = getCluster().getTypeFactory().builder();
      builder.addAll(input.getRowType().getFieldList());
      builder.addAll(lookup.getRowType().getFieldList());
      return builder.build();
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return new LookupJoin(
          getCluster(), traits, inputs.getFirst(), lookup, slots, arguments, kind);
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      double left = query.getRowCount(input);
      return switch (kind) {
        case SEMI, ANTI -> Math.max(1, left * 0.5);
        case LEFT -> Math.max(1, left * lookup.choice.rows());
        default -> Math.max(1, left * lookup.choice.expected());
      };
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
      return cost(planner, query.getRowCount(input) * (lookup.choice.cost() + OPERATOR));
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer)
          .item("lookup", lookup.getDigest())
          .item("slots", slots)
          .item("arguments", arguments)
          .item("kind", kind);
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.lookupJoin(this);
    }
  }

  /// Rows that come from somewhere else than another node of the plan.
  abstract static class Leaf<S extends RelNode> extends AbstractRelNode implements Physical {
    private final S source;

    Leaf(RelOptCluster cluster, RelTraitSet traits, S source) {
      super(cluster, traits);
      this.source = source;
      this.rowType = source.getRowType();
    }

    final S source() {
      return source;
    }

    /// What two of a kind have in common if they give the same rows.
    Object identity() {
      return source.getId();
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      return source.estimateRowCount(query);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
      return cost(planner, source.estimateRowCount(query) * ROW);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer).item("source", identity());
    }
  }

  static final class SystemScan extends Leaf<SourceRels.System> {
    SystemScan(RelOptCluster cluster, RelTraitSet traits, SourceRels.System source) {
      super(cluster, traits, source);
    }

    @Override
    Object identity() {
      return source().view().name();
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.systemScan(this);
    }
  }

  static final class Work extends Leaf<SourceRels.Work> {
    Work(RelOptCluster cluster, RelTraitSet traits, SourceRels.Work source) {
      super(cluster, traits, source);
    }

    @Override
    Object identity() {
      return System.identityHashCode(source().table());
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.work(this);
    }
  }

  static final class Shared extends Leaf<SourceRels.Shared> {
    Shared(RelOptCluster cluster, RelTraitSet traits, SourceRels.Shared source) {
      super(cluster, traits, source);
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.shared(this);
    }
  }

  static final class Rows extends Leaf<SourceRels.Rows> {
    Rows(RelOptCluster cluster, RelTraitSet traits, SourceRels.Rows source) {
      super(cluster, traits, source);
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.rows(this);
    }
  }

  static final class Functions extends Leaf<SourceRels.Functions> {
    Functions(RelOptCluster cluster, RelTraitSet traits, SourceRels.Functions source) {
      super(cluster, traits, source);
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.functions(this);
    }
  }

  static final class PhysicalFilter extends Filter implements Physical {
    PhysicalFilter(RelOptCluster cluster, RelTraitSet traits, RelNode input, RexNode condition) {
      super(cluster, traits, input, condition);
    }

    @Override
    public Filter copy(RelTraitSet traits, RelNode input, RexNode condition) {
      return new PhysicalFilter(getCluster(), traits, input, condition);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
      return cost(planner, query.getRowCount(getInput()) * OPERATOR);
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.filter(this);
    }
  }

  static final class PhysicalProject extends Project implements Physical {
    PhysicalProject(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode input,
        List<? extends RexNode> projects,
        RelDataType rowType) {
      super(cluster, traits, List.of(), input, projects, rowType, Set.of());
    }

    @Override
    public Project copy(
        RelTraitSet traits, RelNode input, List<RexNode> projects, RelDataType rowType) {
      return new PhysicalProject(getCluster(), traits, input, projects, rowType);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
      return cost(planner, query.getRowCount(getInput()) * OPERATOR * 0.1);
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.project(this);
    }
  }

  static final class PhysicalJoin extends Join implements Physical {
    PhysicalJoin(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode left,
        RelNode right,
        RexNode condition,
        JoinRelType kind) {
      super(cluster, traits, List.of(), left, right, condition, Set.of(), kind);
    }

    @Override
    public Join copy(
        RelTraitSet traits,
        RexNode condition,
        RelNode left,
        RelNode right,
        JoinRelType kind,
        boolean semiDone) {
      return new PhysicalJoin(getCluster(), traits, left, right, condition, kind);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
      double leftRows = query.getRowCount(left);
      double rightRows = query.getRowCount(right);
      boolean hash = !analyzeCondition().leftKeys.isEmpty();
      // The right side is kept in memory: the smaller one is better there.
      return cost(
          planner,
          hash
              ? leftRows * ROW + rightRows * ROW * 1.5
              : leftRows * rightRows * OPERATOR + rightRows * ROW);
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.join(this);
    }
  }

  static final class PhysicalAggregate extends Aggregate implements Physical {
    PhysicalAggregate(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode input,
        ImmutableBitSet groupSet,
        List<ImmutableBitSet> groupSets,
        List<AggregateCall> calls) {
      super(cluster, traits, List.of(), input, groupSet, groupSets, calls);
    }

    @Override
    public Aggregate copy(
        RelTraitSet traits,
        RelNode input,
        ImmutableBitSet groupSet,
        List<ImmutableBitSet> groupSets,
        List<AggregateCall> calls) {
      return new PhysicalAggregate(getCluster(), traits, input, groupSet, groupSets, calls);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
      return cost(
          planner, query.getRowCount(getInput()) * OPERATOR * (1 + getAggCallList().size()));
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.aggregate(this);
    }
  }

  static final class PhysicalSort extends Sort implements Physical {
    PhysicalSort(RelOptCluster cluster, RelTraitSet traits, RelNode input, RelCollation collation) {
      super(cluster, traits, input, collation);
    }

    @Override
    public Sort copy(
        RelTraitSet traits, RelNode input, RelCollation collation, RexNode offset, RexNode fetch) {
      return new PhysicalSort(getCluster(), traits, input, collation);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
      double rows = Math.max(2, query.getRowCount(getInput()));
      return cost(planner, rows * Math.log(rows) * OPERATOR * 2);
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.ordering().sort(this, null, compiler.required());
    }
  }

  /// Rows that are equal in the first columns of an order come together; they are sorted by the
  /// others among themselves.
  static final class PartialSort extends SingleRel implements Physical {
    private final List<RelFieldCollation> order;
    private final int held;

    /// @param held by how many columns of the order the rows come
    PartialSort(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode input,
        List<RelFieldCollation> order,
        int held) {
      super(cluster, traits, input);
      this.order = List.copyOf(order);
      this.held = held;
    }

    List<RelFieldCollation> order() {
      return order;
    }

    int held() {
      return held;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return new PartialSort(getCluster(), traits, inputs.getFirst(), order, held);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
      return cost(planner, query.getRowCount(input) * OPERATOR * 2);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer).item("order", order).item("held", held);
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.ordering().partialSort(this);
    }
  }

  /// The first rows of what comes in the order wanted, read as far as they are asked for. The tree
  /// that gives them is no input: its nodes' costs are those of all their rows.
  static final class FirstRows extends AbstractRelNode implements Physical {
    private final ShapeRels.Limit limit;
    private final RelNode rows;
    private final double wanted;
    private final double cost;

    /// @param limit says how many
    /// @param wanted how many that are, about
    FirstRows(
        RelOptCluster cluster,
        RelTraitSet traits,
        ShapeRels.Limit limit,
        RelNode rows,
        double wanted,
        double cost) {
      super(cluster, traits);
      this.limit = limit;
      this.rows = rows;
      this.wanted = wanted;
      this.cost = cost;
      this.rowType = limit.getRowType();
    }

    ShapeRels.Limit limit() {
      return limit;
    }

    RelNode rows() {
      return rows;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return this;
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      return Math.min(wanted, query.getRowCount(rows));
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
      return cost(planner, cost);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer).item("limit", limit.getId()).item("rows", rows.getId());
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.ordering().firstRows(this);
    }
  }

  static final class PhysicalSetOperation extends SetOp implements Physical {
    PhysicalSetOperation(
        RelOptCluster cluster,
        RelTraitSet traits,
        List<RelNode> inputs,
        SqlKind kind,
        boolean all) {
      super(cluster, traits, inputs, kind, all);
    }

    @Override
    public SetOp copy(RelTraitSet traits, List<RelNode> inputs, boolean all) {
      return new PhysicalSetOperation(getCluster(), traits, inputs, kind, all);
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      double rows = 0;
      for (RelNode input : getInputs()) {
        rows += query.getRowCount(input);
      }
      return rows;
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
      return cost(planner, estimateRowCount(query) * ROW);
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.setOperation(this);
    }
  }

  /// One of the [ShapeRels], which serve in both worlds, made physical: it has the shape's inputs
  /// as its own.
  static final class Shape extends AbstractRelNode implements Physical {
    private final RelNode shape;
    private final List<RelNode> inputs;

    Shape(RelOptCluster cluster, RelTraitSet traits, RelNode shape, List<RelNode> inputs) {
      super(cluster, traits);
      this.shape = shape;
      this.inputs = List.copyOf(inputs);
      this.rowType = shape.getRowType();
    }

    RelNode shape() {
      return shape;
    }

    @Override
    public List<RelNode> getInputs() {
      return inputs;
    }

    @Override
    public void replaceInput(int ordinal, RelNode input) {
      throw new UnsupportedOperationException("inputs are replaced by copying");
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> newInputs) {
      return new Shape(getCluster(), traits, shape, newInputs);
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      return shape instanceof ShapeRels.FirstOfEach
              || shape instanceof ShapeRels.LockRows
              || shape instanceof ShapeRels.Window
          ? query.getRowCount(inputs.getFirst())
          : shape.estimateRowCount(query);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
      double rows = query.getRowCount(inputs.getFirst());
      if (shape instanceof ShapeRels.Apply) {
        return cost(planner, rows * Math.max(1, query.getRowCount(inputs.get(1))) * OPERATOR);
      }
      return cost(planner, rows * OPERATOR);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      for (int i = 0; i < inputs.size(); i++) {
        writer.input("input" + i, inputs.get(i));
      }
      return writer.item("shape", shape.getClass().getSimpleName() + shape.getId());
    }

    @Override
    public PlanNode compile(PlanCompiler compiler) {
      return compiler.shape(this);
    }
  }
}
