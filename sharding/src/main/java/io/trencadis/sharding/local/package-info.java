/// What keeps a node's data on its own disk: [LocalStore] puts the write-ahead log before the
/// shards' stores, recovers them at start and flushes them while the node runs; [DataDirectory] is
/// the directory and what may stand in it; [TimestampFile] keeps the oracle's bound; [CommitRecord]
/// is a decision as bytes.
///
/// `cli` opens it and gives it to [io.trencadis.sharding.Node]. Nothing here knows of SQL or
/// sockets, and nothing here is for replicated shards.
package io.trencadis.sharding.local;
