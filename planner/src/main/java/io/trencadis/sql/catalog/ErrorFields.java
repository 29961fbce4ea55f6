package io.trencadis.sql.catalog;

import io.trencadis.base.SqlException;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeScope;
import io.trencadis.sql.types.Types;

/// Says in an error which object it is about, for clients that read the fields instead of the text
/// (PostgreSQL 15 manual, 55.8: the fields s, t, c, d and n of an ErrorResponse).
public final class ErrorFields {
  private ErrorFields() {}

  /// Names a table and its schema. Returns the error.
  public static SqlException about(TableDescriptor table, SqlException error) {
    TypeScope scope = Types.scope();
    return error
        .with(
            SqlException.Field.SCHEMA_NAME,
            scope == null ? null : scope.schemaName(table.schemaOid()))
        .with(SqlException.Field.TABLE_NAME, table.name());
  }

  /// Names a table, its schema and one of its columns. Returns the error.
  public static SqlException about(TableDescriptor table, Column column, SqlException error) {
    return about(table, error).with(SqlException.Field.COLUMN_NAME, column.name());
  }

  /// Names a table, its schema and one of its constraints. Returns the error.
  public static SqlException about(TableDescriptor table, String constraint, SqlException error) {
    return about(table, error).with(SqlException.Field.CONSTRAINT_NAME, constraint);
  }

  /// Names a type and its schema. Returns the error.
  public static SqlException about(PgType type, SqlException error) {
    return error
        .with(SqlException.Field.SCHEMA_NAME, type.schema())
        .with(SqlException.Field.DATA_TYPE_NAME, type.name());
  }
}
