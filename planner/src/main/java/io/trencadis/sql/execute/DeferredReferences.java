package io.trencadis.sql.execute;

/// Checks of constraints that wait for the end of a transaction. Confined to one thread.
public interface DeferredReferences {
  /// A check that waits.
  @FunctionalInterface
  interface Waiting {
    /// @throws io.trencadis.base.SqlException 23503, 23505, or what a trigger raises
    void run(Execution x);
  }

  /// Whether a deferrable constraint is deferred now.
  boolean defers(ForeignKeyCheck.Identity constraint);

  void add(ForeignKeyCheck.Identity constraint, Waiting check);
}
