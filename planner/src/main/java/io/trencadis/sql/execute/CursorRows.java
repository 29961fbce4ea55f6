package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;

/// The rows that a session's cursors stand on, for WHERE CURRENT OF. Confined to the session.
@FunctionalInterface
public interface CursorRows {
  /// Where a cursor stands in a table.
  ///
  /// @param table what the statement calls the table
  /// @throws SqlException 34000 where there is no such cursor, 24000 where it stands on no row, or
  ///   its rows are not such of the table
  RowLocator current(String cursor, int tableOid, String table);
}
