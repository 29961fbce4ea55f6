package io.trencadis.sharding.cluster;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.sharding.ClusterStatus;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a node tells of itself when it is asked how it is.
///
/// @param version its release
/// @param leaders who leads each group, as far as it knows; -1 for nobody
/// @param applied how far it has got with each group's log
record NodeReport(String version, int[] leaders, long[] applied) {
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
    ByteWriter out = new ByteWriter().putInt(text.length).putBytes(text).putInt(leaders.length);
    for (int group = 0; group < leaders.length; group++) {
      out.putInt(leaders[group]).putLong(applied[group]);
    }
    return out.toByteArray();
  }

  /// @return null for an answer of a node that has nothing to tell yet
  static NodeReport read(byte[] answer) {
    if (answer.length == 0) {
      return null;
    }
    ByteReader in = new ByteReader(answer);
    String version = new String(in.getBytes(in.getInt()), StandardCharsets.UTF_8);
    int groups = in.getInt();
    int[] leaders = new int[groups];
    long[] applied = new long[groups];
    for (int group = 0; group < groups; group++) {
      leaders[group] = in.getInt();
      applied[group] = in.getLong();
    }
    return new NodeReport(version, leaders, applied);
  }

  /// Puts together what the nodes have told.
  ///
  /// @param reports of each node; null for one that has not answered
  /// @param groups the last is the oracle's
  static ClusterStatus combine(
      List<NodeReport> reports, List<InetSocketAddress> addresses, int self, int groups) {
    int nodes = reports.size();
    int[] leads = new int[nodes];
    long[] lags = new long[nodes];
    List<ClusterStatus.ShardState> shards = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      int[] votes = new int[nodes];
      long most = 0;
      long least = Long.MAX_VALUE;
      int answered = 0;
      for (NodeReport report : reports) {
        if (report != null) {
          answered++;
          most = Math.max(most, report.applied[group]);
          least = Math.min(least, report.applied[group]);
          if (report.leaders[group] >= 0) {
            votes[report.leaders[group]]++;
          }
        }
      }
      int leader = leader(votes, reports, group);
      if (leader >= 0) {
        leads[leader]++;
      }
      for (int node = 0; node < nodes; node++) {
        if (reports.get(node) != null) {
          lags[node] += most - reports.get(node).applied[group];
        }
      }
      shards.add(
          new ClusterStatus.ShardState(
              group,
              group == groups - 1,
              leader,
              answered,
              most,
              answered < 2 ? null : most - least));
    }
    List<ClusterStatus.NodeState> states = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      NodeReport report = reports.get(node);
      InetSocketAddress address = addresses.get(node);
      states.add(
          new ClusterStatus.NodeState(
              node,
              address.getHostString() + ":" + address.getPort(),
              node == self,
              report != null,
              report == null ? null : report.version,
              leads[node],
              report == null ? null : lags[node]));
    }
    return new ClusterStatus(states, shards);
  }

  /// Whom most believe to lead; a node that does not answer leads nobody that does.
  private static int leader(int[] votes, List<NodeReport> reports, int group) {
    int leader = -1;
    for (int node = 0; node < votes.length; node++) {
      NodeReport report = reports.get(node);
      boolean claims = report != null && report.leaders[group] == node;
      if (claims && (leader < 0 || votes[node] > votes[leader])) {
        leader = node;
      }
    }
    return leader;
  }
}
