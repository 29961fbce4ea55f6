package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;
import java.util.List;

/// A relation of `pg_catalog` or `information_schema` whose rows are computed when it is read, out
/// of the catalog and the session's state. Stateless; thread-safe.
public interface SystemView {
  /// A column of a system view.
  record ViewColumn(String name, PgType type, boolean notNull) {}

  /// `pg_catalog` or `information_schema`.
  String schema();

  String name();

  /// The oid it has in PostgreSQL, so that `'pg_class'::regclass` means the same.
  int oid();

  /// `r` where PostgreSQL has a table, `v` where it has a view.
  char kind();

  List<ViewColumn> columns();

  /// Whether rows end with one more value, the oid of the relation, which is the column `tableoid`
  /// and not one of [#columns].
  default boolean hasTableOid() {
    return false;
  }

  /// The rows as of now, each with a value for every column.
  Iterable<Object[]> rows(EvalContext cx);
}
