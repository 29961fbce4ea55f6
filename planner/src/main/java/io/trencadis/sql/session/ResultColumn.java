package io.trencadis.sql.session;

import io.trencadis.sql.types.PgType;

/// A column of a result, with what RowDescription says of it.
///
/// @param tableOid the table that the column comes from unchanged, or 0
/// @param columnNumber its number there, or 0
public record ResultColumn(String name, PgType type, int typmod, int tableOid, int columnNumber) {}
