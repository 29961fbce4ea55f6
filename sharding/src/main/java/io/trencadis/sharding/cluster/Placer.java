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
import java.util.function.IntToLongFunction;

/// Decides which nodes are to have a copy of which group: as many copies as there are to be, none
/// on a node that is to go, and on all nodes equally much: of copies where they are small or of one
/// size equally many, or one more. It answers with the next version of the list, for one moment:
/// what is moving by then, and what has arrived. Nothing is kept from call to call.
final class Placer {
  /// A group that is smaller is hardly more than one more group.
  private static final double SMALL_BYTES = 64 << 20;

  /// What moves is at most so much of the difference: else hardly anything is gained.
  private static final double MUCH = 0.75;

  private final Members members;
  private final IntPredicate isHeard;
  private final int mostMoving;
  private final List<Set<Integer>> nodes = new ArrayList<>();
  private final double[] weights;
  private final Map<Integer, Double> load = new HashMap<>();
  private final Map<Integer, Set<Integer>> moved = new TreeMap<>();

  /// Nodes that may have copies: those that are members, and one that joins as soon as it is there.
  private final Set<Integer> eligible = new TreeSet<>();

  private int moving;

  private Placer(
      Members members,
      Set<Integer> arrived,
      IntPredicate isHeard,
      IntToLongFunction bytes,
      int mostMoving) {
    this.members = members;
    this.isHeard = isHeard;
    this.mostMoving = mostMoving;
    for (Member each : members.all()) {
      if (each.state() == Member.State.MEMBER
          || each.state() == Member.State.JOINING && isHeard.test(each.number())) {
        eligible.add(each.number());
        load.put(each.number(), 0.0);
      }
    }
    weights = weights(members.homes().size(), bytes);
    for (int group = 0; group < members.homes().size(); group++) {
      double weight = weights[group];
      nodes.add(new TreeSet<>(members.home(group).nodes()));
      nodes.getLast().forEach(node -> load.merge(node, weight, Double::sum));
      moving += members.home(group).isMoving() && !arrived.contains(group) ? 1 : 0;
    }
  }

  /// What a copy of each group counts: 1 for being one, and its size in that of a usual group, for
  /// the disk that it takes and the work that it is likely to make.
  private static double[] weights(int groups, IntToLongFunction bytes) {
    double[] weights = new double[groups];
    double sum = 0;
    for (int group = 0; group < groups; group++) {
      weights[group] = bytes.applyAsLong(group);
      sum += weights[group];
    }
    double usual = Math.max(SMALL_BYTES, sum / groups);
    for (int group = 0; group < groups; group++) {
      weights[group] = 1 + weights[group] / usual;
    }
    return weights;
  }

  /// What comes next.
  ///
  /// @param arrived groups whose copies are known to be where they are to be
  /// @param bytes how large each group is; 0 where that is not known
  /// @param mostMoving so many groups move at once
  /// @return null if the list is to stay as it is
  static Members next(
      Members members,
      Set<Integer> arrived,
      IntPredicate isHeard,
      IntToLongFunction bytes,
      int mostMoving) {
    Placer placer = new Placer(members, arrived, isHeard, bytes, mostMoving);
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
                      .thenComparing(node -> load.getOrDefault(node, 0.0)))
              .orElseThrow());
    }
  }

  /// The one with the least of those that are there; -1 if none is.
  private int least(Set<Integer> candidates) {
    return candidates.stream()
        .filter(isHeard::test)
        .min(Comparator.comparing(load::get))
        .orElse(-1);
  }

  private void move(int group, Set<Integer> changed) {
    for (int node : nodes.get(group)) {
      if (!changed.contains(node)) {
        load.merge(node, -weights[group], Double::sum);
      }
    }
    for (int node : changed) {
      if (!nodes.get(group).contains(node)) {
        load.merge(node, weights[group], Double::sum);
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

  /// One group at a time from the node that has most to the one that has least.
  private void balance() {
    Set<Integer> there = new TreeSet<>(eligible);
    there.removeIf(node -> !isHeard.test(node));
    while (moving < mostMoving && there.size() > 1) {
      int most = there.stream().max(Comparator.comparing(load::get)).orElseThrow();
      int fewest = least(there);
      int group = movable(most, fewest, load.get(most) - load.get(fewest));
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

  /// A group that rests and has a copy on one node and none on the other: the one that brings both
  /// closest to each other; -1 if none does so by much. Each such step makes the sum of the squares
  /// of what the nodes have smaller, so they come to an end.
  ///
  /// @param difference by how much the one has more
  private int movable(int from, int to, double difference) {
    int found = -1;
    for (int group = 0; group < nodes.size(); group++) {
      double off = Math.abs(difference / 2 - weights[group]);
      if (weights[group] <= MUCH * difference
          && (found < 0 || off < Math.abs(difference / 2 - weights[found]))
          && !members.home(group).isMoving()
          && !moved.containsKey(group)
          && nodes.get(group).contains(from)
          && !nodes.get(group).contains(to)) {
        found = group;
      }
    }
    return found;
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
