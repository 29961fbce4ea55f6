package io.trencadis.sql.catalog;

import java.util.List;

/// How a partitioned table (one with `PARTITION OF` children) assigns rows to its partitions.
///
/// @param strategy 'h' hash, 'l' list, 'r' range, as in `pg_partitioned_table.partstrat`
/// @param columns numbers of the partition key's columns; 0 stands for an expression
/// @param expressions those, in their order
public record Partitioning(
    char strategy, List<Integer> columns, List<IndexExpression> expressions) {
  /// What a part of the key is computed by; null for a column.
  public IndexExpression expression(int part) {
    if (columns.get(part) != 0) {
      return null;
    }
    int before = 0;
    for (int i = 0; i < part; i++) {
      before += columns.get(i) == 0 ? 1 : 0;
    }
    return expressions.get(before);
  }

  /// Whether a column is in the key, by itself or within an expression.
  public boolean uses(int number) {
    return columns.contains(number)
        || expressions.stream().anyMatch(each -> each.columns().contains(number));
  }

  /// The type of a part of the key.
  ///
  /// @param table the one that is partitioned like this
  public int typeOid(int part, TableDescriptor table) {
    IndexExpression expression = expression(part);
    return expression == null
        ? table.columnNumbered(columns.get(part)).typeOid()
        : expression.typeOid();
  }

  /// A part of the key in words: the name of the column, or the expression's text.
  ///
  /// @param table the one that is partitioned like this
  public String name(int part, TableDescriptor table) {
    IndexExpression expression = expression(part);
    return expression == null ? table.columnNumbered(columns.get(part)).name() : expression.text();
  }
}
