package io.trencadis.sql.catalog;

import java.util.List;

/// A FOREIGN KEY constraint of a table.
///
/// @param columns numbers of the referencing columns
/// @param tableOid the referenced table
/// @param referenced numbers of that table's columns, in the order of `columns`
/// @param indexOid the referenced table's unique index that the columns match
/// @param match 's' simple or 'f' full
/// @param onDelete what becomes of rows that refer to a deleted one: 'a' no action, 'r' restrict,
///   'c' cascade, 'n' set null, 'd' set default
/// @param onDeleteColumns numbers of the columns that SET NULL and SET DEFAULT set; empty for all
/// @param onUpdate the same for a changed key
/// @param validated whether the rows that were there when it was added are known to hold it
public record ForeignKey(
    int oid,
    String name,
    List<Integer> columns,
    int tableOid,
    List<Integer> referenced,
    int indexOid,
    char match,
    char onDelete,
    List<Integer> onDeleteColumns,
    char onUpdate,
    boolean deferrable,
    boolean deferred,
    boolean validated) {
  /// The same of a partition, whose columns have other numbers.
  ForeignKey of(int newOid, List<Integer> newColumns, List<Integer> newOnDeleteColumns) {
    return new ForeignKey(
        newOid,
        name,
        newColumns,
        tableOid,
        referenced,
        indexOid,
        match,
        onDelete,
        newOnDeleteColumns,
        onUpdate,
        deferrable,
        deferred,
        validated);
  }

  /// The same as another constraint.
  public ForeignKey withOid(int newOid) {
    return of(newOid, columns, onDeleteColumns);
  }

  public ForeignKey withName(String newName) {
    return new ForeignKey(
        oid,
        newName,
        columns,
        tableOid,
        referenced,
        indexOid,
        match,
        onDelete,
        onDeleteColumns,
        onUpdate,
        deferrable,
        deferred,
        validated);
  }

  public ForeignKey withValidated() {
    return new ForeignKey(
        oid,
        name,
        columns,
        tableOid,
        referenced,
        indexOid,
        match,
        onDelete,
        onDeleteColumns,
        onUpdate,
        deferrable,
        deferred,
        true);
  }

  public ForeignKey withDeferral(boolean newDeferrable, boolean newDeferred) {
    return new ForeignKey(
        oid,
        name,
        columns,
        tableOid,
        referenced,
        indexOid,
        match,
        onDelete,
        onDeleteColumns,
        onUpdate,
        newDeferrable,
        newDeferred,
        validated);
  }
}
