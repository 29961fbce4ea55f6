/// Where data is, and the door to it. Start at [Gateway] and [Transaction]: all that the executor
/// needs. [ShardMap] says which shard holds which slot or range of a relation; [Node] is one
/// process with its shards, oracle and gateway.
///
/// This package also holds the rim: threads meet the single-threaded machines of `txn` here, and
/// only here. It knows keys and rows as bytes and never learns of SQL.
package io.trencadis.sharding;
