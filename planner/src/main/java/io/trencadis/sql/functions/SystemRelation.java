package io.trencadis.sql.functions;

import java.util.List;
import java.util.Set;

/// A table or view of `pg_catalog` or `information_schema`, as PostgreSQL describes it.
///
/// @param kind r table, v view
/// @param rowType oid of its row type
public record SystemRelation(
    int oid, String schema, String name, char kind, int rowType, List<Column> columns) {
  private static final Set<Integer> SHARED =
      Set.of(1213, 1214, 1260, 1261, 1262, 2396, 2964, 3592, 6000, 6100, 6243);

  /// Whether all databases share it.
  public static boolean isShared(int oid) {
    return SHARED.contains(oid);
  }

  /// A column, in the order of `attnum` from 1.
  public record Column(String name, int type, int typmod, boolean notNull) {}
}
