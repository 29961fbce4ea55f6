package io.trencadis.sql.functions;

/// The functions and procedures of users as one session sees them. Called on the session's thread.
public interface RoutineScope {
  /// The user's routine with this oid, or null.
  ProcInfo routine(int oid);
}
