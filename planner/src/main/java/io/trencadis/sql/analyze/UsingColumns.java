package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.List;

/// The columns that USING and NATURAL join by.
final class UsingColumns {
  private UsingColumns() {}

  /// The column of that name on one side of a join.
  ///
  /// @param side left or right
  /// @throws SqlException 42702 if there are several, 42703 if there is none
  static Scope.Column single(List<Scope.Column> columns, String name, String side, int pos) {
    Scope.Column found = null;
    for (Scope.Column column : columns) {
      if (column.name().equals(name)) {
        if (found != null) {
          throw new SqlException(
                  SqlState.AMBIGUOUS_COLUMN,
                  "common column name \""
                      + name
                      + "\" appears more than once in "
                      + side
                      + " table")
              .at(pos);
        }
        found = column;
      }
    }
    if (found == null) {
      throw new SqlException(
              SqlState.UNDEFINED_COLUMN,
              "column \""
                  + name
                  + "\" specified in USING clause does not exist in "
                  + side
                  + " table")
          .at(pos);
    }
    return found;
  }
}
