package io.trencadis.sql.system;

import io.trencadis.sharding.ClusterStatus;
import io.trencadis.sharding.NodeCounters;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.session.MoveProgress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// `trencadis_session_nodes`: at which node each session of `pg_stat_activity` is.
/// `trencadis_stat_progress_move`: partitions on their way, of this node's sessions.
/// `trencadis_nodes`, `trencadis_shards` and `trencadis_stat_nodes`: how the cluster is, and what
/// its nodes have sent and written, as the node that is asked finds it at that moment. A node on
/// its own is a cluster of one, whose shards nobody replicates. PostgreSQL has nothing of the kind;
/// the views lie in `pg_catalog`, where no dump takes them along.
final class ClusterViews {
  private ClusterViews() {}

  static void register(Registration to) {
    to.current("trencadis_nodes", ClusterViews::nodes);
    to.current("trencadis_shards", ClusterViews::shards);
    to.current("trencadis_stat_nodes", ClusterViews::counters);
    to.current(
        "trencadis_session_nodes",
        (rows, reading) ->
            reading
                .access()
                .activityByNode()
                .forEach(
                    (node, sessions) ->
                        sessions.forEach(
                            each -> rows.add().set("pid", each.processId()).set("node", node))));
    to.current("trencadis_stat_progress_move", ClusterViews::moves);
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
          .set("groups", node.groups())
          .set("silent_ms", node.silentMillis());
    }
  }

  private static void moves(Rows rows, Reading reading) {
    Set<Integer> here = new HashSet<>();
    for (MoveProgress move : reading.access().moves()) {
      MoveProgress.State state = move.state();
      here.add(move.tableOid());
      rows.add()
          .set("pid", move.processId())
          .set("datid", move.databaseOid())
          .set("relid", move.tableOid())
          .set("phase", state.phase())
          .set("tuples_total", state.rowsTotal())
          .set("tuples_done", state.rows())
          .set("bytes_done", state.bytes());
    }
    for (TableDescriptor table : reading.tables()) {
      if (table.relocation() != null && !here.contains(table.oid())) {
        rows.add()
            .set("datid", table.databaseOid())
            .set("relid", table.oid())
            .set("phase", "at another node, or given up");
      }
    }
  }

  /// A node that does not answer has no row: its counters are not known.
  private static void counters(Rows rows, Reading reading) {
    for (ClusterStatus.NodeState node : reading.access().clusterStatus().nodes()) {
      NodeCounters counters = node.counters();
      if (counters != null) {
        rows.add()
            .set("node", node.node())
            .set("messages", counters.messages())
            .set("message_bytes", counters.messageBytes())
            .set("wal_records", counters.walRecords())
            .set("wal_bytes", counters.walBytes())
            .set("wal_writes", counters.walWrites())
            .set("wal_fsyncs", counters.walFsyncs());
      }
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
