package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.ErrorFields;
import io.trencadis.sql.catalog.TableDescriptor;

/// Checks that what a row refers to is there. Immutable and thread-safe.
public final class ForeignKeyCheck {
  private final Identity identity;
  private final ForeignKeys.Columns columns;
  private final boolean full;
  private final Eval[] converted;
  private final ReferencedKey referenced;
  private final ReferencingRows rows;

  /// What a constraint is called, and when it is checked.
  public record Identity(int oid, String name, boolean deferrable, boolean deferred) {}

  /// @param columns of the referencing table
  /// @param full MATCH FULL: all columns are null, or none
  /// @param converted over a row of the table: the key as values of the referenced columns
  /// @param rows finds out at the transaction's end whether the reference is still there; null
  ///   where the constraint is not deferrable
  public ForeignKeyCheck(
      Identity identity,
      ForeignKeys.Columns columns,
      boolean full,
      Eval[] converted,
      ReferencedKey referenced,
      ReferencingRows rows) {
    this.identity = identity;
    this.columns = columns;
    this.full = full;
    this.converted = converted;
    this.referenced = referenced;
    this.rows = rows;
  }

  Identity identity() {
    return identity;
  }

  ForeignKeys.Columns columns() {
    return columns;
  }

  /// Whether the row refers to anything.
  ///
  /// @throws SqlException 23503 where MATCH FULL forbids its nulls
  boolean applies(Object[] row, Execution x) {
    Object[] key = columns.of(row);
    if (!ForeignKeys.anyNull(key)) {
      return true;
    }
    if (full) {
      for (Object value : key) {
        if (value != null) {
          throw violation("MATCH FULL does not allow mixing of null and nonnull key values.");
        }
      }
    }
    return false;
  }

  /// For a row that refers to something: makes sure it is there, and stays.
  ///
  /// @throws SqlException 23503
  public void check(Object[] row, Execution x) {
    if (!holds(row, x)) {
      throw missing(row, x);
    }
  }

  /// As [#check], for a row that may not be there any more.
  void checkAtEnd(Object[] row, Execution x) {
    if (!holds(row, x) && rows.any(RowNodes.evaluate(converted, row, x), x)) {
      throw missing(row, x);
    }
  }

  /// Checks a row whatever it refers to: for rows that were there before the constraint.
  public void checkAny(Object[] row, Execution x) {
    if (applies(row, x)) {
      check(row, x);
    }
  }

  /// What a row refers to that is not there, as in `Key (a)=(1)`; null if it is, or nothing is
  /// referred to.
  public String lost(Object[] row, Execution x) {
    return applies(row, x) && !holds(row, x) ? described(row, x) : null;
  }

  private String described(Object[] row, Execution x) {
    return "Key " + columns.describe(columns.of(row), x);
  }

  private boolean holds(Object[] row, Execution x) {
    Object[] key;
    try {
      key = RowNodes.evaluate(converted, row, x);
    } catch (SqlException e) {
      if (e.state() == SqlState.NUMERIC_VALUE_OUT_OF_RANGE) {
        // No value of the referenced type equals this one.
        return false;
      }
      throw e;
    }
    return referenced.holds(key, x);
  }

  private SqlException missing(Object[] row, Execution x) {
    return violation(
        described(row, x) + " is not present in table \"" + referenced.tableName() + "\".");
  }

  private SqlException violation(String detail) {
    TableDescriptor table = columns.table().descriptor();
    return ErrorFields.about(
        table,
        identity.name,
        new SqlException(
                SqlState.FOREIGN_KEY_VIOLATION,
                "insert or update on table \""
                    + table.name()
                    + "\" violates foreign key constraint \""
                    + identity.name
                    + "\"")
            .detail(detail));
  }
}
