package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ColumnStatistics;
import io.trencadis.sql.catalog.StatisticsDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.Types;
import java.util.List;

/// What ANALYZE found: `pg_statistic` and `pg_stats`.
final class ColumnStatisticsViews {
  private ColumnStatisticsViews() {}

  static void register(Registration to) {
    to.current(
        "pg_statistic",
        (rows, reading) ->
            each(
                reading,
                (table, column, found) ->
                    rows.add()
                        .set("starelid", table.oid())
                        .set("staattnum", column.number())
                        .set("stainherit", false)
                        .set("stanullfrac", (float) found.nullPart())
                        .set("stawidth", found.width())
                        .set("stadistinct", (float) found.distinct())));
    to.current(
        "pg_stats",
        (rows, reading) ->
            each(
                reading,
                (table, column, found) ->
                    rows.add()
                        .set("schemaname", reading.schemaName(table.schemaOid()))
                        .set("tablename", table.name())
                        .set("attname", column.name())
                        .set("inherited", false)
                        .set("null_frac", (float) found.nullPart())
                        .set("avg_width", found.width())
                        .set("n_distinct", (float) found.distinct())
                        .set("most_common_vals", texts(found.common()))
                        .set("most_common_freqs", parts(found.commonParts()))
                        .set("histogram_bounds", texts(found.bounds()))));
  }

  @FunctionalInterface
  private interface Visitor {
    void visit(TableDescriptor table, Column column, ColumnStatistics found);
  }

  private static void each(Reading reading, Visitor visitor) {
    for (StatisticsDescriptor known :
        reading.catalog().all(StatisticsDescriptor.class, reading.databaseOid())) {
      if (!(reading.catalog().byOid(known.objectOid()) instanceof TableDescriptor table)) {
        continue;
      }
      for (Column column : table.liveColumns()) {
        ColumnStatistics found = known.columnNumbered(column.number());
        if (found != null) {
          visitor.visit(table, column, found);
        }
      }
    }
  }

  private static SqlArray texts(List<String> values) {
    return values.isEmpty() ? null : SqlArray.of(Types.TEXT, values.toArray());
  }

  private static SqlArray parts(List<Double> values) {
    return values.isEmpty()
        ? null
        : SqlArray.of(Types.FLOAT4, values.stream().map(Double::floatValue).toArray());
  }
}
