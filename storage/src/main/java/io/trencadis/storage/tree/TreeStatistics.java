package io.trencadis.storage.tree;

import java.util.List;

/// Sizes of a tree. Page counts are 0 for a tree in memory.
///
/// @param fileBytes bytes of the file in use, free pages between included
/// @param mapBytes bytes the file may grow to before it is mapped anew
/// @param branchPages pages of keys only
/// @param leafPages pages of rows
/// @param overflowPages pages of rows too long for a leaf
/// @param depth levels of the deepest shard's tree
/// @param shardEntries keys by shard, deletions included; long keys with a common beginning of 510
///   bytes count once
/// @param shardBytes bytes of pages by shard; 0 for a tree in memory
public record TreeStatistics(
    long fileBytes,
    long mapBytes,
    long branchPages,
    long leafPages,
    long overflowPages,
    int depth,
    List<Long> shardEntries,
    List<Long> shardBytes) {
  public TreeStatistics {
    shardEntries = List.copyOf(shardEntries);
    shardBytes = List.copyOf(shardBytes);
  }
}
