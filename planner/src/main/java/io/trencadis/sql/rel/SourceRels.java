package io.trencadis.sql.rel;

import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.SystemView;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/// The leaves of a query's tree, before it is known how they will be read.
public final class SourceRels {
  private SourceRels() {}

  /// A leaf that carries its row type.
  abstract static class Leaf extends AbstractRelNode {
    Leaf(RelOptCluster cluster, RelDataType rowType) {
      super(cluster, cluster.traitSetOf(Convention.NONE));
      this.rowType = rowType;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return this;
    }
  }

  /// A stored table: its live columns in order and, if asked for, one more column that locates the
  /// row.
  public static final class Table extends Leaf {
    private final TableDescriptor table;
    private final List<TableDescriptor> leaves;
    private final boolean locator;
    private final double rows;
    private final double[] distinct;
    private final ColumnFigures[] figures;
    private final List<Slot> slots;
    private final Map<Integer, IndexTerms> indexTerms;

    /// @param distinct for each column, how many different values it has, roughly
    /// @param figures for each column, what ANALYZE found, or null
    /// @param slots of the statement, which may still grow
    /// @param indexTerms what expression and partial indexes of the leaves compute, by oid
    /// @param leaves where the rows are: the table itself, or a partitioned table's partitions
    /// @param locator whether a last column of type tid holds each row's place
    public Table(
        RelOptCluster cluster,
        RelDataType rowType,
        TableDescriptor table,
        List<TableDescriptor> leaves,
        boolean locator,
        double rows,
        double[] distinct,
        ColumnFigures[] figures,
        List<Slot> slots,
        Map<Integer, IndexTerms> indexTerms) {
      super(cluster, rowType);
      this.table = table;
      this.leaves = leaves;
      this.locator = locator;
      this.rows = rows;
      this.distinct = distinct.clone();
      this.figures = figures.clone();
      this.slots = Collections.unmodifiableList(slots);
      this.indexTerms = indexTerms;
    }

    public Map<Integer, IndexTerms> indexTerms() {
      return indexTerms;
    }

    public TableDescriptor table() {
      return table;
    }

    /// How many rows it has, roughly.
    public double rows() {
      return rows;
    }

    /// How many different values a column has, roughly.
    public double distinct(int column) {
      // The locator comes after all columns.
      return column < distinct.length ? distinct[column] : rows;
    }

    /// What ANALYZE found of a column, or null.
    public ColumnFigures figures(int column) {
      return column < figures.length ? figures[column] : null;
    }

    /// The statement's slots.
    public List<Slot> slots() {
      return slots;
    }

    public List<TableDescriptor> leaves() {
      return leaves;
    }

    public boolean locator() {
      return locator;
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      return rows;
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer)
          .item("table", table.oid())
          .item("leaves", leaves.size())
          .item("locator", locator);
    }
  }

  /// A view of the system catalogs, computed when it is read.
  public static final class System extends Leaf {
    private final SystemView view;

    public System(RelOptCluster cluster, RelDataType rowType, SystemView view) {
      super(cluster, rowType);
      this.view = view;
    }

    public SystemView view() {
      return view;
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      return 500;
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer).item("view", view.schema() + "." + view.name());
    }
  }

  /// Rows of expressions: VALUES, and the one empty row of a SELECT without FROM.
  public static final class Rows extends Leaf {
    private final List<List<RexNode>> rows;

    public Rows(RelOptCluster cluster, RelDataType rowType, List<List<RexNode>> rows) {
      super(cluster, rowType);
      this.rows = rows;
    }

    public List<List<RexNode>> rows() {
      return rows;
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      return rows.size();
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      // Identity suffices: two VALUES lists in one statement are never worth computing once.
      return super.explainTerms(writer).item("rows", java.lang.System.identityHashCode(rows));
    }
  }

  /// Set-returning functions in FROM, side by side (ROWS FROM), with an optional ordinal number.
  public static final class Functions extends Leaf {
    private final List<RexNode> calls;
    private final List<Integer> widths;
    private final boolean ordinality;
    private final String name;

    /// @param widths how many columns each call gives where its values are rows; -1 for one column
    public Functions(
        RelOptCluster cluster,
        RelDataType rowType,
        List<RexNode> calls,
        List<Integer> widths,
        boolean ordinality,
        String name) {
      super(cluster, rowType);
      this.calls = calls;
      this.widths = widths;
      this.ordinality = ordinality;
      this.name = name;
    }

    public List<RexNode> calls() {
      return calls;
    }

    public List<Integer> widths() {
      return widths;
    }

    public boolean ordinality() {
      return ordinality;
    }

    public String name() {
      return name;
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      return 1000;
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer)
          .item("calls", calls)
          .item("ordinality", ordinality)
          .item("id", java.lang.System.identityHashCode(calls));
    }
  }

  /// Rows that another part of the plan leaves when it runs.
  public static final class Work extends Leaf {
    private final WorkTable table;

    public Work(RelOptCluster cluster, RelDataType rowType, WorkTable table) {
      super(cluster, rowType);
      this.table = table;
    }

    public WorkTable table() {
      return table;
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
      return 100;
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer).item("table", java.lang.System.identityHashCode(table));
    }
  }

  /// The rows of a WITH query that other references may read as well.
  public static final class Shared extends Leaf {
    private final SharedQuery query;

    public Shared(RelOptCluster cluster, SharedQuery query) {
      super(cluster, query.definition().getRowType());
      this.query = query;
    }

    public SharedQuery query() {
      return query;
    }

    @Override
    public double estimateRowCount(RelMetadataQuery metadata) {
      return metadata.getRowCount(query.definition());
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer)
          .item("query", java.lang.System.identityHashCode(query))
          .item("id", getId());
    }
  }
}
