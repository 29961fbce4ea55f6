package io.trencadis.storage.tree;

import io.trencadis.storage.lmdb.LmdbTable;
import java.util.List;

/// The named tables of the environment.
///
/// @param shards versions by key, one table a shard
/// @param continuations the rest of long keys
/// @param deletions deletions by commit timestamp, to be forgotten
/// @param meta metadata by name
record Tables(
    List<LmdbTable> shards, LmdbTable continuations, LmdbTable deletions, LmdbTable meta) {
  Tables {
    shards = List.copyOf(shards);
  }
}
