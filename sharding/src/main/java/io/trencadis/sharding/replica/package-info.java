/// One node's copies of shards: [io.trencadis.sharding.replica.ShardReplica] is the machine that a
/// shard's replication log feeds, and, where this node leads it, the shard's participant; both run
/// one step at a time in an [io.trencadis.sharding.replica.Actor].
/// [io.trencadis.sharding.replica.OracleReplica] does the same for the timestamps, and for the list
/// of the cluster's nodes ([io.trencadis.sharding.replica.Members]).
package io.trencadis.sharding.replica;
