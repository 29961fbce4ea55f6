package io.trencadis.sql.plpgsql;

import io.trencadis.base.SqlException;
import io.trencadis.sql.analyze.Variables;
import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.types.PgType;
import java.util.List;

/// What a body asks of the session that runs it. Confined to the session's thread.
public interface Engine {
  /// A piece of SQL that plans may be kept with.
  interface Text {
    String text();

    /// What the engine has kept, or null.
    Object kept();

    void keep(Object made);
  }

  /// A value and its type.
  record Value(Object value, PgType type) {}

  /// A column of an answer.
  record Column(String name, PgType type, int typmod) {}

  /// What a statement has done.
  ///
  /// @param columns null where it gives no rows
  /// @param count rows returned or changed
  /// @param changes whether it was a change with or without RETURNING
  record Answer(List<Column> columns, List<Object[]> rows, long count, boolean changes) {}

  /// A type as a declaration names it.
  record Type(PgType type, int typmod) {}

  /// What a type's name means now.
  Type type(TypeName name);

  /// Runs a statement.
  ///
  /// @param values of the variables' parameters
  /// @param most rows that are of interest; negative for all
  Answer run(Text sql, Variables variables, Object[] values, long most);

  /// Runs a text that was put together, with values for `$1`, ….
  Answer runDynamic(String text, List<PgType> types, Object[] values, long most);

  /// Runs CALL, and returns the values of the output arguments; null where there are none.
  ///
  /// @param outputs is given what was written in their places
  Value[] call(Text sql, Variables variables, Object[] values, List<List<String>> outputs);

  /// The value as one of the type.
  Object cast(Object value, PgType from, PgType to, int typmod);

  /// The value as text.
  String text(Object value, PgType type);

  /// Sends a notice.
  void notice(String level, String state, String message, String detail, String hint);

  /// A point to go back to.
  Object savepoint();

  /// Goes back to it and forgets it.
  void rollbackTo(Object point);

  /// Keeps what was done since.
  void release(Object point);

  /// COMMIT or ROLLBACK.
  ///
  /// @throws SqlException 2D000 where that is not allowed
  void end(boolean commits, boolean chain);

  /// Opens a cursor.
  ///
  /// @param name null for one that the engine chooses
  /// @return its name
  String open(String name, Text sql, Variables variables, Object[] values);

  /// The same for a text that was put together.
  String openDynamic(String name, String text, List<PgType> types, Object[] values);

  /// Rows of a cursor.
  Answer fetch(String cursor, String direction, Long count, boolean move);

  void close(String cursor);

  /// Returns at once unless the statement was cancelled.
  void check();

  /// Whether `plpgsql.check_asserts` is on.
  boolean asserts();
}
