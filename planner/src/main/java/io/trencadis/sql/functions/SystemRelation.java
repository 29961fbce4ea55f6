package io.trencadis.sql.functions;

import java.util.List;

/// A table or view of `pg_catalog` or `information_schema`, as PostgreSQL describes it.
///
/// @param kind r table, v view
/// @param rowType oid of its row type
public record SystemRelation(
    int oid, String schema, String name, char kind, int rowType, List<Column> columns) {
  /// A column, in the order of `attnum` from 1.
  public record Column(String name, int type, int typmod, boolean notNull) {}
}
