package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;
import org.apache.calcite.rex.RexNode;

/// What an expression must be to be a partition key (PostgreSQL 15 manual, CREATE TABLE).
/// Stateless.
final class PartitionTerm {
  private PartitionTerm() {}

  /// @param columns numbers of those that it names
  /// @param part its number in the key, from 1
  static void require(
      RexNode node, PgType type, List<Integer> columns, TableDescriptor table, int part) {
    if (type == Types.UNKNOWN || type == Types.RECORD) {
      throw new SqlException(
          SqlState.INVALID_TABLE_DEFINITION,
          "partition key column " + part + " has pseudo-type " + type.displayName());
    }
    for (int number : columns) {
      Column column = table.columnNumbered(number);
      if (column.generated()) {
        throw generated(column);
      }
    }
    if (columns.isEmpty() && Immutability.of(node)) {
      throw invalid("cannot use constant expression as partition key");
    }
    if (!Immutability.of(node)) {
      throw invalid("functions in partition key expression must be marked IMMUTABLE");
    }
  }

  private static SqlException generated(Column column) {
    return invalid("cannot use generated column in partition key")
        .detail("Column \"" + column.name() + "\" is a generated column.");
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_OBJECT_DEFINITION, message);
  }
}
