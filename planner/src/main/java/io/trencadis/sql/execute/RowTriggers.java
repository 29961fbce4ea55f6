package io.trencadis.sql.execute;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TriggerDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The triggers that a change of a table fires, those of the tables that it is a partition of
/// included. Immutable and thread-safe.
public final class RowTriggers {
  private final TableDescriptor table;
  private final List<TriggerDescriptor> triggers;

  private RowTriggers(TableDescriptor table, List<TriggerDescriptor> triggers) {
    this.table = table;
    this.triggers = triggers;
  }

  /// The triggers of a table; null where it has none.
  ///
  /// @param rows whether those that fire for each row are meant, or those of statements
  /// @param assigned names of the columns that an UPDATE assigns
  public static RowTriggers of(
      Catalog catalog, TableDescriptor table, boolean rows, Set<String> assigned) {
    List<TriggerDescriptor> found = new ArrayList<>();
    TableDescriptor at = table;
    while (at != null) {
      for (TriggerDescriptor trigger : catalog.triggersOf(at.oid())) {
        if (trigger.row() == rows && isOn(trigger) && concerns(trigger, at, assigned)) {
          found.add(trigger);
        }
      }
      at = rows && at.parentOid() != 0 ? catalog.table(at.parentOid()) : null;
    }
    if (found.isEmpty()) {
      return null;
    }
    found.sort(java.util.Comparator.comparing(TriggerDescriptor::name));
    return new RowTriggers(table, found);
  }

  private static boolean isOn(TriggerDescriptor trigger) {
    return trigger.enabled() == 'O' || trigger.enabled() == 'A';
  }

  /// Whether an UPDATE of these columns is one that the trigger is for, if any is.
  private static boolean concerns(
      TriggerDescriptor trigger, TableDescriptor table, Set<String> assigned) {
    if (trigger.columns().isEmpty() || trigger.onInsert() || trigger.onDelete()) {
      return true;
    }
    return trigger.columns().stream()
        .anyMatch(number -> assigned.contains(table.columnNumbered(number).name()));
  }

  private static boolean isFor(TriggerDescriptor trigger, char timing, char operation) {
    return trigger.timing() == timing
        && switch (operation) {
          case 'I' -> trigger.onInsert();
          case 'U' -> trigger.onUpdate();
          case 'D' -> trigger.onDelete();
          default -> trigger.onTruncate();
        };
  }

  /// Whether one fires at such a moment.
  ///
  /// @param timing b or a
  /// @param operation I, U or D
  boolean any(char timing, char operation) {
    for (TriggerDescriptor trigger : triggers) {
      if (isFor(trigger, timing, operation)) {
        return true;
      }
    }
    return false;
  }

  /// Fires those BEFORE a row's change.
  ///
  /// @return the row to go on with, or null where nothing is to be done
  Object[] before(char operation, Object[] old, Object[] row, Execution x) {
    return through('b', operation, old, row, x);
  }

  /// Fires those that do the change of a view's row, with the results of [#before].
  Object[] instead(char operation, Object[] old, Object[] row, Execution x) {
    return through('i', operation, old, row, x);
  }

  private Object[] through(char timing, char operation, Object[] old, Object[] row, Execution x) {
    Object[] now = operation == 'D' ? old : row;
    for (TriggerDescriptor trigger : triggers) {
      if (isFor(trigger, timing, operation)) {
        Object[] made =
            x.routines()
                .fire(trigger, table, operation, old, operation == 'D' ? null : now, null, x);
        if (made == null) {
          return null;
        }
        now = operation == 'D' ? old : made;
      }
    }
    return now;
  }

  /// Fires those AFTER a row's change, or leaves deferred ones for the end of the transaction.
  void after(char operation, Object[] old, Object[] row, TransitionRows transitions, Execution x) {
    for (TriggerDescriptor trigger : triggers) {
      if (!isFor(trigger, 'a', operation)) {
        continue;
      }
      ForeignKeyCheck.Identity identity =
          new ForeignKeyCheck.Identity(
              trigger.constraintOid(), trigger.name(), trigger.deferrable(), trigger.deferred());
      if (trigger.deferrable() && x.deferred() != null && x.deferred().defers(identity)) {
        x.deferred()
            .add(
                identity,
                later -> later.routines().fire(trigger, table, operation, old, row, null, later));
      } else {
        x.routines().fire(trigger, table, operation, old, row, transitions, x);
      }
    }
  }

  /// Whether one wants to read all rows that an operation has changed.
  boolean wantTransitions(char operation) {
    for (TriggerDescriptor trigger : triggers) {
      if (isFor(trigger, 'a', operation) && trigger.hasTransitions()) {
        return true;
      }
    }
    return false;
  }

  /// Fires those of a statement.
  ///
  /// @param transitions the rows that it has changed; null where none of them asks
  public void fire(char timing, char operation, TransitionRows transitions, Execution x) {
    for (TriggerDescriptor trigger : triggers) {
      if (isFor(trigger, timing, operation)) {
        x.routines().fire(trigger, table, operation, null, null, transitions, x);
      }
    }
  }
}
