package io.trencadis.sql.functions;

import java.util.Collection;

/// The relations of `pg_catalog` and `information_schema`. Thread-safe.
public interface SystemViews {
  /// The view of that name, or null.
  SystemView find(String schema, String name);

  /// The view with that oid, or null.
  SystemView byOid(int oid);

  Collection<SystemView> all();
}
