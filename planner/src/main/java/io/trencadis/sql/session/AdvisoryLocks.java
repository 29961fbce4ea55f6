package io.trencadis.sql.session;

/// The advisory locks of a session, as the functions of PostgreSQL 15's manual, table 9.97, use
/// them. Confined to the session's thread.
public interface AdvisoryLocks {
  /// What one call wants.
  ///
  /// @param high upper half of a bigint, or the first of two ints
  /// @param low lower half, or the second
  /// @param pair whether they are two ints
  record Call(int high, int low, boolean pair, boolean shared) {}

  /// Locks.
  ///
  /// @param transaction whether until the end of the transaction rather than of the session
  /// @param wait whether to wait for it
  /// @return whether it is held now
  /// @throws io.trencadis.base.SqlException 40P01, 55P03 or 57014
  boolean lock(Call call, boolean transaction, boolean wait);

  /// Takes back one lock of the session; with a warning where there is none.
  ///
  /// @return whether there was one
  boolean unlock(Call call);

  void unlockAll();
}
