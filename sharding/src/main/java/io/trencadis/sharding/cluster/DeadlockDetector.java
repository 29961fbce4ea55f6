package io.trencadis.sharding.cluster;

import io.trencadis.txn.lock.WaitGraph;
import io.trencadis.txn.lock.Wanted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds circles of waits over several nodes, each of which sees only a part. Every node reports
/// its waits now and then; a circle counts when all of its waits were there at two looks in a row.
/// Who waits lets go of nothing, so a circle of waits that have lasted is one (Chandy and Misra
/// 1982 argue the same for probes).
///
/// Not thread-safe.
final class DeadlockDetector {
  private record Report(List<WaitGraph.Wait> waits, long at) {}

  /// One wait, whenever it is looked at.
  private record Key(long txn, int shard, long waitNumber) {
    static Key of(WaitGraph.Wait wait) {
      return new Key(wait.txn(), wait.shard(), wait.waitNumber());
    }
  }

  private final long freshNanos;
  private final Map<Integer, Report> reports = new HashMap<>();
  private Set<Key> before = Set.of();

  /// @param freshNanos how old a report may be
  DeadlockDetector(long freshNanos) {
    this.freshNanos = freshNanos;
  }

  /// A node's waits, all of them.
  void report(int node, List<WaitGraph.Wait> waits, long now) {
    reports.put(node, new Report(waits, now));
  }

  /// Looks for circles.
  ///
  /// @return for each one wait that has to be ended, with the circle that it closes
  List<WaitGraph.Wait> look(long now) {
    Map<Long, WaitGraph.Wait> lasting = new HashMap<>();
    Set<Key> seen = new HashSet<>();
    for (Report report : reports.values()) {
      if (now - report.at > freshNanos) {
        continue;
      }
      for (WaitGraph.Wait wait : report.waits) {
        seen.add(Key.of(wait));
        if (before.contains(Key.of(wait))) {
          lasting.put(wait.txn(), wait);
        }
      }
    }
    before = seen;
    List<WaitGraph.Wait> victims = new ArrayList<>();
    for (long start : List.copyOf(lasting.keySet())) {
      List<Long> path = new ArrayList<>();
      while (search(lasting, start, start, path, new HashSet<>())) {
        victims.add(sacrifice(lasting, path));
        path.clear();
      }
    }
    return victims;
  }

  private static boolean search(
      Map<Long, WaitGraph.Wait> waits, long goal, long at, List<Long> path, Set<Long> visited) {
    WaitGraph.Wait wait = waits.get(at);
    if (wait == null) {
      return false;
    }
    path.add(at);
    for (long blocker : wait.blockers()) {
      if (blocker == goal
          || (visited.add(blocker) && search(waits, goal, blocker, path, visited))) {
        return true;
      }
    }
    path.removeLast();
    return false;
  }

  /// Ids of different gateways say nothing of who is younger; the greatest is as good as any, and
  /// the same for whoever looks.
  private static WaitGraph.Wait sacrifice(Map<Long, WaitGraph.Wait> waits, List<Long> path) {
    int chosen = 0;
    for (int i = 1; i < path.size(); i++) {
      if (path.get(i) > path.get(chosen)) {
        chosen = i;
      }
    }
    List<Wanted.Wait> circle = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      long txn = path.get((chosen + i) % path.size());
      circle.add(new Wanted.Wait(txn, waits.get(txn).wanted()));
    }
    WaitGraph.Wait victim = waits.remove(path.get(chosen));
    return new WaitGraph.Wait(
        victim.txn(),
        victim.owner(),
        victim.shard(),
        victim.waitNumber(),
        victim.blockers(),
        victim.wanted(),
        circle);
  }
}
