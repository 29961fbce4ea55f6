package io.trencadis.sql.execute;

/// A check of a row against others that may wait for the end of the statement or transaction.
/// Confined to one thread.
interface RowCheck {
  ForeignKeyCheck.Identity identity();

  /// @throws io.trencadis.base.SqlException 23505 or 23P01
  void run(Execution x);
}
