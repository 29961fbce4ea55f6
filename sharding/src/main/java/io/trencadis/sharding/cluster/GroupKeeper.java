package io.trencadis.sharding.cluster;

import io.trencadis.sharding.raft.ReplicationLog;
import io.trencadis.sharding.replica.Member;
import io.trencadis.sharding.replica.Members;
import io.trencadis.sharding.rpc.NodeRpc;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/// Looks after the groups that this node leads: that those vote who are to, by the list of nodes;
/// that a node on its way out leads none; and, slowly, that all nodes lead equally many. One group
/// changes its voters at a time, so that a node which joins copies from each of the others at most
/// one shard at once. Used on one thread.
final class GroupKeeper {
  private static final System.Logger LOG = System.getLogger(GroupKeeper.class.getName());

  private static final int REST_TICKS = 5;

  private final int groups;
  private final IntFunction<ReplicationLog> logs;
  private final IntUnaryOperator leaders;
  private final KnownMembers known;
  private final NodeRpc rpc;

  /// Whether leaders may be moved to a node: it is heard, and not about to stop.
  private final IntPredicate mayLead;

  /// Whether this node is about to stop.
  private final BooleanSupplier leaving;

  private final long balanceTicks;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicInteger moved = new AtomicInteger();
  private volatile int rest;
  private long ticks;
  private int turn;
  private int next;

  /// @param balanceTicks how many ticks to rest between two moves for balance; 0 for none
  GroupKeeper(
      int groups,
      IntFunction<ReplicationLog> logs,
      IntUnaryOperator leaders,
      KnownMembers known,
      NodeRpc rpc,
      IntPredicate mayLead,
      BooleanSupplier leaving,
      long balanceTicks) {
    this.groups = groups;
    this.logs = logs;
    this.leaders = leaders;
    this.known = known;
    this.rpc = rpc;
    this.mayLead = mayLead;
    this.leaving = leaving;
    this.balanceTicks = balanceTicks;
  }

  /// How many leaders this node has given away for balance.
  int moved() {
    return moved.get();
  }

  void tick() {
    Members members = known.members();
    Member.State own = members.find(known.self()).state();
    if (own == Member.State.DRAINING || leaving.getAsBoolean()) {
      // Also what others gave it before they heard that it goes.
      handAllOver(members);
    } else if (own == Member.State.MEMBER || own == Member.State.JOINING) {
      seeToVoters(members);
      ticks++;
      if (balanceTicks > 0 && ticks % balanceTicks == 0 && !members.isChanging()) {
        balance(members);
      }
    }
  }

  private void handAllOver(Members members) {
    if (rest > 0) {
      rest--;
      return;
    }
    rest = REST_TICKS;
    for (int group = 0; group < groups; group++) {
      if (logs.apply(group).term() != 0) {
        int to = next(members);
        if (to >= 0) {
          logs.apply(group).transferLeadership(to);
        }
      }
    }
  }

  private int next(Members members) {
    int size = members.all().size();
    for (int i = 0; i < size; i++) {
      next = (next + 1) % size;
      Member candidate = members.all().get(next);
      if (candidate.state() == Member.State.MEMBER
          && candidate.number() != known.self()
          && mayLead.test(candidate.number())) {
        return candidate.number();
      }
    }
    return -1;
  }

  private void seeToVoters(Members members) {
    if (busy.get()) {
      return;
    }
    if (rest > 0) {
      rest--;
      return;
    }
    Set<Integer> wanted = members.wanted();
    for (Member each : members.all()) {
      // A copy would not get there.
      if (each.state() == Member.State.JOINING && !rpc.isConnected(each.number())) {
        wanted.remove(each.number());
      }
    }
    for (int looked = 0; looked < groups; looked++) {
      int group = turn;
      turn = (turn + 1) % groups;
      ReplicationLog log = logs.apply(group);
      if (log.term() == 0 || log.voters().equals(wanted)) {
        continue;
      }
      busy.set(true);
      log.changeVoters(
          wanted,
          failure -> {
            if (failure != null) {
              rest = REST_TICKS;
              LOG.log(
                  System.Logger.Level.DEBUG,
                  "group " + group + " is not voted for by " + wanted + " yet: " + failure);
            }
            busy.set(false);
          });
      return;
    }
  }

  /// Gives one leader away, if this node leads most and another leads at least two fewer.
  private void balance(Members members) {
    Map<Integer, Integer> leads = new TreeMap<>();
    for (int node : members.wanted()) {
      if (node == known.self() || mayLead.test(node)) {
        leads.put(node, 0);
      }
    }
    for (int group = 0; group < groups; group++) {
      int leader = leaders.applyAsInt(group);
      if (leader < 0) {
        return;
      }
      leads.computeIfPresent(leader, (_, count) -> count + 1);
    }
    int most = known.self();
    int least = known.self();
    for (int node : leads.keySet()) {
      most = leads.get(node) > leads.get(most) ? node : most;
      least = leads.get(node) < leads.get(least) ? node : least;
    }
    // Of several that lead most, the one with the lowest number begins.
    for (int node : leads.keySet()) {
      if (leads.get(node).equals(leads.get(most))) {
        most = node;
        break;
      }
    }
    if (most != known.self() || leads.get(most) - leads.get(least) < 2) {
      return;
    }
    for (int group = 0; group < groups; group++) {
      if (logs.apply(group).term() != 0) {
        LOG.log(
            System.Logger.Level.DEBUG,
            "node " + least + " is to lead group " + group + ", so that all lead equally many");
        moved.incrementAndGet();
        logs.apply(group).transferLeadership(least);
        return;
      }
    }
  }
}
