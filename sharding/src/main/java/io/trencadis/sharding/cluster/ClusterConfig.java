package io.trencadis.sharding.cluster;

import io.trencadis.sharding.local.LocalConfig;
import io.trencadis.sharding.rpc.RpcTls;
import java.net.InetSocketAddress;
import java.util.List;

/// How a node takes part in a cluster.
///
/// @param join where to ask for a cluster. One is formed only by nodes that are all in this list,
///   in the same order everywhere; empty for a node that knows its cluster, or is to be the first
/// @param advertise where the others reach this one
/// @param listen where it listens for them
/// @param tls null for connections in the clear
/// @param shards how many a new cluster gets
/// @param electionMillis for how long a leader may be silent before another one is elected
/// @param leases whether leaders rely on clocks, and ask no majority before they answer
/// @param balanceMillis how long to rest between two moves of a leader that only make the nodes
///   lead equally much; 0 for never
/// @param historyMillis for how long what was overwritten can be read
/// @param local sizes of log, memtables and tree
public record ClusterConfig(
    List<InetSocketAddress> join,
    InetSocketAddress advertise,
    InetSocketAddress listen,
    RpcTls tls,
    int shards,
    int electionMillis,
    boolean leases,
    long balanceMillis,
    long historyMillis,
    LocalConfig local) {
  /// What a new cluster has if nobody says otherwise.
  public static final int DEFAULT_SHARDS = 24;

  /// Every node holds every shard, so there is no use for more.
  public static final int MOST_NODES = 7;

  static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }
}
