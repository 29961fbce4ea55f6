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
/// @param copies of each shard that a new cluster keeps, where it has so many nodes
/// @param copyBytesPerSecond how much of copies of shards the node sends, and takes, for others
///   that begin with them; 0 for as much as it can
/// @param electionMillis for how long a leader may be silent before another one is elected
/// @param leases whether leaders rely on clocks, and ask no majority before they answer
/// @param balanceMillis how long to rest between two moves of a leader that only make the nodes
///   lead equally much; 0 for never
/// @param lostNodeMillis for how long a node may be silent before its copies are made anew on
///   others, where there are enough of them; 0 for ever
/// @param historyMillis for how long what was overwritten can be read
/// @param local sizes of log, memtables and tree
public record ClusterConfig(
    List<InetSocketAddress> join,
    InetSocketAddress advertise,
    InetSocketAddress listen,
    RpcTls tls,
    int shards,
    int copies,
    long copyBytesPerSecond,
    int electionMillis,
    boolean leases,
    long balanceMillis,
    long lostNodeMillis,
    long historyMillis,
    LocalConfig local) {
  /// What a new cluster has if nobody says otherwise.
  public static final int DEFAULT_SHARDS = 24;

  /// All talk to all.
  public static final int MOST_NODES = 100;

  /// So many groups move at once in a cluster.
  static final int MOST_MOVING = 8;

  static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }
}
