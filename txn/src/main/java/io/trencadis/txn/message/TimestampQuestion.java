package io.trencadis.txn.message;

/// A shard asks a prepared transaction's coordinator for its timestamp, for somebody who reads or
/// validates there.
///
/// @param about the prepared transaction
/// @param attempt which of its attempts to commit is meant
/// @param askerTs the timestamp of the one who needs to know
public record TimestampQuestion(long about, int attempt, long askerTs) {}
