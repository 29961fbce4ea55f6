package io.trencadis.sharding;

import io.trencadis.base.Release;
import java.util.ArrayList;
import java.util.List;

/// What a node knows of its cluster at a moment: gathered for the operator, decided upon by nobody.
///
/// @param nodes by number
/// @param shards by number; the oracle's group comes last, if it has one
public record ClusterStatus(List<NodeState> nodes, List<ShardState> shards) {
  /// @param address where other nodes reach it; null for a node on its own
  /// @param self whether it is the node that was asked
  /// @param reachable whether it has answered
  /// @param version its release; null if it has not answered
  /// @param leads how many groups it leads
  /// @param lag how many entries of all logs it has yet to apply; null if it has not answered
  /// @param state `member`, `joining` (it is being given its copies), `draining` (they are being
  ///   taken from it), `lost` (it is being taken out and does not take part any more), or `gone`
  /// @param groups in how many groups it votes; 0 if their leaders have not answered
  /// @param silentMillis for how long the node that was asked has not heard of it; null if it never
  ///   has, or is the one
  /// @param counters what it has sent and written; null if it has not answered
  public record NodeState(
      int node,
      String address,
      boolean self,
      boolean reachable,
      String version,
      int leads,
      Long lag,
      String state,
      int groups,
      Long silentMillis,
      NodeCounters counters) {}

  /// @param oracle whether it is the group that issues timestamps
  /// @param leader -1 if nobody leads, as far as is known
  /// @param replicas how many of the nodes that hold it have answered
  /// @param applied how many entries of its log the node has applied that is ahead of the others
  /// @param lag how many of them the node that is behind has not; null if less than two have
  ///   answered
  /// @param nodes those that hold it and vote, in order
  /// @param target those that are to hold it, in order, while it moves; null when it rests
  public record ShardState(
      int shard,
      boolean oracle,
      int leader,
      int replicas,
      long applied,
      Long lag,
      List<Integer> nodes,
      List<Integer> target) {}

  /// Of a node on its own, which leads all it has and lags behind nobody.
  public static ClusterStatus single(int shardCount, NodeCounters counters) {
    List<ShardState> shards = new ArrayList<>();
    for (int shard = 0; shard < shardCount; shard++) {
      shards.add(new ShardState(shard, false, 0, 1, 0, null, List.of(0), null));
    }
    return new ClusterStatus(
        List.of(
            new NodeState(
                0,
                null,
                true,
                true,
                Release.VERSION,
                shardCount,
                0L,
                "member",
                shardCount,
                null,
                counters)),
        shards);
  }
}
