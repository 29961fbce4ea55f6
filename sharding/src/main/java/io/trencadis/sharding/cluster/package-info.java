/// A node of a cluster, put together: [io.trencadis.sharding.cluster.ClusterNode] opens its data,
/// joins the groups that replicate each shard and the oracle, and gives its gateway the way to all
/// of them. [io.trencadis.sharding.cluster.Formation] makes a cluster of empty nodes, once, and
/// brings later ones to it; [io.trencadis.sharding.cluster.MemberChanges] decides who belongs to
/// it, and [io.trencadis.sharding.cluster.GroupKeeper] has the groups follow.
package io.trencadis.sharding.cluster;
