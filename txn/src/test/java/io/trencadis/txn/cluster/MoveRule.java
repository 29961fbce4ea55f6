package io.trencadis.txn.cluster;

/// What a move of rows beside live traffic rests on
/// (`docs/decisions/0021-partitions-move-by-being-written-twice.md`), besides the shards' rules:
/// each can be taken out, to show that some seed finds it missing.
enum MoveRule {
  /// Who writes a row that is on its way writes it at both places, in one transaction.
  WRITTEN_TWICE,
  /// A row is copied as it is under a lock that keeps writers out.
  COPIED_UNDER_LOCK
}
