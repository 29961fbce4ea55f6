package io.trencadis.sharding.cluster;

import io.trencadis.sharding.local.LocalConfig;
import io.trencadis.sharding.rpc.RpcTls;
import java.net.InetSocketAddress;
import java.util.List;

/// How a node takes part in a cluster.
///
/// @param members where each node can be reached by the others, in the same order everywhere: a
///   node's number is its place in it
/// @param self this node's number
/// @param listen where it listens for them
/// @param tls null for connections in the clear
/// @param shards how many a new cluster gets
/// @param electionMillis for how long a leader may be silent before another one is elected
/// @param leases whether leaders rely on clocks, and ask no majority before they answer
/// @param historyMillis for how long what was overwritten can be read
/// @param local sizes of log, memtables and tree
public record ClusterConfig(
    List<InetSocketAddress> members,
    int self,
    InetSocketAddress listen,
    RpcTls tls,
    int shards,
    int electionMillis,
    boolean leases,
    long historyMillis,
    LocalConfig local) {
  /// What a new cluster has if nobody says otherwise.
  public static final int DEFAULT_SHARDS = 24;
}
