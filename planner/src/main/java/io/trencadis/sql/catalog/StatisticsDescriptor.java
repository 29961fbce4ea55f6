package io.trencadis.sql.catalog;

import java.util.List;

/// What ANALYZE found of a table.
///
/// @param objectOid the table
/// @param rows how many there were
public record StatisticsDescriptor(
    int oid, int databaseOid, int objectOid, double rows, List<ColumnStatistics> columns)
    implements Annotation {
  private static final int RELATIONS = 1259;

  @Override
  public int classOid() {
    return RELATIONS;
  }

  @Override
  public int column() {
    return 0;
  }

  @Override
  public String name() {
    return "";
  }

  /// What is known of a table, or null.
  public static StatisticsDescriptor of(Catalog catalog, TableDescriptor table) {
    return catalog.annotation(
        StatisticsDescriptor.class, table.databaseOid(), RELATIONS, table.oid(), 0);
  }

  /// What is known of the column with that number, or null.
  public ColumnStatistics columnNumbered(int number) {
    for (ColumnStatistics each : columns) {
      if (each.column() == number) {
        return each;
      }
    }
    return null;
  }
}
