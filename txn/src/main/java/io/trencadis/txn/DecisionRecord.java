package io.trencadis.txn;

import io.trencadis.storage.Write;
import io.trencadis.storage.run.Run;
import java.util.Collection;
import java.util.List;

/// That a transaction committed, when, and all that it wrote: with the shards of one unreplicated
/// node the decision is one record, and nothing else of the transaction is ever logged (rule 3),
/// unless it was prepared by name. Once this is in the log, the transaction has happened.
///
/// @param txn the transaction's id
/// @param commitTs its commit timestamp
/// @param writes what is marked at each shard written, ascending by shard
public record DecisionRecord(long txn, long commitTs, List<ShardWrites> writes)
    implements TxnRecord {
  /// @param writes in key order; they do not change any more
  /// @param runs what a large transaction has written besides, oldest first, and durable
  public record ShardWrites(int shard, Collection<? extends Write> writes, List<Run> runs) {}
}
