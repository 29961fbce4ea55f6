package io.trencadis.sql.plpgsql;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.util.List;

/// Puts rows into records and lists of variables.
final class Rows {
  private final Interpreter run;
  private final Values values;

  Rows(Interpreter run, Values values) {
    this.run = run;
    this.values = values;
  }

  /// INTO.
  ///
  /// @param oneOnly whether there may be no second row, but none at all
  /// @param dynamic whether it is EXECUTE's, which gives no advice
  void into(
      List<Pl.Target> targets,
      Engine.Answer answer,
      boolean strict,
      boolean oneOnly,
      boolean dynamic) {
    if (strict && answer.rows().size() > 1) {
      throw new SqlException(SqlState.TOO_MANY_ROWS, "query returned more than one row")
          .hint(dynamic ? null : "Make sure the query returns a single row, or use LIMIT 1.");
    }
    if (strict && !oneOnly && answer.rows().isEmpty()) {
      throw new SqlException(SqlState.NO_DATA_FOUND, "query returned no rows");
    }
    if (answer.columns() == null) {
      throw new SqlException(
          SqlState.SYNTAX_ERROR, "INTO used with a command that cannot return data");
    }
    if (answer.rows().isEmpty()) {
      none(targets, answer.columns());
    } else {
      put(targets, answer.columns(), answer.rows().getFirst());
    }
  }

  /// There is no row: everything becomes null.
  void none(List<Pl.Target> targets, List<Engine.Column> columns) {
    put(targets, columns, new Object[columns.size()]);
  }

  private boolean whole(Pl.Target target) {
    return target.path().isEmpty() && values.isRow(target.datum());
  }

  void put(List<Pl.Target> targets, List<Engine.Column> columns, Object[] row) {
    Pl.Target first = targets.getFirst();
    if (targets.size() == 1 && whole(first)) {
      values.assign(first.datum(), asRow(first.datum(), columns, row), Types.RECORD);
      return;
    }
    for (int i = 0; i < targets.size(); i++) {
      boolean there = i < columns.size();
      values.assign(
          targets.get(i),
          there ? row[i] : null,
          there ? columns.get(i).type() : Types.TEXT,
          run::integer);
    }
  }

  /// The columns as a row; a lone column that is a row itself is that.
  private SqlRow asRow(int datum, List<Engine.Column> columns, Object[] row) {
    boolean single =
        columns.size() == 1
            && row[0] instanceof SqlRow
            && !values.isRecord(datum)
            && values.type(datum).baseType().fieldTypes().size() != 1;
    if (single) {
      return (SqlRow) row[0];
    }
    return new SqlRow(
        columns.stream()
            .map(column -> column.type() == Types.UNKNOWN ? Types.TEXT : column.type())
            .toArray(PgType[]::new),
        row,
        columns.stream().map(Engine.Column::name).toList());
  }
}
