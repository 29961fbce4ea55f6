package io.trencadis.sharding;

/// What a transaction touched and how it was committed, for EXPLAIN and for tests.
///
/// @param shardsWritten shards with writes, ascending
/// @param shardsRead shards with reads, ascending; a shard that returned no row was read
/// @param phases 0 for a commit without writes, 1 for a collapsed commit, 2 with prepare records
/// @param records log records written by the commit
/// @param readTimestamp the snapshot it committed with; 0 if it took none
/// @param commitTimestamp its place in the order; the snapshot's if nothing was written, 0 before
///   commit
public record CommitReport(
    int[] shardsWritten,
    int[] shardsRead,
    int phases,
    int records,
    long readTimestamp,
    long commitTimestamp) {}
