package io.trencadis.sharding;

/// Which shard holds which part of a relation. Immutable.
///
/// A row's place is decided by the encoded bytes of its partition columns, as `KeyWriter` writes
/// them: without the relation id, so that relations partitioned alike put rows with equal partition
/// columns on the same shard.
public sealed interface Placement
    permits HashPlacement, RangePlacement, ReplicatedPlacement, SingleShard {
  int[] NONE = {};

  /// The shard of a row.
  ///
  /// @param bytes holds the encoded partition columns
  int shardOf(byte[] bytes, int offset, int length);

  /// The shard of a row.
  default int shardOf(byte[] partitionColumns) {
    return shardOf(partitionColumns, 0, partitionColumns.length);
  }

  /// The shards that may hold rows whose encoded partition columns lie in `[from, to)`; null is
  /// unbounded. Ascending.
  int[] shardsOf(byte[] from, byte[] to);

  /// All shards that hold some part. Ascending, without repetition.
  int[] shards();

  /// All shards that have rows, be they copies of those of other shards. Ascending, without
  /// repetition.
  default int[] holders() {
    return shards();
  }

  /// The shards that have only copies. Ascending, without repetition.
  default int[] copies() {
    return NONE;
  }
}
