/// Transactions over shards: the words that every layer above uses ([IsolationLevel], [RowLock],
/// [RelationLock], [LockWait], [RelationRef], [Mutation]) and, in the packages below, the machines
/// that keep the promise: `oracle` hands out timestamps, `lock` queues waiters, `participant` is a
/// shard's side, `coordinator` a transaction's, `message` what they say to each other.
///
/// The machines are plain single-threaded objects: messages in, messages out, no threads, clocks or
/// sockets. Module `sharding` runs them on real threads; the simulator in the tests runs them under
/// a seed. Nothing here knows SQL. The argument why it is serializable: `docs/transactions.md`.
package io.trencadis.txn;
