package io.trencadis.sharding.cluster;

import io.trencadis.sharding.replica.GroupHome;
import io.trencadis.sharding.replica.Member;
import io.trencadis.sharding.replica.Members;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/// Decides which nodes are to have a copy of which group: as many copies as there are to be, none
/// on a node that is to go, and on all nodes equally many, or one more. It answers with the next
/// version of the list, for one moment: what is moving by then, and what has arrived. Nothing is
/// kept from call to call.
final class Placer {
  private final Members members;
  private final IntPredicate isHeard;
  private final int mostMoving;
  private final List<Set<Integer>> nodes = new ArrayList<>();
  private final Map<Integer, Integer> load = new HashMap<>();
  private final Map<Integer, Set<Integer>> moved = new TreeMap<>();

  /// Nodes that may have copies: those that are members, and one that joins as soon as it is there.
  private final Set<Integer> eligible = new TreeSet<>();

  private int moving;

  private Placer(Members members, Set<Integer> arrived, IntPredicate isHeard, int mostMoving) {
    this.members = members;
    this.isHeard = isHeard;
    this.mostMoving = mostMoving;
    for (Member each : members.all()) {
      if (each.state() == Member.State.MEMBER
          || each.state() == Member.State.JOINING && isHeard.test(each.number())) {
        eligible.add(each.number());
        load.put(each.number(), 0);
      }
    }
    for (int group = 0; group < members.homes().size(); group++) {
      nodes.add(new TreeSet<>(members.home(group).nodes()));
      nodes.getLast().forEach(node -> load.merge(node, 1, Integer::sum));
      moving += members.home(group).isMoving() && !arrived.contains(group) ? 1 : 0;
    }
  }

  /// What comes next.
  ///
  /// @param arrived groups whose copies are known to be where they are to be
  /// @param mostMoving so many groups move at once
  /// @return null if the list is to stay as it is
  static Members next(Members members, Set<Integer> arrived, IntPredicate isHeard, int mostMoving) {
    Placer placer = new Placer(members, arrived, isHeard, mostMoving);
    placer.mend(arrived);
    if (placer.moved.isEmpty() && placer.hasAllCopies()) {
      placer.balance();
    }
    if (!arrived.isEmpty() || !placer.moved.isEmpty()) {
      return members.mapped(arrived, placer.moved);
    }
    return placer.moving == 0 && placer.isSettled() ? members.settled() : null;
  }

  /// Copies that are missing, on nodes that are to go, or too many.
  private void mend(Set<Integer> arrived) {
    for (int group = 0; group < nodes.size(); group++) {
      GroupHome home = members.home(group);
      boolean rests = !home.isMoving() || arrived.contains(group);
      Set<Integer> changed = new TreeSet<>(nodes.get(group));
      for (int node : nodes.get(group)) {
        Member.State state = members.find(node).state();
        if (state != Member.State.MEMBER && state != Member.State.JOINING) {
          replace(changed, node);
        }
      }
      if (rests) {
        resize(group, changed);
      }
      if (!changed.equals(nodes.get(group)) && (!rests || moving < mostMoving)) {
        move(group, changed);
        moving += rests ? 1 : 0;
      }
    }
  }

  private void replace(Set<Integer> changed, int node) {
    Set<Integer> others = new TreeSet<>(eligible);
    others.removeAll(changed);
    int other = least(others);
    if (other >= 0) {
      changed.remove(node);
      changed.add(other);
    } else if (others.isEmpty() && changed.size() > 1) {
      changed.remove(node);
    }
  }

  private void resize(int group, Set<Integer> changed) {
    int copies = Members.copies(group, nodes.size(), members.factor(), eligible.size());
    while (changed.size() < copies) {
      Set<Integer> others = new TreeSet<>(eligible);
      others.removeAll(changed);
      int other = least(others);
      if (other < 0) {
        return;
      }
      changed.add(other);
    }
    while (changed.size() > Math.max(1, copies)) {
      changed.remove(
          changed.stream()
              .max(
                  Comparator.comparing((Integer node) -> !isHeard.test(node))
                      .thenComparing(node -> load.getOrDefault(node, 0)))
              .orElseThrow());
    }
  }

  /// The one with the fewest copies of those that are there; -1 if none is.
  private int least(Set<Integer> candidates) {
    return candidates.stream()
        .filter(isHeard::test)
        .min(Comparator.comparing(load::get))
        .orElse(-1);
  }

  private void move(int group, Set<Integer> changed) {
    for (int node : nodes.get(group)) {
      if (!changed.contains(node)) {
        load.merge(node, -1, Integer::sum);
      }
    }
    for (int node : changed) {
      if (!nodes.get(group).contains(node)) {
        load.merge(node, 1, Integer::sum);
      }
    }
    nodes.set(group, changed);
    moved.put(group, changed);
  }

  private boolean hasAllCopies() {
    for (int group = 0; group < nodes.size(); group++) {
      if (!eligible.containsAll(nodes.get(group))
          || nodes.get(group).size()
              != Members.copies(group, nodes.size(), members.factor(), eligible.size())) {
        return false;
      }
    }
    return true;
  }

  /// One group at a time from the node that has most to the one that has fewest.
  private void balance() {
    Set<Integer> there = new TreeSet<>(eligible);
    there.removeIf(node -> !isHeard.test(node));
    for (int group = nodes.size() - 1; moving < mostMoving && there.size() > 1; ) {
      int most = there.stream().max(Comparator.comparing(load::get)).orElseThrow();
      int fewest = least(there);
      if (load.get(most) - load.get(fewest) < 2) {
        return;
      }
      group = movable(group, most, fewest);
      if (group < 0) {
        return;
      }
      Set<Integer> changed = new TreeSet<>(nodes.get(group));
      changed.remove(most);
      changed.add(fewest);
      move(group, changed);
      moving++;
    }
  }

  /// A group that rests and has a copy on one node and none on the other; -1 if there is none.
  private int movable(int after, int from, int to) {
    for (int i = 1; i <= nodes.size(); i++) {
      int group = (after + i) % nodes.size();
      if (!members.home(group).isMoving()
          && !moved.containsKey(group)
          && nodes.get(group).contains(from)
          && !nodes.get(group).contains(to)) {
        return group;
      }
    }
    return -1;
  }

  /// Whether nodes are on their way, and nothing keeps them from their end.
  private boolean isSettled() {
    boolean any = false;
    for (Member each : members.all()) {
      switch (each.state()) {
        case JOINING -> {
          if (!isHeard.test(each.number())) {
            return false;
          }
          any = true;
        }
        case DRAINING, LOST -> {
          if (nodes.stream().anyMatch(group -> group.contains(each.number()))) {
            return false;
          }
          any = true;
        }
        case MEMBER, GONE -> {}
      }
    }
    return any && hasAllCopies();
  }
}
