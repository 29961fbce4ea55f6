package io.trencadis.sharding.rpc;

/// Who a node is: which cluster it belongs to and which member of it. Kept in its data directory,
/// whatever its address (rule 18).
///
/// @param cluster chosen at random when the cluster was formed
/// @param node from 0 to 1,023; never that of an earlier member; [NodeRpc#NOBODY] before it has one
public record NodeIdentity(long cluster, int node) {}
