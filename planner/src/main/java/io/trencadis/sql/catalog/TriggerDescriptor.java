package io.trencadis.sql.catalog;

import java.util.List;

/// A trigger of a table or view.
///
/// @param timing b BEFORE, a AFTER, i INSTEAD OF
/// @param row whether it fires for each row, or once for a statement
/// @param columns numbers of the columns of UPDATE OF; empty for any
/// @param whenText source of the condition, or null
/// @param constraint whether it is a constraint trigger
/// @param referencedOid the table of FROM, or 0
/// @param oldTable name of the transition table of old rows, or null
/// @param enabled O, D, R or A, as in `pg_trigger.tgenabled`
public record TriggerDescriptor(
    int oid,
    int databaseOid,
    int tableOid,
    String name,
    int routineOid,
    char timing,
    boolean row,
    boolean onInsert,
    boolean onUpdate,
    boolean onDelete,
    boolean onTruncate,
    List<Integer> columns,
    String whenText,
    boolean constraint,
    int constraintOid,
    int referencedOid,
    boolean deferrable,
    boolean deferred,
    String oldTable,
    String newTable,
    List<String> arguments,
    char enabled)
    implements Descriptor {
  /// Whether it reads the rows that the statement has changed.
  public boolean hasTransitions() {
    return oldTable != null || newTable != null;
  }

  public TriggerDescriptor renamed(String newName) {
    return with(newName, whenText, enabled);
  }

  public TriggerDescriptor withWhen(String newText) {
    return with(name, newText, enabled);
  }

  public TriggerDescriptor enabled(char state) {
    return with(name, whenText, state);
  }

  private TriggerDescriptor with(String newName, String newWhen, char state) {
    return new TriggerDescriptor(
        oid,
        databaseOid,
        tableOid,
        newName,
        routineOid,
        timing,
        row,
        onInsert,
        onUpdate,
        onDelete,
        onTruncate,
        columns,
        newWhen,
        constraint,
        constraintOid,
        referencedOid,
        deferrable,
        deferred,
        oldTable,
        newTable,
        arguments,
        state);
  }
}
