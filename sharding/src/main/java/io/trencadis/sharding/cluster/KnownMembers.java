package io.trencadis.sharding.cluster;

import io.trencadis.sharding.replica.Member;
import io.trencadis.sharding.replica.Members;
import io.trencadis.sharding.rpc.NodeRpc;
import io.trencadis.storage.disk.Disk;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The newest list of a cluster's nodes that this one has heard of, in memory and in its directory.
/// Thread-safe.
final class KnownMembers {
  private final Disk disk;
  private final Path directory;
  private final Consumer<Throwable> onFailure;

  /// Where somebody was found, whatever the list says.
  private final Map<Integer, InetSocketAddress> found = new ConcurrentHashMap<>();

  /// Places to ask, by the order of `--join`.
  private volatile List<InetSocketAddress> places;

  private volatile NodeFile file;
  private NodeRpc rpc;

  /// @param file null as long as the node belongs to no cluster
  KnownMembers(
      Disk disk,
      Path directory,
      NodeFile file,
      List<InetSocketAddress> places,
      Consumer<Throwable> onFailure) {
    this.disk = disk;
    this.directory = directory;
    this.file = file;
    this.places = places;
    this.onFailure = onFailure;
  }

  /// Whom to keep from talking to this node; before there is any list.
  synchronized void attach(NodeRpc network) {
    rpc = network;
    refuseThoseOut();
  }

  NodeFile file() {
    return file;
  }

  Members members() {
    return file.members();
  }

  /// How this node stands to its cluster.
  Member own() {
    NodeFile now = file;
    return now.members().find(now.node());
  }

  int self() {
    return file.node();
  }

  /// The node belongs to a cluster.
  synchronized void belong(NodeFile now) throws IOException {
    now.write(disk, directory);
    file = now;
    refuseThoseOut();
  }

  /// Takes a list, if it is newer.
  synchronized void learn(Members list) {
    if (list.version() <= file.members().version()) {
      return;
    }
    NodeFile now = file.with(list);
    try {
      now.write(disk, directory);
    } catch (IOException failed) {
      onFailure.accept(failed);
      return;
    }
    for (Member each : list.all()) {
      Member before = file.members().find(each.number());
      if (before != null && !before.address().equals(each.address())) {
        found.remove(each.number());
      }
    }
    file = now;
    refuseThoseOut();
  }

  private void refuseThoseOut() {
    if (rpc == null || file == null || file.members() == null) {
      return;
    }
    for (Member each : file.members().all()) {
      if (!each.isPresent() && each.number() != file.node()) {
        rpc.refuse(each.number(), outOf(each.number()));
      }
    }
  }

  /// What a node is told that is out.
  static String outOf(int node) {
    return "node "
        + node
        + " was taken out of the cluster; with an empty data directory it can join as a new one";
  }

  /// Where a node is; null for nobody knows, or nobody talks to it.
  InetSocketAddress address(int node) {
    if (node < NodeRpc.NOBODY) {
      List<InetSocketAddress> asked = places;
      int place = NodeRpc.NOBODY - 1 - node;
      return place < asked.size() ? asked.get(place) : null;
    }
    NodeFile now = file;
    Member member = now == null ? null : now.members().find(node);
    if (member == null || !member.isPresent()) {
      return null;
    }
    InetSocketAddress elsewhere = found.get(node);
    return elsewhere != null ? elsewhere : parse(member.address());
  }

  /// By what number the network knows a place.
  static int place(int index) {
    return NodeRpc.NOBODY - 1 - index;
  }

  List<InetSocketAddress> places() {
    return places;
  }

  void places(List<InetSocketAddress> asked) {
    places = List.copyOf(asked);
  }

  /// A node was found at a place.
  void found(int node, InetSocketAddress at) {
    found.put(node, at);
  }

  static InetSocketAddress parse(String address) {
    int colon = address.lastIndexOf(':');
    return InetSocketAddress.createUnresolved(
        address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }
}
