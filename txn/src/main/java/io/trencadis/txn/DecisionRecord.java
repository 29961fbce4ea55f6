package io.trencadis.txn;

/// That a transaction committed, and when. Once this is in the log, the transaction has happened.
///
/// @param txn the transaction's id
/// @param commitTs its commit timestamp
/// @param shardsWritten the shards at which its writes are marked, ascending
public record DecisionRecord(long txn, long commitTs, int[] shardsWritten) {}
