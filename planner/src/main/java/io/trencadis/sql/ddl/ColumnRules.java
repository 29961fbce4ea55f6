package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ErrorFields;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;

/// What changes of columns have to respect.
final class ColumnRules {
  private ColumnRules() {}

  static void requirePlain(TableDescriptor table, Column column, String hint) {
    if (column.generated()) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR,
              "column \""
                  + column.name()
                  + "\" of relation \""
                  + table.name()
                  + "\" is a generated column")
          .hint(hint);
    }
  }

  /// Whether every value of the column is one of the type as it stands: the type is the same, and
  /// as wide or wider.
  static boolean widens(Column column, Names.TypeReference type) {
    PgType to = type.type();
    return column.typeOid() == to.oid()
        && (column.typmod() == type.typmod()
            || type.typmod() == -1
            || (to == Types.VARCHAR && column.typmod() >= 0 && column.typmod() < type.typmod()));
  }

  static void requireNotNull(Object value, Column column, TableDescriptor table) {
    if (value == null && column.notNull()) {
      throw containsNulls(column, table);
    }
  }

  static SqlException containsNulls(Column column, TableDescriptor table) {
    return ErrorFields.about(
        table,
        column,
        new SqlException(
            SqlState.NOT_NULL_VIOLATION,
            "column \""
                + column.name()
                + "\" of relation \""
                + table.name()
                + "\" contains null values"));
  }
}
