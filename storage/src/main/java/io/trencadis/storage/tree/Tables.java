package io.trencadis.storage.tree;

import java.nio.ByteBuffer;
import java.util.List;
import org.lmdbjava.Dbi;

/// The named databases of the environment.
///
/// @param shards versions by key, one table a shard
/// @param continuations the rest of long keys
/// @param deletions deletions by commit timestamp, to be forgotten
/// @param meta metadata by name
record Tables(
    List<Dbi<ByteBuffer>> shards,
    Dbi<ByteBuffer> continuations,
    Dbi<ByteBuffer> deletions,
    Dbi<ByteBuffer> meta) {
  Tables {
    shards = List.copyOf(shards);
  }
}
