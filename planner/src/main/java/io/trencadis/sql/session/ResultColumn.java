package io.trencadis.sql.session;

import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.types.PgType;

/// A column of a result, with what RowDescription says of it.
///
/// @param tableOid the table that the column comes from unchanged, or 0
/// @param columnNumber its number there, or 0
/// @param collation of the values, null for the default one
public record ResultColumn(
    String name, PgType type, int typmod, int tableOid, int columnNumber, Collation collation) {
  public ResultColumn(String name, PgType type, int typmod, int tableOid, int columnNumber) {
    this(name, type, typmod, tableOid, columnNumber, null);
  }
}
