package io.trencadis.txn.lock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who waits for whom among all shards of a node. Thread-safe by a lock of its own, which is taken
/// inside a shard's and never the other way round, so that an edge changes together with the queue
/// that it comes from: no edge is stale when a search finds it.
///
/// Invariants: a transaction waits for at most one lock. An edge may lead to a transaction that has
/// ended; since it waits for nothing it closes no circle. Between shards and graph nothing is
/// remembered of a circle once its victim is named: the victim's wait is removed here at once, so
/// the same circle never costs two.
public final class WaitGraph {
  /// One transaction's wait.
  ///
  /// @param txn the one that waits
  /// @param shard where its queue is
  /// @param waitNumber which of the shard's waits it is
  /// @param blockers those it waits for, each of which has to go
  /// @param circle set on a victim: the transactions of the circle, starting with the victim
  public record Wait(
      long txn, int shard, long waitNumber, List<Long> blockers, List<Long> circle) {}

  private final Map<Long, Wait> waits = new HashMap<>();

  /// Records a wait and looks for circles through it: with several blockers there may be several.
  ///
  /// @return for each circle the youngest transaction's wait, which has to be ended with 40P01
  synchronized List<Wait> add(long txn, int shard, long waitNumber, List<Long> blockers) {
    waits.put(txn, new Wait(txn, shard, waitNumber, blockers, List.of()));
    return breakCircles(txn);
  }

  private List<Wait> breakCircles(long txn) {
    List<Wait> victims = List.of();
    List<Long> path = new ArrayList<>();
    while (search(txn, txn, path, new HashSet<>())) {
      if (victims.isEmpty()) {
        victims = new ArrayList<>(1);
      }
      victims.add(sacrificeYoungest(path));
      path.clear();
    }
    return victims;
  }

  private Wait sacrificeYoungest(List<Long> path) {
    int youngest = 0;
    for (int i = 1; i < path.size(); i++) {
      if (path.get(i) > path.get(youngest)) {
        youngest = i;
      }
    }
    Wait victim = waits.remove(path.get(youngest));
    List<Long> circle = new ArrayList<>(path.subList(youngest, path.size()));
    circle.addAll(path.subList(0, youngest));
    return new Wait(
        victim.txn, victim.shard, victim.waitNumber, victim.blockers, List.copyOf(circle));
  }

  /// The transactions ahead of a waiter have changed. That can close a circle, too: the way to a
  /// holder may have led through a waiter who has been sacrificed.
  ///
  /// @return as for [#add]
  synchronized List<Wait> update(long txn, long waitNumber, List<Long> blockers) {
    Wait wait = waits.get(txn);
    if (wait == null || wait.waitNumber != waitNumber || wait.blockers.equals(blockers)) {
      return List.of();
    }
    waits.put(txn, new Wait(txn, wait.shard, waitNumber, blockers, List.of()));
    return breakCircles(txn);
  }

  synchronized void remove(long txn) {
    waits.remove(txn);
  }

  /// Transactions that wait now.
  public synchronized int size() {
    return waits.size();
  }

  /// Leaves in `path` the way from `at` back to `goal`.
  private boolean search(long goal, long at, List<Long> path, Set<Long> seen) {
    Wait wait = waits.get(at);
    if (wait == null) {
      return false;
    }
    path.add(at);
    for (long blocker : wait.blockers) {
      if (blocker == goal) {
        return true;
      }
      if (seen.add(blocker) && search(goal, blocker, path, seen)) {
        return true;
      }
    }
    path.removeLast();
    return false;
  }
}
