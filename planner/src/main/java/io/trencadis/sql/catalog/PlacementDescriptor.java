package io.trencadis.sql.catalog;

import java.util.List;

/// Where the rows of a relation are.
public sealed interface PlacementDescriptor {
  /// Rows are spread by a hash of some columns' encoded bytes.
  ///
  /// @param columns numbers of the columns that are hashed; empty means the hidden row id
  /// @param bucketShards the shard of each hash partition
  record Hash(List<Integer> columns, List<Integer> bucketShards) implements PlacementDescriptor {}

  /// Rows are spread by ranges of some columns.
  ///
  /// @param columns numbers of the columns that are compared
  /// @param splits the encoded first key of each range but the first, in hexadecimal, ascending
  /// @param splitTexts the same as the user wrote them, for display
  /// @param shards the shard of each range; one more than there are splits
  record Range(
      List<Integer> columns, List<String> splits, List<String> splitTexts, List<Integer> shards)
      implements PlacementDescriptor {}

  /// All rows are in one shard.
  record Single(int shard) implements PlacementDescriptor {}

  /// All rows are in one shard, and copies of them in all others.
  ///
  /// @param home the shard whose rows count
  /// @param shards how many shards there are
  record Replicated(int home, int shards) implements PlacementDescriptor {}
}
