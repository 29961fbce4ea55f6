package io.trencadis.sharding.cluster;

import io.trencadis.sharding.raft.ReplicaId;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/// The next step of a group from the copies that vote to those that are to: one in, or one out.
///
/// A copy comes in before another goes out, so that there are never fewer than there were; but one
/// on a node that is gone goes out first, so that no step waits for its vote (decision 11). Who
/// leads does not put itself out: it has another lead, who does.
///
/// @param voters who are to vote next; null if there is no step to take now
/// @param leader whom to have lead first; -1 for nobody
record VoterStep(Set<ReplicaId> voters, int leader) {
  private static final VoterStep NONE = new VoterStep(null, -1);

  /// @param now who votes
  /// @param wanted who is to
  /// @param self the node that leads
  /// @param isGone whether a node will not come back
  /// @param isThere whether a node can be talked to
  static VoterStep of(
      Set<ReplicaId> now,
      Set<ReplicaId> wanted,
      int self,
      IntPredicate isGone,
      IntPredicate isThere) {
    Set<ReplicaId> surplus = new TreeSet<>(now);
    surplus.removeAll(wanted);
    for (ReplicaId each : surplus) {
      if (isGone.test(each.node())) {
        return without(now, each);
      }
    }
    Set<ReplicaId> missing = new TreeSet<>(wanted);
    missing.removeAll(now);
    for (ReplicaId each : missing) {
      if (isThere.test(each.node())) {
        Set<ReplicaId> next = new TreeSet<>(now);
        next.add(each);
        return new VoterStep(next, -1);
      }
    }
    if (!missing.isEmpty()) {
      return NONE;
    }
    for (ReplicaId each : surplus) {
      if (each.node() != self) {
        return without(now, each);
      }
    }
    if (surplus.isEmpty()) {
      return new VoterStep(now, -1);
    }
    for (ReplicaId each : wanted) {
      if (isThere.test(each.node())) {
        return new VoterStep(null, each.node());
      }
    }
    return NONE;
  }

  private static VoterStep without(Set<ReplicaId> voters, ReplicaId one) {
    Set<ReplicaId> next = new TreeSet<>(voters);
    next.remove(one);
    return new VoterStep(next, -1);
  }
}
