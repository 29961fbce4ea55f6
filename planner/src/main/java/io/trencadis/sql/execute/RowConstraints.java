package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.ErrorFields;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.types.TypeContext;
import java.util.List;

/// NOT NULL, CHECK and the partition bounds of one table. Immutable and thread-safe.
public final class RowConstraints {
  private final StoredTable table;
  private final List<Check> checks;
  private final Home home;
  private final int[] shown;

  /// A CHECK constraint over a row of live columns, or the condition of a view with CHECK OPTION,
  /// which has to be true.
  public record Check(String name, Eval condition, boolean ofView) {}

  /// Which rows belong into a partition that a statement writes to by its own name.
  ///
  /// @param router of the outermost partitioned table
  /// @param places by column of that table: its place in a row of this one
  /// @param leaf the number that the router has for this table
  /// @param named what the statement calls the partition
  public record Home(PartitionRouter router, int[] places, int leaf, TableDescriptor named) {
    boolean takes(Object[] row, Execution x) {
      Object[] seen = new Object[places.length];
      for (int i = 0; i < seen.length; i++) {
        seen[i] = row[places[i]];
      }
      return router.leafOf(seen, x) == leaf;
    }
  }

  /// @param home null where the statement names no partition
  /// @param shown the places of the columns that errors show, in their order: those of the table
  ///   that the statement names
  public RowConstraints(StoredTable table, List<Check> checks, Home home, int[] shown) {
    this.shown = shown.clone();
    this.table = table;
    this.checks = List.copyOf(checks);
    this.home = home;
  }

  /// @throws SqlException 23502 or 23514
  void check(Object[] row, Execution x) {
    for (int i = 0; i < table.width(); i++) {
      if (row[i] == null && table.column(i).notNull()) {
        throw ErrorFields.about(
            table.descriptor(),
            table.column(i),
            new SqlException(
                    SqlState.NOT_NULL_VIOLATION,
                    "null value in column \""
                        + table.column(i).name()
                        + "\" of relation \""
                        + table.descriptor().name()
                        + "\" violates not-null constraint")
                .detail("Failing row contains " + describe(row, x.cx()) + "."));
      }
    }
    for (Check check : checks) {
      if (check.ofView) {
        if (!check.condition.holds(row, x)) {
          throw new SqlException(
                  SqlState.WITH_CHECK_OPTION_VIOLATION,
                  "new row violates check option for view \"" + check.name + "\"")
              .detail("Failing row contains " + describe(row, x.cx()) + ".");
        }
        continue;
      }
      if (Boolean.FALSE.equals(check.condition.eval(row, x))) {
        throw ErrorFields.about(
            table.descriptor(),
            check.name,
            new SqlException(
                    SqlState.CHECK_VIOLATION,
                    "new row for relation \""
                        + table.descriptor().name()
                        + "\" violates check constraint \""
                        + check.name
                        + "\"")
                .detail("Failing row contains " + describe(row, x.cx()) + "."));
      }
    }
    if (home != null && !home.takes(row, x)) {
      throw ErrorFields.about(
          home.named,
          new SqlException(
                  SqlState.CHECK_VIOLATION,
                  "new row for relation \""
                      + home.named.name()
                      + "\" violates partition constraint")
              .detail("Failing row contains " + describe(row, x.cx()) + "."));
    }
  }

  /// The row as PostgreSQL shows it in errors: each value cut to 64 bytes.
  private String describe(Object[] row, TypeContext cx) {
    StringBuilder out = new StringBuilder("(");
    String comma = "";
    for (int i : shown) {
      String text = row[i] == null ? "null" : table.codec(i).format(row[i], cx);
      out.append(comma);
      comma = ", ";
      if (text.length() > 64) {
        out.append(text, 0, 64).append("...");
      } else {
        out.append(text);
      }
    }
    return out.append(')').toString();
  }
}
