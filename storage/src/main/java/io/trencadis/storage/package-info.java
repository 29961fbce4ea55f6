/// One shard's data: a multi-version ordered map from key bytes to row bytes. Start at
/// [ShardStore]; [Memtable] is the implementation in memory, and [Keys] what can be said of keys
/// without knowing types. The durable one is in `storage.levels`, over `storage.tree` and
/// `storage.history`, all of which may use this package.
///
/// A *version* is (key, commit timestamp, row bytes or deletion). Only committed versions come
/// here; what a transaction has not committed waits in `txn`. One thread at a time writes a store;
/// readers need no lock. Nothing here knows of transactions, SQL or sockets.
package io.trencadis.storage;
