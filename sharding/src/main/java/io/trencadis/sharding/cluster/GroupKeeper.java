package io.trencadis.sharding.cluster;

import io.trencadis.sharding.raft.ReplicaId;
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

/// Looks after the groups that this node leads: that those vote who are to, by the map; that a node
/// on its way out leads none; and, slowly, that all nodes lead equally many. A node has one group
/// change its voters at a time. Used on one thread.
final class GroupKeeper {
  private static final System.Logger LOG = System.getLogger(GroupKeeper.class.getName());

  private static final int REST_TICKS = 5;

  private final int groups;
  private final IntFunction<ReplicationLog> logs;
  private final Transfers transfers;
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

  /// Has another node lead.
  interface Transfers {
    /// Now, or when the transactions have ended that are long: they are waited for, not for ever.
    void transfer(int group, int node);

    /// Unless a transaction is there that is long.
    void transferIfIdle(int group, int node);
  }

  /// @param balanceTicks how many ticks to rest between two moves for balance; 0 for none
  GroupKeeper(
      int groups,
      IntFunction<ReplicationLog> logs,
      Transfers transfers,
      IntUnaryOperator leaders,
      KnownMembers known,
      NodeRpc rpc,
      IntPredicate mayLead,
      BooleanSupplier leaving,
      long balanceTicks) {
    this.groups = groups;
    this.logs = logs;
    this.transfers = transfers;
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
    if (leaving.getAsBoolean()) {
      handAllOver(members);
    } else if (own == Member.State.DRAINING) {
      // Also what others gave it before they heard that it goes. What nobody else can lead yet it
      // sees to itself.
      if (!handAllOver(members)) {
        seeToVoters(members);
      }
    } else if (own == Member.State.MEMBER || own == Member.State.JOINING) {
      seeToVoters(members);
      ticks++;
      if (balanceTicks > 0 && ticks % balanceTicks == 0 && !members.isChanging()) {
        balance(members);
      }
    }
  }

  /// @return whether it has tried to have another lead
  private boolean handAllOver(Members members) {
    if (rest > 0) {
      rest--;
      return true;
    }
    boolean any = false;
    for (int group = 0; group < groups; group++) {
      if (logs.apply(group).term() != 0) {
        int to = next(members, logs.apply(group).configured());
        if (to >= 0) {
          any = true;
          transfers.transfer(group, to);
        }
      }
    }
    rest = any ? REST_TICKS : 0;
    return any;
  }

  private int next(Members members, Set<ReplicaId> voters) {
    Set<Integer> nodes = ReplicaId.nodes(voters);
    int size = members.all().size();
    for (int i = 0; i < size; i++) {
      next = (next + 1) % size;
      Member candidate = members.all().get(next);
      if (candidate.isWanted()
          && candidate.number() != known.self()
          && nodes.contains(candidate.number())
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
    for (int looked = 0; looked < groups; looked++) {
      int group = turn;
      turn = (turn + 1) % groups;
      ReplicationLog log = logs.apply(group);
      Set<ReplicaId> wanted = members.home(group).replicas();
      if (log.term() == 0 || log.voters().equals(wanted)) {
        continue;
      }
      VoterStep step =
          VoterStep.of(
              log.configured(),
              wanted,
              known.self(),
              node -> !members.find(node).isPresent(),
              node -> node == known.self() || rpc.isConnected(node));
      if (step.leader() >= 0) {
        transfers.transfer(group, step.leader());
        rest = REST_TICKS;
        return;
      }
      if (step.voters() != null && !step.voters().isEmpty()) {
        take(group, log, step.voters());
        return;
      }
    }
  }

  private void take(int group, ReplicationLog log, Set<ReplicaId> voters) {
    busy.set(true);
    log.changeVoters(
        voters,
        failure -> {
          if (failure != null) {
            rest = REST_TICKS;
            LOG.log(
                System.Logger.Level.DEBUG,
                "group " + group + " is not voted for by " + voters + " yet: " + failure);
          }
          busy.set(false);
        });
  }

  /// Gives one leader away, if of all nodes that could this one leads most: to one that has a copy
  /// and leads at least two fewer. No transaction fails for that: while a long one has something
  /// there it stays.
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
    int giver = -1;
    int given = -1;
    int to = -1;
    for (int group = 0; group < groups; group++) {
      int leader = leaders.applyAsInt(group);
      int has = leads.getOrDefault(leader, 0);
      for (int node : members.home(group).nodes()) {
        int less = has - leads.getOrDefault(node, Integer.MAX_VALUE / 2);
        if (less >= 2 && isBefore(leads, leader, less, giver, to)) {
          giver = leader;
          given = group;
          to = node;
        }
      }
    }
    if (to >= 0 && giver == known.self() && logs.apply(given).term() != 0) {
      LOG.log(
          System.Logger.Level.DEBUG,
          "node " + to + " is to lead group " + given + ", so that all lead equally many");
      moved.incrementAndGet();
      transfers.transferIfIdle(given, to);
    }
  }

  /// Whether a leader is to give one away rather than another: the one that leads most, of several
  /// the one with the lowest number, and where it makes most of a difference.
  private static boolean isBefore(
      Map<Integer, Integer> leads, int leader, int less, int giver, int to) {
    if (giver < 0) {
      return true;
    }
    int more = leads.get(leader) - leads.get(giver);
    if (more != 0 || leader != giver) {
      return more > 0 || more == 0 && leader < giver;
    }
    return less > leads.get(giver) - leads.get(to);
  }
}
