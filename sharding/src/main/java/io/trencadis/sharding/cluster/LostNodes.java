package io.trencadis.sharding.cluster;

import io.trencadis.base.Clock;
import io.trencadis.sharding.replica.Member;
import io.trencadis.sharding.replica.Members;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/// Which node has been silent for so long that its copies are to be made anew on others, without
/// being told to. Where the oracle is led; whoever begins to lead it begins to count. Not
/// thread-safe.
///
/// To take a node out is for good, so it is done only where it helps: the others have room for all
/// its copies, and every group that it has a copy of goes on without it. A group that lacks its
/// majority needs the node back, and is left alone.
final class LostNodes {
  private final Clock clock;
  private final long timeoutNanos;
  private final Map<Integer, Long> silentSince = new HashMap<>();

  /// @param timeoutMillis 0 for never
  LostNodes(Clock clock, long timeoutMillis) {
    this.clock = clock;
    this.timeoutNanos = timeoutMillis * 1_000_000;
  }

  /// This node does not lead the oracle: it hears less than the whole.
  void forget() {
    silentSince.clear();
  }

  /// To be called some times in the timeout.
  ///
  /// @return a node that is to be taken out; -1 for none
  int look(Members members, IntPredicate isHeard) {
    long now = clock.nanoTime();
    silentSince.keySet().retainAll(members.present());
    for (int node : members.present()) {
      if (isHeard.test(node)) {
        silentSince.remove(node);
      } else {
        silentSince.putIfAbsent(node, now);
      }
    }
    if (timeoutNanos == 0 || members.isChanging()) {
      return -1;
    }
    int lost = -1;
    for (Map.Entry<Integer, Long> each : silentSince.entrySet()) {
      boolean longer = lost < 0 || each.getValue() - silentSince.get(lost) < 0;
      if (now - each.getValue() >= timeoutNanos
          && longer
          && isSpared(members, each.getKey(), isHeard)) {
        lost = each.getKey();
      }
    }
    return lost;
  }

  private static boolean isSpared(Members members, int node, IntPredicate isHeard) {
    if (members.find(node).state() != Member.State.MEMBER) {
      return false;
    }
    Set<Integer> heard = new TreeSet<>(members.wanted());
    heard.removeIf(other -> other == node || !isHeard.test(other));
    if (heard.size() < members.factor()) {
      return false;
    }
    for (int group = 0; group < members.homes().size(); group++) {
      Set<Integer> nodes = members.home(group).nodes();
      if (nodes.contains(node)
          && 2 * nodes.stream().filter(heard::contains).count() <= nodes.size()) {
        return false;
      }
    }
    return true;
  }
}
