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
  /// @param owner whose the lock would be: `txn`, or its session
  /// @param shard where its queue is
  /// @param waitNumber which of the shard's waits it is
  /// @param blockers those it waits for, each of which has to go
  /// @param wanted what it waits for
  /// @param circle set on a victim: the waits of the circle, starting with the victim's
  public record Wait(
      long txn,
      long owner,
      int shard,
      long waitNumber,
      List<Long> blockers,
      Wanted wanted,
      List<Wanted.Wait> circle) {}

  private final Map<Long, Wait> waits = new HashMap<>();

  /// Which transaction a session runs, for those that hold locks of their own: who waits for the
  /// session waits for that.
  private final Map<Long, Long> running = new HashMap<>();

  /// Records a wait and looks for circles through it: with several blockers there may be several.
  ///
  /// @return for each circle the youngest transaction's wait, which has to be ended with 40P01
  synchronized List<Wait> add(Waiter waiter, int shard, List<Long> blockers) {
    waits.put(
        waiter.stalled,
        new Wait(
            waiter.stalled,
            waiter.txn,
            shard,
            waiter.waitNumber,
            blockers,
            Wanted.of(waiter.entry, waiter.mode),
            List.of()));
    return breakCircles(waiter.stalled);
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
    List<Wanted.Wait> circle = new ArrayList<>(path.size());
    for (int i = 0; i < path.size(); i++) {
      long txn = path.get((youngest + i) % path.size());
      circle.add(new Wanted.Wait(txn, waits.get(txn).wanted));
    }
    Wait victim = waits.remove(path.get(youngest));
    return new Wait(
        victim.txn,
        victim.owner,
        victim.shard,
        victim.waitNumber,
        victim.blockers,
        victim.wanted,
        List.copyOf(circle));
  }

  /// Whether somebody already waits for a transaction that would wait for others.
  synchronized boolean closesCircle(long txn, List<Long> blockers) {
    Set<Long> seen = new HashSet<>();
    return blockers.stream().anyMatch(named -> leadsTo(txn, named, new ArrayList<>(), seen));
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
    waits.put(
        txn, new Wait(txn, wait.owner, wait.shard, waitNumber, blockers, wait.wanted, List.of()));
    return breakCircles(txn);
  }

  synchronized void remove(long txn) {
    waits.remove(txn);
  }

  /// Nobody waits at a shard any more: its locks went with the leader's term.
  public synchronized void forgetShard(int shard) {
    waits.values().removeIf(wait -> wait.shard == shard);
  }

  /// All waits, as they stand together at one moment.
  public synchronized List<Wait> list() {
    return List.copyOf(waits.values());
  }

  /// A session that holds locks of its own runs this transaction from now on, which waits for
  /// nothing yet: so no circle closes here.
  public synchronized void runs(long session, long txn) {
    running.put(session, txn);
  }

  /// The session is over.
  public synchronized void ended(long session) {
    running.remove(session);
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
    for (long named : wait.blockers) {
      if (leadsTo(goal, named, path, seen)) {
        return true;
      }
    }
    path.removeLast();
    return false;
  }

  private boolean leadsTo(long goal, long named, List<Long> path, Set<Long> seen) {
    long blocker = running.getOrDefault(named, named);
    return blocker == goal || seen.add(blocker) && search(goal, blocker, path, seen);
  }
}
