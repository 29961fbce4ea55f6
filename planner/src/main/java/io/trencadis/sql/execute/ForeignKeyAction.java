package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.ErrorFields;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RowLock;

/// What becomes of the rows that refer to a row which is deleted or gets another key. Immutable and
/// thread-safe.
public final class ForeignKeyAction {
  private final ForeignKeyCheck.Identity identity;
  private final ForeignKeys.Columns columns;
  private final Kind onDelete;
  private final Kind onUpdate;
  private final ReferencedKey referenced;
  private final ReferencingRows rows;
  private final WriteTarget target;
  private final int[] places;
  private final boolean[] setOnDelete;

  /// The actions that a foreign key can ask for.
  public enum Kind {
    NO_ACTION,
    RESTRICT,
    CASCADE,
    SET_NULL,
    SET_DEFAULT;

    /// By the letter in the catalog.
    public static Kind of(char letter) {
      return switch (letter) {
        case 'r' -> RESTRICT;
        case 'c' -> CASCADE;
        case 'n' -> SET_NULL;
        case 'd' -> SET_DEFAULT;
        default -> NO_ACTION;
      };
    }

    /// Whether referencing rows are changed rather than looked for.
    public boolean changes() {
      return this != NO_ACTION && this != RESTRICT;
    }
  }

  /// @param columns of the referenced table
  /// @param target writes the referencing table; null where neither action changes it
  /// @param places of the referencing columns in a row of that table
  /// @param setOnDelete by referencing column: whether ON DELETE SET NULL or SET DEFAULT sets it
  public ForeignKeyAction(
      ForeignKeyCheck.Identity identity,
      ForeignKeys.Columns columns,
      Kind onDelete,
      Kind onUpdate,
      ReferencedKey referenced,
      ReferencingRows rows,
      WriteTarget target,
      int[] places,
      boolean[] setOnDelete) {
    this.identity = identity;
    this.columns = columns;
    this.onDelete = onDelete;
    this.onUpdate = onUpdate;
    this.referenced = referenced;
    this.rows = rows;
    this.target = target;
    this.places = places;
    this.setOnDelete = setOnDelete;
  }

  ForeignKeyCheck.Identity identity() {
    return identity;
  }

  ForeignKeys.Columns columns() {
    return columns;
  }

  /// Whether the action may wait for the transaction's end: those that look for rows only.
  boolean deferrable(boolean update) {
    return identity.deferrable() && (update ? onUpdate : onDelete) == Kind.NO_ACTION;
  }

  /// @param key that no row has any more, without nulls
  /// @param after the key that took its place; null for a deleted row
  void run(Object[] key, Object[] after, Execution x) {
    Kind kind = after == null ? onDelete : onUpdate;
    switch (kind) {
      case NO_ACTION -> {
        if (!referenced.holds(key, x)) {
          requireNone(key, x);
        }
      }
      case RESTRICT -> requireNone(key, x);
      case CASCADE, SET_NULL, SET_DEFAULT -> {
        change(kind, key, after, x);
        if (kind == Kind.SET_DEFAULT && !referenced.holds(key, x)) {
          // A row whose default is the very key that went away has not changed.
          requireNone(key, x);
        }
      }
    }
  }

  private void requireNone(Object[] key, Execution x) {
    if (rows.any(key, x)) {
      throw ErrorFields.about(
          rows.table(),
          identity.name(),
          new SqlException(
                  SqlState.FOREIGN_KEY_VIOLATION,
                  "update or delete on table \""
                      + columns.table().descriptor().name()
                      + "\" violates foreign key constraint \""
                      + identity.name()
                      + "\" on table \""
                      + rows.table().name()
                      + "\"")
              .detail(
                  "Key "
                      + columns.describe(key, x)
                      + " is still referenced from table \""
                      + rows.table().name()
                      + "\"."));
    }
  }

  private void change(Kind kind, Object[] key, Object[] after, Execution x) {
    Execution own = rows.execution(key, after, x);
    WriteTarget.Session session = target.open(own);
    session.begin(kind == Kind.CASCADE && after == null ? "D" : "U");
    try (RowSource found = rows.open(own)) {
      for (Object[] row = found.next(); row != null; row = found.next()) {
        own.checkInterrupts();
        RowLocator locator = locked((RowLocator) row[row.length - 1], own);
        if (locator == null) {
          continue;
        }
        Object[] now = target.rowOf(locator);
        if (!rows.matches(now, own)) {
          continue;
        }
        if (kind == Kind.CASCADE && after == null) {
          session.delete(locator);
        } else {
          session.update(locator, session.complete(changed(kind, now, after == null, own)));
        }
      }
    }
    session.finish();
  }

  /// The row's newest version under an exclusive lock; null where it is gone.
  private static RowLocator locked(RowLocator row, Execution x) {
    byte[] now =
        x.transaction()
            .lockAndGetNewest(
                row.shard(), row.table().relation(), row.key(), RowLock.UPDATE, LockWait.WAIT);
    return now == null ? null : new RowLocator(row.table(), row.shard(), row.key(), now, true);
  }

  private Object[] changed(Kind kind, Object[] row, boolean deleted, Execution own) {
    Object[] out = row.clone();
    Object[] values =
        switch (kind) {
          case CASCADE -> rows.cascaded(own);
          case SET_DEFAULT -> rows.defaults(own);
          default -> new Object[places.length];
        };
    for (int i = 0; i < places.length; i++) {
      if (!deleted || setOnDelete[i]) {
        out[places[i]] = values[i];
      }
    }
    return out;
  }
}
