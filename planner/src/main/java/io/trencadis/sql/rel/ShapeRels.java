package io.trencadis.sql.rel;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.BiRel;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/// Inner nodes that SQL has and Calcite's own algebra lacks, or has in a form that does not fit.
/// One class serves before and after physical planning; the convention trait tells which.
public final class ShapeRels {
  private ShapeRels() {}

  /// For each row of the left input, the right input run with some slots set from that row:
  /// LATERAL.
  public static final class Apply extends BiRel {
    private final JoinRelType kind;
    private final RexNode condition;
    private final List<Integer> slots;
    private final List<RexNode> arguments;

    /// @param kind INNER or LEFT
    /// @param condition over the joined row, or null
    /// @param slots the slots that the right input reads
    /// @param arguments over the left row: what each slot is set to
    public Apply(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode left,
        RelNode right,
        JoinRelType kind,
        RexNode condition,
        List<Integer> slots,
        List<RexNode> arguments) {
      super(cluster, traits, left, right);
      this.kind = kind;
      this.condition = condition;
      this.slots = slots;
      this.arguments = arguments;
    }

    public JoinRelType kind() {
      return kind;
    }

    public RexNode condition() {
      return condition;
    }

    public List<Integer> slots() {
      return slots;
    }

    public List<RexNode> arguments() {
      return arguments;
    }

    @Override
    protected RelDataType deriveRowType() {
      var builder = getCluster().getTypeFactory().builder();
      builder.addAll(left.getRowType().getFieldList());
      builder.addAll(right.getRowType().getFieldList());
      return builder.build();
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return new Apply(
          getCluster(), traits, inputs.get(0), inputs.get(1), kind, condition, slots, arguments);
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      return Math.max(1, query.getRowCount(left)) * Math.max(1, query.getRowCount(right));
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer)
          .item("kind", kind)
          .item("condition", String.valueOf(condition))
          .item("slots", slots)
          .item("arguments", arguments);
    }
  }

  /// A select list with set-returning functions: each input row becomes as many rows as the longest
  /// of them.
  public static final class ProjectSet extends SingleRel {
    private final List<RexNode> expressions;

    public ProjectSet(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode input,
        List<RexNode> expressions,
        RelDataType rowType) {
      super(cluster, traits, input);
      this.expressions = expressions;
      this.rowType = rowType;
    }

    public List<RexNode> expressions() {
      return expressions;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return new ProjectSet(getCluster(), traits, inputs.getFirst(), expressions, rowType);
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      return query.getRowCount(input) * 1000;
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer).item("expressions", expressions);
    }
  }

  /// LIMIT and OFFSET.
  public static final class Limit extends SingleRel {
    private final RexNode offset;
    private final RexNode fetch;
    private final int tieColumns;

    /// @param offset bigint, or null
    /// @param fetch bigint, or null for all rows
    /// @param tieColumns for WITH TIES, how many sort columns the input's sort has; else 0
    public Limit(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode input,
        RexNode offset,
        RexNode fetch,
        int tieColumns) {
      super(cluster, traits, input);
      this.offset = offset;
      this.fetch = fetch;
      this.tieColumns = tieColumns;
    }

    public RexNode offset() {
      return offset;
    }

    public RexNode fetch() {
      return fetch;
    }

    public int tieColumns() {
      return tieColumns;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return new Limit(getCluster(), traits, inputs.getFirst(), offset, fetch, tieColumns);
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      return Math.min(query.getRowCount(input), 100);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer)
          .item("offset", String.valueOf(offset))
          .item("fetch", String.valueOf(fetch))
          .item("ties", tieColumns);
    }
  }

  /// DISTINCT ON: of input rows that are sorted, the first of each run that agrees in the key
  /// columns.
  public static final class FirstOfEach extends SingleRel {
    private final List<Integer> keys;

    public FirstOfEach(
        RelOptCluster cluster, RelTraitSet traits, RelNode input, List<Integer> keys) {
      super(cluster, traits, input);
      this.keys = keys;
    }

    public List<Integer> keys() {
      return keys;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return new FirstOfEach(getCluster(), traits, inputs.getFirst(), keys);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer).item("keys", keys);
    }
  }

  /// Window functions: the input's columns and one more for each call.
  public static final class Window extends SingleRel {
    private final List<WindowSpecification> calls;

    public Window(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode input,
        List<WindowSpecification> calls,
        RelDataType rowType) {
      super(cluster, traits, input);
      this.calls = calls;
      this.rowType = rowType;
    }

    public List<WindowSpecification> calls() {
      return calls;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return new Window(getCluster(), traits, inputs.getFirst(), calls, rowType);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer)
          .item("calls", calls.stream().map(WindowSpecification::digest).toList());
    }
  }

  /// FOR UPDATE and its weaker forms: locks the rows that the locator columns name, and lets them
  /// pass.
  public static final class LockRows extends SingleRel {
    private final List<Mark> marks;

    /// @param column the input column that locates the row
    public record Mark(int column, int strength, int lockWait, String relation) {}

    public LockRows(RelOptCluster cluster, RelTraitSet traits, RelNode input, List<Mark> marks) {
      super(cluster, traits, input);
      this.marks = marks;
    }

    public List<Mark> marks() {
      return marks;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return new LockRows(getCluster(), traits, inputs.getFirst(), marks);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer).item("marks", marks);
    }
  }

  /// WITH RECURSIVE: the left input's rows, then again and again the right input over what the
  /// round before gave, as long as that gives anything.
  public static final class Recursive extends BiRel {
    private final WorkTable table;
    private final boolean distinct;

    /// @param table what the right input reads the rows of the round before from
    /// @param distinct whether rows that came before are dropped: UNION without ALL
    public Recursive(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode left,
        RelNode right,
        WorkTable table,
        boolean distinct) {
      super(cluster, traits, left, right);
      this.table = table;
      this.distinct = distinct;
    }

    public WorkTable table() {
      return table;
    }

    public boolean distinct() {
      return distinct;
    }

    @Override
    protected RelDataType deriveRowType() {
      return left.getRowType();
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return new Recursive(getCluster(), traits, inputs.get(0), inputs.get(1), table, distinct);
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      return query.getRowCount(left) + 10 * query.getRowCount(right);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer)
          .item("table", java.lang.System.identityHashCode(table))
          .item("distinct", distinct);
    }
  }
}
