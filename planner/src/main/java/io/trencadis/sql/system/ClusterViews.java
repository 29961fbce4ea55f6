package io.trencadis.sql.system;

import io.trencadis.sharding.ClusterStatus;
import java.util.List;

/// `trencadis_nodes` and `trencadis_shards`: how the cluster is, as the node that is asked finds it
/// at that moment. A node on its own is a cluster of one, whose shards nobody replicates.
/// PostgreSQL has nothing of the kind; the views lie in `pg_catalog`, where no dump takes them
/// along.
final class ClusterViews {
  private ClusterViews() {}

  static void register(Registration to) {
    to.current("trencadis_nodes", ClusterViews::nodes);
    to.current("trencadis_shards", ClusterViews::shards);
  }

  private static void nodes(Rows rows, Reading reading) {
    for (ClusterStatus.NodeState node : reading.access().clusterStatus().nodes()) {
      rows.add()
          .set("node", node.node())
          .set("address", node.address())
          .set("this_node", node.self())
          .set("reachable", node.reachable())
          .set("version", node.version())
          .set("leads", node.leads())
          .set("lag", node.lag())
          .set("state", node.state())
          .set("groups", node.groups());
    }
  }

  private static void shards(Rows rows, Reading reading) {
    for (ClusterStatus.ShardState shard : reading.access().clusterStatus().shards()) {
      rows.add()
          .set("shard", shard.shard())
          .set("kind", shard.oracle() ? "oracle" : "data")
          .set("leader", shard.leader() < 0 ? null : shard.leader())
          .set("replicas", shard.replicas())
          .set("applied", shard.applied())
          .set("lag", shard.lag())
          .set("nodes", text(shard.nodes()))
          .set("target", shard.target() == null ? null : text(shard.target()));
    }
  }

  private static String text(List<Integer> nodes) {
    return String.join(",", nodes.stream().map(String::valueOf).toList());
  }
}
