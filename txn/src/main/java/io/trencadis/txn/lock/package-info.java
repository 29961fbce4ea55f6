/// Locks on rows and relations of one shard, and who waits for whom. Start at [LockTable];
/// [WaitGraph] spans all shards of a node and finds deadlocks the moment they arise.
///
/// Locks keep writers from each other's keys. They order nothing between readers and writers: that
/// is done by timestamps and marks, in `participant`.
package io.trencadis.txn.lock;
