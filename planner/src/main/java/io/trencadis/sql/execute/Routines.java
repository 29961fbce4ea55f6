package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
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
}
