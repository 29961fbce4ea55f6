package io.trencadis.sharding.replica;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.sharding.raft.ReplicaId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Where the copies of a group are to be, and where there may still be some.
///
/// @param replicas those that are to vote, and no others
/// @param before empty when that is so; else also the copies that were to vote before, and that
///   their nodes must keep until it is
/// @param since the version of the list that has named these replicas first
public record GroupHome(Set<ReplicaId> replicas, Set<ReplicaId> before, long since) {
  public GroupHome {
    replicas = Collections.unmodifiableSet(new TreeSet<>(replicas));
    before = Collections.unmodifiableSet(new TreeSet<>(before));
  }

  /// Of a group that has its copies.
  static GroupHome first(Collection<Integer> nodes) {
    Set<ReplicaId> replicas = new TreeSet<>();
    nodes.forEach(node -> replicas.add(ReplicaId.first(node)));
    return new GroupHome(replicas, Set.of(), 0);
  }

  /// Whether the copies may be others yet than those that are to be.
  public boolean isMoving() {
    return !before.isEmpty();
  }

  /// The nodes that are to have a copy.
  public Set<Integer> nodes() {
    return ReplicaId.nodes(replicas);
  }

  /// All copies that may count.
  public Set<ReplicaId> all() {
    Set<ReplicaId> all = new TreeSet<>(replicas);
    all.addAll(before);
    return all;
  }

  /// The copy that a node has to keep; null for none.
  public ReplicaId at(int node) {
    for (ReplicaId each : all()) {
      if (each.node() == node) {
        return each;
      }
    }
    return null;
  }

  /// With copies on other nodes. A node that may still have one keeps it; another begins with
  /// nothing, as a copy that nobody has counted yet.
  GroupHome moved(Set<Integer> nodes, long version) {
    Set<ReplicaId> next = new TreeSet<>();
    for (int node : nodes) {
      ReplicaId kept = at(node);
      next.add(kept == null ? new ReplicaId(node, Math.toIntExact(version)) : kept);
    }
    return new GroupHome(next, all(), version);
  }

  GroupHome settled() {
    return new GroupHome(replicas, Set.of(), since);
  }

  void write(ByteWriter out) {
    out.putLong(since);
    write(out, replicas);
    write(out, before);
  }

  private static void write(ByteWriter out, Set<ReplicaId> replicas) {
    out.putInt(replicas.size());
    replicas.forEach(each -> out.putInt(each.node()).putInt(each.birth()));
  }

  static GroupHome read(ByteReader in) {
    long since = in.getLong();
    Set<ReplicaId> replicas = readReplicas(in);
    return new GroupHome(replicas, readReplicas(in), since);
  }

  private static Set<ReplicaId> readReplicas(ByteReader in) {
    Set<ReplicaId> replicas = new TreeSet<>();
    for (int left = in.getInt(); left > 0; left--) {
      int node = in.getInt();
      replicas.add(new ReplicaId(node, in.getInt()));
    }
    return replicas;
  }

  /// As `7: 0 1 3#7 < 0 1 2`: since when, the replicas, and those before if it is moving.
  @Override
  public String toString() {
    return since + ": " + text(replicas) + (isMoving() ? " < " + text(before) : "");
  }

  private static String text(Set<ReplicaId> replicas) {
    List<String> each = new ArrayList<>();
    replicas.forEach(replica -> each.add(replica.toString()));
    return String.join(" ", each);
  }

  /// Reads what [#toString] writes.
  ///
  /// @throws IllegalArgumentException for anything else
  public static GroupHome parse(String text) {
    int colon = text.indexOf(':');
    String[] parts = text.substring(colon + 1).split("<");
    return new GroupHome(
        replicas(parts[0]),
        parts.length == 1 ? Set.of() : replicas(parts[1]),
        Long.parseLong(text.substring(0, colon)));
  }

  private static Set<ReplicaId> replicas(String text) {
    Set<ReplicaId> replicas = new TreeSet<>();
    for (String each : text.strip().split(" ")) {
      replicas.add(ReplicaId.parse(each));
    }
    return replicas;
  }
}
