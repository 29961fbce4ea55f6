package io.trencadis.sharding.raft;

import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

/// One node's copy of a group's log, as the group knows it. A copy that was taken from a node and
/// deleted has voted, and has held entries, of which nothing is left; one that the node is given
/// later is another one, with another birth (rule 18 for copies). Whoever still counts the first
/// one as a voter asks it in vain.
///
/// @param node the node's number
/// @param birth 0 for the copies that a cluster begins with; later ones have higher numbers on the
///   same node
public record ReplicaId(int node, int birth) implements Comparable<ReplicaId> {
  private static final Comparator<ReplicaId> ORDER =
      Comparator.comparingInt(ReplicaId::node).thenComparingInt(ReplicaId::birth);

  /// A copy that a cluster begins with.
  public static ReplicaId first(int node) {
    return new ReplicaId(node, 0);
  }

  /// The nodes that have copies.
  public static Set<Integer> nodes(Iterable<ReplicaId> replicas) {
    Set<Integer> nodes = new TreeSet<>();
    replicas.forEach(each -> nodes.add(each.node));
    return nodes;
  }

  @Override
  public int compareTo(ReplicaId other) {
    return ORDER.compare(this, other);
  }

  /// As `3`, or `3#7` for one that is not the node's first.
  @Override
  public String toString() {
    return birth == 0 ? Integer.toString(node) : node + "#" + birth;
  }

  /// Reads what [#toString] writes.
  ///
  /// @throws NumberFormatException for anything else
  public static ReplicaId parse(String text) {
    int hash = text.indexOf('#');
    return hash < 0
        ? first(Integer.parseInt(text))
        : new ReplicaId(
            Integer.parseInt(text.substring(0, hash)), Integer.parseInt(text.substring(hash + 1)));
  }
}
