package io.trencadis.sql.analyze;

import io.trencadis.sql.types.PgType;
import java.util.List;

/// Names of values that a statement inside a function's body may use beside columns: arguments, and
/// the variables of PL/pgSQL. Confined to the session's thread.
public interface Variables {
  /// What counts where a name is both a column's and a variable's.
  enum Conflict {
    /// The column, as in functions of SQL.
    COLUMN,
    /// The variable.
    VARIABLE,
    /// Neither: it is an error.
    ERROR
  }

  /// What a name means.
  ///
  /// @param number of the parameter that has the value
  /// @param fields names of the fields of it that the rest of the name selects, outermost first
  record Reference(int number, List<String> fields) {}

  /// What a name of one or more parts means, or null.
  Reference find(List<String> parts);

  /// The type of the parameter with a number; of the type record where only its fields are known,
  /// with those fields. Null if there is none.
  PgType type(int number);

  Conflict conflict();
}
