package io.trencadis.sql.planning;

import io.trencadis.sql.execute.PlanNode.Estimate;
import io.trencadis.sql.execute.RowBytes;
import io.trencadis.sql.execute.RowOrder;
import io.trencadis.sql.functions.Aggregates;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeCodec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/// What the executor has to know of the columns of a tree's nodes.
final class RelColumns {
  private RelColumns() {}

  /// All columns of a node.
  static BitSet all(RelNode rel) {
    BitSet bits = new BitSet();
    bits.set(0, rel.getRowType().getFieldCount());
    return bits;
  }

  /// The columns that expressions read; null ones are none.
  static BitSet columnsOf(RexNode... nodes) {
    BitSet bits = new BitSet();
    for (RexNode node : nodes) {
      if (node != null) {
        for (int column : RelOptUtil.InputFinder.bits(node)) {
          bits.set(column);
        }
      }
    }
    return bits;
  }

  static BitSet columnsOf(List<? extends RexNode> nodes) {
    return columnsOf(nodes.toArray(new RexNode[0]));
  }

  /// An expression whose columns have come to other places.
  static RexNode moved(RexNode node, IntUnaryOperator place, RexBuilder rex) {
    return node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return rex.makeInputRef(ref.getType(), place.applyAsInt(ref.getIndex()));
          }
        });
  }

  /// What the planner expects of a node.
  static Estimate estimate(RelNode rel) {
    RelMetadataQuery query = rel.getCluster().getMetadataQuery();
    var cost = query.getCumulativeCost(rel);
    int width = 0;
    for (RelDataTypeField field : rel.getRowType().getFieldList()) {
      int length = PgRelType.of(field.getType()).typlen();
      width += length > 0 ? length : 32;
    }
    return new Estimate(query.getRowCount(rel), cost == null ? 0 : cost.getRows(), width);
  }

  static PgType type(RelNode rel, int column) {
    return PgRelType.of(rel.getRowType().getFieldList().get(column).getType());
  }

  /// What a column is compared with.
  static TypeCodec codec(RelNode rel, int column) {
    return PgRelType.codecOf(rel.getRowType().getFieldList().get(column).getType());
  }

  static TypeCodec[] codecs(RelNode rel, List<Integer> columns) {
    return columns.stream().map(column -> codec(rel, column)).toArray(TypeCodec[]::new);
  }

  /// What columns are written with, where nothing is compared.
  static TypeCodec[] plain(RelNode rel, List<Integer> columns) {
    return columns.stream().map(column -> type(rel, column).codec()).toArray(TypeCodec[]::new);
  }

  static RowBytes bytes(RelNode rel) {
    return new RowBytes(plain(rel, all(rel).stream().boxed().toList()));
  }

  static List<Aggregates.Order> orders(List<RelFieldCollation> collations) {
    return collations.stream()
        .map(
            collation ->
                new Aggregates.Order(
                    collation.getDirection().isDescending(),
                    collation.nullDirection == RelFieldCollation.NullDirection.FIRST))
        .toList();
  }

  static RowOrder order(RelNode input, List<RelFieldCollation> collations) {
    List<RowOrder.Key> keys = new ArrayList<>();
    for (RelFieldCollation collation : collations) {
      keys.add(
          new RowOrder.Key(
              collation.getFieldIndex(),
              codec(input, collation.getFieldIndex()),
              collation.getDirection().isDescending(),
              collation.nullDirection == RelFieldCollation.NullDirection.FIRST));
    }
    return new RowOrder(keys);
  }

  static RelDataType joined(RelNode left, RelNode right) {
    var builder = left.getCluster().getTypeFactory().builder();
    builder.addAll(left.getRowType().getFieldList());
    builder.addAll(right.getRowType().getFieldList());
    return builder.build();
  }
}
