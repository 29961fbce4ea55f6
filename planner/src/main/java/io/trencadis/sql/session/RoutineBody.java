package io.trencadis.sql.session;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.functions.ResolvedCall;
import java.util.List;

/// The body of a routine for one list of argument types, ready to run. Confined to the session's
/// thread.
interface RoutineBody {
  /// Reads a body.
  ///
  /// @throws io.trencadis.base.SqlException what is wrong with it
  static RoutineBody of(LocalSession session, RoutineDescriptor routine, ResolvedCall call) {
    return routine.language().equals("plpgsql")
        ? PlBody.of(session, routine, call)
        : SqlRoutine.of(session, routine, call);
  }

  /// Whether the catalog has changed so that the body has to be read anew.
  boolean isStale(Catalog catalog);

  /// The value of a call.
  Object call(Object[] args, RoutineFrame frame);

  /// The rows of a call.
  List<Object> rows(Object[] args, RoutineFrame frame);
}
