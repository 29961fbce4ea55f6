/// The base tree: the newest flushed version of every key, in key order and on disk. Start at
/// [BaseTree]; [LmdbTree] is the real one, [MemoryTree] its twin for simulator and model tests.
///
/// One write transaction at a time covers all shards and the metadata, and is durable when it
/// returns. Readers take copies in batches and hold nothing in between. `docs/storage-format.md`
/// has the bytes. Nothing here knows of memtables, logs or horizons; LMDB ends here.
package io.trencadis.storage.tree;
