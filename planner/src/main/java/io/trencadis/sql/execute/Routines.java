package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TriggerDescriptor;
import io.trencadis.sql.functions.ResolvedCall;
import java.util.Iterator;

/// Runs the functions of users for expressions that call them. Confined to the session's thread.
public interface Routines {
  /// Where there is no session that could run them.
  Routines NONE =
      new Routines() {
        @Override
        public Object call(ResolvedCall call, Object[] args, Execution caller) {
          throw SqlException.notSupported("a user's function here");
        }

        @Override
        public Iterator<Object> open(ResolvedCall call, Object[] args, Execution caller) {
          throw SqlException.notSupported("a user's function here");
        }

        @Override
        public Object[] fire(
            TriggerDescriptor trigger,
            TableDescriptor table,
            char operation,
            Object[] old,
            Object[] row,
            TransitionRows transitions,
            Execution caller) {
          throw SqlException.notSupported("a trigger here");
        }
      };

  /// The value of a call. A strict function is not called with null: that is the caller's to see
  /// to.
  ///
  /// @param args of the types that the call says, a variadic array packed
  /// @param caller the run whose expression calls
  Object call(ResolvedCall call, Object[] args, Execution caller);

  /// The rows of a call of a function that returns a set: plain values, or
  /// [io.trencadis.sql.types.SqlRow]s where it has several columns.
  Iterator<Object> open(ResolvedCall call, Object[] args, Execution caller);

  /// Fires a trigger.
  ///
  /// @param table that is changed: a partition of the trigger's, or that itself
  /// @param operation I, U, D or T
  /// @param old the row before, or null; likewise `row` the row after
  /// @param transitions all rows that the statement has changed so; null where nobody asks
  /// @return the row to go on with; null where the trigger says to do nothing. Only looked at
  ///   BEFORE a row's change
  Object[] fire(
      TriggerDescriptor trigger,
      TableDescriptor table,
      char operation,
      Object[] old,
      Object[] row,
      TransitionRows transitions,
      Execution caller);
}
