package io.trencadis.txn;

/// What of a transaction goes into the log of a node.
public sealed interface TxnRecord permits DecisionRecord, HeldRecord, RollbackRecord {
  /// The transaction's id.
  long txn();
}
