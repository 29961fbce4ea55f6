package io.trencadis.sql.catalog;

import java.util.List;
import java.util.Objects;

/// Which index of a partitioned table an index of a partition belongs to. The catalog keeps no such
/// link: an index of a partition belongs to the index of the partitioned table that it equals, and
/// where several are equal they belong together in their order.
public final class IndexMatch {
  private IndexMatch() {}

  /// The index of the parent that an index of its partition belongs to, or null.
  public static IndexDescriptor parentOf(
      TableDescriptor parent, TableDescriptor partition, IndexDescriptor index) {
    int before = 0;
    for (IndexDescriptor each : partition.indexes()) {
      if (each.oid() == index.oid()) {
        break;
      }
      before += alike(partition, each, partition, index) ? 1 : 0;
    }
    for (IndexDescriptor each : parent.indexes()) {
      if (alike(parent, each, partition, index) && before-- == 0) {
        return each;
      }
    }
    return null;
  }

  /// Whether two indexes of tables with columns of the same names would have equal entries and
  /// enforce the same.
  public static boolean alike(
      TableDescriptor table, IndexDescriptor one, TableDescriptor other, IndexDescriptor two) {
    if (one.unique() != two.unique()
        || one.primary() != two.primary()
        || one.constraint() != two.constraint()
        || one.nullsNotDistinct() != two.nullsNotDistinct()
        || !Objects.equals(one.method(), two.method())
        || !one.operators().equals(two.operators())
        || one.parts().size() != two.parts().size()
        || !text(one.predicate()).equals(text(two.predicate()))
        || !names(table, one.included()).equals(names(other, two.included()))) {
      return false;
    }
    for (int i = 0; i < one.parts().size(); i++) {
      KeyPart left = one.parts().get(i);
      KeyPart right = two.parts().get(i);
      if (left.descending() != right.descending()
          || left.nullsFirst() != right.nullsFirst()
          || !Objects.equals(left.operatorClass(), right.operatorClass())
          || !text(left.expression()).equals(text(right.expression()))
          || !Objects.equals(name(table, left.column()), name(other, right.column()))) {
        return false;
      }
    }
    return true;
  }

  private static String text(IndexExpression expression) {
    return expression == null ? "" : expression.text();
  }

  private static String name(TableDescriptor table, int column) {
    return column == 0 ? null : table.columnNumbered(column).name();
  }

  private static List<String> names(TableDescriptor table, List<Integer> columns) {
    return columns.stream().map(column -> name(table, column)).toList();
  }
}
