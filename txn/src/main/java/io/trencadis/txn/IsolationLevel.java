package io.trencadis.txn;

/// How much a transaction is protected from others. READ UNCOMMITTED is READ COMMITTED, as in
/// PostgreSQL.
public enum IsolationLevel {
  /// A new snapshot for each statement; no read is checked at commit.
  READ_COMMITTED,
  /// One snapshot for the transaction; no read is checked at commit, so write skew is possible.
  REPEATABLE_READ,
  /// Strictly serializable: as if run alone at one moment between its begin and its end.
  SERIALIZABLE
}
