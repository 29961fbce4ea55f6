package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;

/// Names that no column may have. Stateless.
final class SystemNames {
  private SystemNames() {}

  static SqlException taken(String name) {
    return new SqlException(
        SqlState.DUPLICATE_COLUMN,
        "column name \"" + name + "\" conflicts with a system column name");
  }
}
