package io.trencadis.sql.analyze;

import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ColumnStatistics;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.StatisticsDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.types.Types;
import java.util.List;

/// How many different values the columns of a table have: what ANALYZE found, or else as far as the
/// schema tells: a key's column has as many as there are rows, a reference's as many as the other
/// table has rows.
final class DistinctGuesses {
  /// PostgreSQL's guess for a column that nothing is known of.
  private static final double UNKNOWN = 200;

  private static final double DATES = 2500;

  private DistinctGuesses() {}

  /// For each live column of the table, in order.
  static double[] of(TableDescriptor table, Names names, double rows) {
    List<Column> columns = table.liveColumns();
    StatisticsDescriptor known = StatisticsDescriptor.of(names.catalog(), table);
    double[] distinct = new double[columns.size()];
    for (int i = 0; i < distinct.length; i++) {
      ColumnStatistics found = known == null ? null : known.columnNumbered(columns.get(i).number());
      double guess =
          found == null ? guess(table, columns.get(i), names, rows) : found.distinctOf(rows);
      distinct[i] = Math.max(1, Math.min(rows, guess));
    }
    return distinct;
  }

  private static double guess(TableDescriptor table, Column column, Names names, double rows) {
    if (isAlone(table.primaryKey(), column)
        || table.indexes().stream()
            .anyMatch(index -> index.unique() && index.valid() && isAlone(index, column))) {
      return rows;
    }
    double least = Double.MAX_VALUE;
    for (ForeignKey key : table.foreignKeys()) {
      if (key.columns().contains(column.number())
          && names.catalog().byOid(key.tableOid()) instanceof TableDescriptor other) {
        double others = names.environment().estimatedRows(other);
        int place = key.columns().indexOf(column.number());
        // Of a longer key, what the referenced table's own schema says of the column.
        least =
            Math.min(
                least,
                key.columns().size() == 1 || other.oid() == table.oid()
                    ? others
                    : guess(
                        other, other.columnNumbered(key.referenced().get(place)), names, others));
      }
    }
    if (least < Double.MAX_VALUE) {
      return least;
    }
    if (column.typeOid() == Types.BOOL.oid()) {
      return 2;
    }
    if (column.typeOid() == Types.DATE.oid()) {
      return DATES;
    }
    IndexDescriptor primary = table.primaryKey();
    if (primary != null && primary.keyColumns().contains(column.number())) {
      // All columns of the key together tell every row apart: each does a root's part of it.
      return Math.pow(rows, 1.0 / primary.keyColumns().size());
    }
    return UNKNOWN;
  }

  private static boolean isAlone(IndexDescriptor index, Column column) {
    return index != null && index.isPlain() && index.keyColumns().equals(List.of(column.number()));
  }
}
