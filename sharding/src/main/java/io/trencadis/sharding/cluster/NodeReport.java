package io.trencadis.sharding.cluster;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.sharding.ClusterStatus;
import io.trencadis.sharding.NodeCounters;
import io.trencadis.sharding.raft.ReplicaId;
import io.trencadis.sharding.replica.GroupHome;
import io.trencadis.sharding.replica.Member;
import io.trencadis.sharding.replica.Members;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;

/// What a node tells of itself when it is asked how it is.
///
/// @param version its release
/// @param list the version of the list of nodes that it knows, and has on disk
/// @param leaders who leads each group, as far as it knows; -1 for nobody
/// @param applied how far it has got with each group's log
/// @param terms in which it leads each group; 0 where it does not
/// @param voters who votes in each group that it leads, by the log; empty for the others
/// @param counters what it has sent and written
record NodeReport(
    String version,
    long list,
    int[] leaders,
    long[] applied,
    long[] terms,
    List<Set<ReplicaId>> voters,
    NodeCounters counters) {
  private static final byte KIND = 2;

  /// The question.
  static byte[] question() {
    return new byte[] {KIND};
  }

  static boolean isQuestion(byte[] body) {
    return body.length > 0 && body[0] == KIND;
  }

  byte[] toBytes() {
    byte[] text = version.getBytes(StandardCharsets.UTF_8);
    ByteWriter out =
        new ByteWriter().putInt(text.length).putBytes(text).putLong(list).putInt(leaders.length);
    for (int group = 0; group < leaders.length; group++) {
      out.putInt(leaders[group]).putLong(applied[group]).putLong(terms[group]);
      out.putInt(voters.get(group).size());
      voters.get(group).forEach(each -> out.putInt(each.node()).putInt(each.birth()));
    }
    return out.putLong(counters.messages())
        .putLong(counters.messageBytes())
        .putLong(counters.walRecords())
        .putLong(counters.walBytes())
        .putLong(counters.walWrites())
        .putLong(counters.walFsyncs())
        .toByteArray();
  }

  /// @return null for an answer of a node that has nothing to tell yet
  static NodeReport read(byte[] answer) {
    if (answer.length == 0) {
      return null;
    }
    ByteReader in = new ByteReader(answer);
    String version = new String(in.getBytes(in.getInt()), StandardCharsets.UTF_8);
    long list = in.getLong();
    int groups = in.getInt();
    int[] leaders = new int[groups];
    long[] applied = new long[groups];
    long[] terms = new long[groups];
    List<Set<ReplicaId>> voters = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      leaders[group] = in.getInt();
      applied[group] = in.getLong();
      terms[group] = in.getLong();
      Set<ReplicaId> replicas = new TreeSet<>();
      for (int left = in.getInt(); left > 0; left--) {
        int node = in.getInt();
        replicas.add(new ReplicaId(node, in.getInt()));
      }
      voters.add(replicas);
    }
    NodeCounters counters =
        new NodeCounters(
            in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
    return new NodeReport(version, list, leaders, applied, terms, voters, counters);
  }

  /// Puts together what the nodes have told.
  ///
  /// @param reports by the nodes' numbers; nothing of one that has not answered
  /// @param silentMillis for how long each node was not heard of; null if that is not known
  static ClusterStatus combine(
      Map<Integer, NodeReport> reports, Members members, int self, IntFunction<Long> silentMillis) {
    int groups = members.homes().size();
    Map<Integer, Integer> leads = new HashMap<>();
    Map<Integer, Integer> votes = new HashMap<>();
    Map<Integer, Long> lags = new HashMap<>();
    List<ClusterStatus.ShardState> shards = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      int leader = leader(reports, group);
      GroupHome home = members.home(group);
      Set<Integer> voters =
          leader < 0 ? Set.of() : ReplicaId.nodes(reports.get(leader).voters.get(group));
      // Where nobody knows better, as the map has it.
      Set<Integer> holders = voters.isEmpty() ? ReplicaId.nodes(home.all()) : voters;
      long most = 0;
      long least = Long.MAX_VALUE;
      int answered = 0;
      for (int node : holders) {
        if (reports.containsKey(node)) {
          long applied = reports.get(node).applied[group];
          most = Math.max(most, applied);
          least = Math.min(least, applied);
          answered++;
        }
      }
      if (leader >= 0) {
        leads.merge(leader, 1, Integer::sum);
      }
      voters.forEach(node -> votes.merge(node, 1, Integer::sum));
      for (int node : holders) {
        if (reports.containsKey(node)) {
          lags.merge(node, most - reports.get(node).applied[group], Long::sum);
        }
      }
      shards.add(
          new ClusterStatus.ShardState(
              group,
              group == groups - 1,
              leader,
              answered,
              most,
              answered < 2 ? null : most - least,
              List.copyOf(holders),
              home.isMoving() ? List.copyOf(home.nodes()) : null));
    }
    List<ClusterStatus.NodeState> states = new ArrayList<>();
    for (Member member : members.all()) {
      int node = member.number();
      NodeReport report = reports.get(node);
      states.add(
          new ClusterStatus.NodeState(
              node,
              member.address(),
              node == self,
              report != null,
              report == null ? null : report.version,
              leads.getOrDefault(node, 0),
              report == null ? null : lags.getOrDefault(node, 0L),
              member.state().word(),
              votes.getOrDefault(node, 0),
              node == self ? null : silentMillis.apply(node),
              report == null ? null : report.counters));
    }
    return new ClusterStatus(states, shards);
  }

  /// Who says that he leads, in the latest term. A node that does not answer leads nobody that
  /// does.
  private static int leader(Map<Integer, NodeReport> reports, int group) {
    int leader = -1;
    long term = 0;
    for (Map.Entry<Integer, NodeReport> each : reports.entrySet()) {
      if (each.getValue().terms[group] > term) {
        term = each.getValue().terms[group];
        leader = each.getKey();
      }
    }
    return leader;
  }
}
