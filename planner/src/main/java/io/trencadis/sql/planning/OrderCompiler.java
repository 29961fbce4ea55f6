package io.trencadis.sql.planning;

import static io.trencadis.sql.planning.RelColumns.bytes;
import static io.trencadis.sql.planning.RelColumns.estimate;
import static io.trencadis.sql.planning.RelColumns.order;

import io.trencadis.sql.execute.AggregateNode;
import io.trencadis.sql.execute.ApplyNode;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.FragmentNode;
import io.trencadis.sql.execute.IncrementalSortNode;
import io.trencadis.sql.execute.JoinNode;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.PlanNode.Estimate;
import io.trencadis.sql.execute.RowNodes;
import io.trencadis.sql.execute.RowOrder;
import io.trencadis.sql.execute.SortNode;
import io.trencadis.sql.rel.ShapeRels;
import io.trencadis.sql.types.TypeCodec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.type.RelDataType;

/// Compiles what has to do with the order of rows and with how many are wanted. Not thread-safe.
final class OrderCompiler {
  private final PlanCompiler compiler;
  private final PlanRules rules;
  private final AccessPaths paths;
  private Eval wanted;

  OrderCompiler(PlanCompiler compiler, PlanRules rules, AccessPaths paths) {
    this.compiler = compiler;
    this.rules = rules;
    this.paths = paths;
  }

  /// How many rows of the node being compiled are wanted, about, where they are read in the order
  /// wanted; null otherwise.
  Eval wanted() {
    return wanted;
  }

  /// Compiles another plan while a node is being compiled whose first rows are wanted.
  PlanNode aside(Supplier<PlanNode> plan) {
    Eval saved = wanted;
    wanted = null;
    PlanNode made = plan.get();
    wanted = saved;
    return made;
  }

  /// @param limit what is above the sort and asks for some rows only, or null
  /// @param needed the columns that will be looked at
  PlanNode sort(PhysicalRels.PhysicalSort sort, ShapeRels.Limit limit, BitSet needed) {
    List<RelFieldCollation> collations = sort.getCollation().getFieldCollations();
    if (KeyOrder.holds(sort.getInput(), collations)) {
      return compiler.compile(sort.getInput(), needed);
    }
    boolean bounded = limit != null && limit.tieColumns() == 0 && limit.fetch() != null;
    collations.forEach(collation -> needed.set(collation.getFieldIndex()));
    PlanNode input = compiler.compile(sort.getInput(), needed);
    PlanNode sorted =
        bounded ? compiler.fragments().first(input, collations, needed, mostOf(limit)) : input;
    return new SortNode(
        estimate(sort),
        sorted,
        order(sort.getInput(), collations),
        bounded ? compiler.expressions().compile(limit.fetch()) : null,
        bounded && limit.offset() != null ? compiler.expressions().compile(limit.offset()) : null,
        text(sort.getRowType(), collations),
        bytes(sort));
  }

  PlanNode partialSort(PhysicalRels.PartialSort sort) {
    BitSet needed = compiler.required();
    sort.order().forEach(collation -> needed.set(collation.getFieldIndex()));
    List<RelFieldCollation> held = sort.order().subList(0, sort.held());
    return new IncrementalSortNode(
        estimate(sort),
        compiler.compile(sort.getInput(), needed),
        order(sort.getInput(), held),
        order(sort.getInput(), sort.order()),
        text(sort.getRowType(), sort.order()),
        text(sort.getRowType(), held),
        bytes(sort));
  }

  private String text(RelDataType rowType, List<RelFieldCollation> order) {
    RexText text = compiler.text(rowType);
    List<String> keys = new ArrayList<>();
    for (RelFieldCollation collation : order) {
      boolean down = collation.getDirection().isDescending();
      boolean first = collation.nullDirection == RelFieldCollation.NullDirection.FIRST;
      keys.add(
          text.column(collation.getFieldIndex())
              + (down ? " DESC" : "")
              + (first == down ? "" : first ? " NULLS FIRST" : " NULLS LAST"));
    }
    return String.join(", ", keys);
  }

  PlanNode firstRows(PhysicalRels.FirstRows rel) {
    BitSet needed = compiler.required();
    Eval saved = wanted;
    wanted = mostOf(rel.limit());
    PlanNode rows = compiler.compile(rel.rows(), needed);
    wanted = saved;
    return limited(estimate(rel), rows, rel.limit(), null);
  }

  PlanNode limit(PhysicalRels.Shape shape, ShapeRels.Limit limit, BitSet needed) {
    RelNode input = shape.getInputs().getFirst();
    RowOrder ties = null;
    PlanNode child;
    if (input instanceof PhysicalRels.PhysicalSort sort) {
      if (limit.tieColumns() > 0) {
        ties = order(sort, ((Sort) sort).getCollation().getFieldCollations());
        sort.getCollation().getFieldCollations().forEach(c -> needed.set(c.getFieldIndex()));
      }
      child = sort(sort, limit, needed);
    } else {
      child = compiler.compile(input, needed);
      if (limit.fetch() != null && child instanceof FragmentNode fragment) {
        child = fragment.limited(mostOf(limit));
      }
    }
    return limited(estimate(shape), child, limit, ties);
  }

  private PlanNode limited(Estimate estimate, PlanNode rows, ShapeRels.Limit limit, RowOrder ties) {
    return new RowNodes.Limit(
        estimate,
        rows,
        limit.offset() == null ? null : compiler.expressions().compile(limit.offset()),
        limit.fetch() == null ? null : compiler.expressions().compile(limit.fetch()),
        ties);
  }

  /// How many rows a limit looks at, at the most; null for all.
  private Eval mostOf(ShapeRels.Limit limit) {
    Eval fetch = compiler.expressions().compile(limit.fetch());
    Eval offset = limit.offset() == null ? null : compiler.expressions().compile(limit.offset());
    return (row, x) -> {
      Object rows = fetch.eval(row, x);
      Object before = offset == null ? null : offset.eval(row, x);
      long skipped = before == null ? 0 : Math.max(0, ((Number) before).longValue());
      if (rows == null || ((Number) rows).longValue() > Long.MAX_VALUE - skipped) {
        return null;
      }
      return Math.max(0, ((Number) rows).longValue()) + skipped;
    };
  }

  // ---- least and greatest values

  /// An aggregate of least and greatest values, each of which is the first row of a scan; null
  /// where it is none, or where that does not pay.
  ///
  /// @param calls of the aggregate, compiled
  PlanNode extremes(PhysicalRels.PhysicalAggregate aggregate, List<AggregateNode.Call> calls) {
    List<RelNode> inputs =
        rules.has(PlanRules.ORDERED_SCANS) ? new FirstRows(paths, rules).extremes(aggregate) : null;
    if (inputs == null) {
      return null;
    }
    PlanNode row = null;
    for (int i = 0; i < calls.size(); i++) {
      PlanNode extreme = extreme(aggregate, inputs.get(i), calls.get(i));
      row = row == null ? extreme : beside(estimate(aggregate), row, i, extreme);
    }
    return row;
  }

  private PlanNode extreme(
      PhysicalRels.PhysicalAggregate aggregate, RelNode input, AggregateNode.Call call) {
    int column = call.arguments()[0];
    BitSet needed = new BitSet();
    needed.set(column);
    PlanNode rows = compiler.compile(input, needed);
    Estimate one = new Estimate(1, rows.estimate().cost(), rows.estimate().width());
    PlanNode present =
        new RowNodes.Filter(
            rows.estimate(),
            rows,
            (row, _) -> row[column] != null,
            null,
            "(" + compiler.text(input.getRowType()).column(column) + " IS NOT NULL)");
    return new AggregateNode(
        estimate(aggregate),
        new RowNodes.Limit(one, present, null, (_, _) -> 1L, null),
        new int[0],
        new TypeCodec[0],
        new AggregateNode.Call[] {call},
        "",
        false,
        false,
        bytes(input));
  }

  /// One row, of so many columns, next to another one of one column.
  private static PlanNode beside(Estimate estimate, PlanNode left, int width, PlanNode right) {
    return new ApplyNode(
        estimate,
        left,
        right,
        JoinNode.Kind.INNER,
        new int[0],
        new Eval[0],
        null,
        null,
        width,
        1,
        false,
        null);
  }
}
