package io.trencadis.sharding.cluster;

import io.trencadis.base.Clock;
import io.trencadis.sharding.raft.ReplicaId;
import io.trencadis.sharding.raft.ReplicationLog;
import io.trencadis.sharding.replica.Member;
import io.trencadis.sharding.replica.ShardReplica;
import io.trencadis.sharding.rpc.NodeRpc;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// Gives what a node leads to other nodes. What transactions have at a shard would be lost with its
/// leader: they are let end first, each for some time. Thread-safe.
final class Leadership implements GroupKeeper.Transfers {
  /// How long to rest between looks whether others lead, and after how many to ask them again.
  private static final long REST_MILLIS = 10;

  private static final int ROUNDS = 20;

  /// How long a transaction may keep a leader where it is that is to go.
  private static final long LONG_TRANSACTION_NANOS = 60_000_000_000L;

  private final IntFunction<ReplicationLog> logs;
  private final List<ShardReplica> replicas;
  private final KnownMembers known;
  private final NodeRpc rpc;
  private final Clock clock;

  private volatile boolean leaving;

  /// How long transactions are let have what they have here while this node is about to stop.
  private volatile long leavingUntil;

  /// @param logs of all groups: those of the replicas, and the oracle's
  Leadership(
      IntFunction<ReplicationLog> logs,
      List<ShardReplica> replicas,
      KnownMembers known,
      NodeRpc rpc,
      Clock clock) {
    this.logs = logs;
    this.replicas = replicas;
    this.known = known;
    this.rpc = rpc;
    this.clock = clock;
  }

  /// Whether this node is about to stop.
  boolean isLeaving() {
    return leaving;
  }

  @Override
  public void transfer(int group, int node) {
    transfer(group, node, leaving ? leavingUntil : clock.nanoTime() + LONG_TRANSACTION_NANOS, true);
  }

  @Override
  public void transferIfIdle(int group, int node) {
    transfer(group, node, clock.nanoTime(), false);
  }

  private void transfer(int group, int node, long until, boolean evenSo) {
    Runnable now = () -> logs.apply(group).transferLeadership(node);
    if (group < replicas.size()) {
      replicas.get(group).handOver(now, until, evenSo);
    } else {
      now.run();
    }
  }

  /// See [ClusterNode#handOver].
  int handOver(long millis, long patienceMillis) throws InterruptedException {
    long begun = clock.nanoTime();
    leavingUntil = begun + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    // Nobody is to give this node something to lead.
    leaving = true;
    long end = begun + TimeUnit.MILLISECONDS.toNanos(millis);
    int led;
    for (int round = 0; ; round++) {
      led = 0;
      boolean successor = false;
      for (int group = 0; group <= replicas.size(); group++) {
        ReplicationLog log = logs.apply(group);
        if (log.leader() == known.self()) {
          led++;
          List<Integer> others = successors(log);
          // Nobody votes in one that another is about to lead, as far as this node can tell.
          successor |= !others.isEmpty() || log.configured().isEmpty();
          if (round % ROUNDS == 0 && !others.isEmpty()) {
            transfer(group, others.get((group + round / ROUNDS) % others.size()));
          }
        }
      }
      if (led == 0 || !successor || clock.nanoTime() - end > 0) {
        return led;
      }
      TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
    }
  }

  /// See [ClusterNode#endHandOver].
  int endHandOver(long millis, boolean now) throws InterruptedException {
    long left = TimeUnit.NANOSECONDS.toMillis(leavingUntil - clock.nanoTime());
    long patience = leaving && !now ? Math.max(0, left) : 0;
    return handOver(millis + patience, patience);
  }

  /// Who can lead what this node leads.
  private List<Integer> successors(ReplicationLog log) {
    return ReplicaId.nodes(log.configured()).stream()
        .filter(node -> node != known.self() && rpc.isConnected(node))
        .filter(node -> known.members().find(node).state() == Member.State.MEMBER)
        .toList();
  }
}
