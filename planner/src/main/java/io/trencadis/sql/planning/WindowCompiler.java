package io.trencadis.sql.planning;

import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.RowBytes;
import io.trencadis.sql.execute.RowOrder;
import io.trencadis.sql.execute.WindowFrame;
import io.trencadis.sql.execute.WindowFunction;
import io.trencadis.sql.execute.WindowNode;
import io.trencadis.sql.functions.Aggregates;
import io.trencadis.sql.functions.RangeDistance;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.WindowSpecification;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeCodec;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rex.RexNode;

/// Makes the executor's window calls out of the analyzer's.
final class WindowCompiler {
  private WindowCompiler() {}

  static WindowNode.Call compile(WindowSpecification call, RexCompiler expressions) {
    List<RexNode> keys = new ArrayList<>(call.partitionBy());
    keys.addAll(call.orderBy());
    List<RowOrder.Key> partition = new ArrayList<>();
    for (int i = 0; i < call.partitionBy().size(); i++) {
      partition.add(new RowOrder.Key(i, codec(keys.get(i)), false, false));
    }
    List<RowOrder.Key> order = new ArrayList<>();
    for (int i = 0; i < call.orderBy().size(); i++) {
      int key = partition.size() + i;
      order.add(
          new RowOrder.Key(key, codec(keys.get(key)), descending(call, i), nullsFirst(call, i)));
    }
    Eval filter = optional(call.filter(), expressions);
    WindowFunction function =
        call.call().proc().isAggregate()
            ? WindowFunction.aggregate(Aggregates.bind(call.call()), filter)
            : WindowFunction.named(call.call().proc().name());
    return new WindowNode.Call(
        function,
        expressions.compile(call.arguments()),
        expressions.compile(keys),
        partition.isEmpty() ? null : new RowOrder(partition),
        order.isEmpty() ? null : new RowOrder(order),
        frame(call, expressions),
        new RowBytes(keys.stream().map(WindowCompiler::codec).toArray(TypeCodec[]::new)));
  }

  private static WindowFrame frame(WindowSpecification call, RexCompiler expressions) {
    WindowSpecification.Frame frame = call.frame();
    boolean byDistance =
        frame.unit() == WindowSpecification.Unit.RANGE
            && (frame.startOffset() != null || frame.endOffset() != null);
    return new WindowFrame(
        WindowFrame.Unit.valueOf(frame.unit().name()),
        WindowFrame.Bound.valueOf(frame.start().name()),
        optional(frame.startOffset(), expressions),
        WindowFrame.Bound.valueOf(frame.end().name()),
        optional(frame.endOffset(), expressions),
        WindowFrame.Exclusion.valueOf(frame.exclusion().name()),
        byDistance
            ? new WindowFrame.SortColumn(
                call.partitionBy().size(),
                RangeDistance.of(type(call.orderBy().getFirst())),
                descending(call, 0),
                nullsFirst(call, 0))
            : null);
  }

  private static Eval optional(RexNode node, RexCompiler expressions) {
    return node == null ? null : expressions.compile(node);
  }

  private static PgType type(RexNode node) {
    return PgRelType.of(node.getType());
  }

  private static TypeCodec codec(RexNode node) {
    return PgRelType.codecOf(node.getType());
  }

  private static boolean descending(WindowSpecification call, int key) {
    return call.sortDirections().get(key).isDescending();
  }

  private static boolean nullsFirst(WindowSpecification call, int key) {
    return call.sortNulls().get(key) == RelFieldCollation.NullDirection.FIRST;
  }
}
