/// What gateways and shards say to each other: immutable records that could travel, although in one
/// process they are only handed over. [Request] goes to a shard, [Reply] comes back;
/// [TimestampQuestion] and [TimestampAnswer] pass between a shard and the coordinator of a
/// transaction that it holds marks of.
package io.trencadis.txn.message;
