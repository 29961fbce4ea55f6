package io.trencadis.sharding.cluster;

import io.trencadis.sharding.raft.RaftHost;
import io.trencadis.sharding.raft.ReplicaId;
import io.trencadis.sharding.raft.ReplicationLog;
import io.trencadis.sharding.replica.GroupHome;
import io.trencadis.sharding.replica.Members;
import io.trencadis.sharding.replica.OracleReplica;
import io.trencadis.sharding.replica.ShardReplica;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/// The groups of which this node has a copy, by the newest map that it knows: opens what the map
/// gives it, and closes and deletes what the map has of it no more. The map in the node's file is
/// what a start goes by; a copy that is on disk and not in the map is one whose deletion was
/// interrupted. Thread-safe.
final class LocalGroups {
  private static final System.Logger LOG = System.getLogger(LocalGroups.class.getName());

  private final KnownMembers known;
  private final RaftHost host;
  private final List<ShardReplica> replicas;
  private final OracleReplica oracle;
  private final ReplicaFlusher flusher;
  private final ClusterConfig config;
  private final Consumer<Throwable> onFailure;
  private final ConcurrentMap<Integer, ReplicaId> open = new ConcurrentHashMap<>();

  // Guarded by this object's monitor.
  private boolean running;
  private boolean again;
  private boolean closed;

  LocalGroups(
      KnownMembers known,
      RaftHost host,
      List<ShardReplica> replicas,
      OracleReplica oracle,
      ReplicaFlusher flusher,
      ClusterConfig config,
      Consumer<Throwable> onFailure) {
    this.known = known;
    this.host = host;
    this.replicas = replicas;
    this.oracle = oracle;
    this.flusher = flusher;
    this.config = config;
    this.onFailure = onFailure;
  }

  /// How many there are, with the oracle's, which is the last.
  int count() {
    return replicas.size() + 1;
  }

  /// A group's log; one that knows nothing where this node has no copy.
  ReplicationLog log(int group) {
    return group < replicas.size() ? replicas.get(group).log() : oracle.log();
  }

  /// Whether this node has a copy.
  boolean has(int group) {
    return open.containsKey(group);
  }

  /// Opens what a start finds in the map.
  void start() throws IOException, InterruptedException {
    follow(known.members());
  }

  /// There is a newer map: follows it soon, on a thread of its own.
  synchronized void mapChanged() {
    again = true;
    if (!running && !closed) {
      running = true;
      Thread.ofVirtual().name("groups").start(this::run);
    }
  }

  private void run() {
    while (true) {
      synchronized (this) {
        if (!again || closed) {
          running = false;
          notifyAll();
          return;
        }
        again = false;
      }
      try {
        follow(known.members());
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      } catch (IOException | RuntimeException | Error failed) {
        if (!isClosed()) {
          onFailure.accept(failed);
        }
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void follow(Members members) throws IOException, InterruptedException {
    Map<Integer, Set<Integer>> found = host.found();
    for (int group = 0; group < count() && !isClosed(); group++) {
      GroupHome home = members.home(group);
      ReplicaId wanted = home.at(known.self());
      ReplicaId present = open.get(group);
      if (present != null && !present.equals(wanted)) {
        close(group);
      }
      for (int birth : found.getOrDefault(group, new TreeSet<>())) {
        if (wanted == null || wanted.birth() != birth) {
          erase(group, birth);
        }
      }
      if (wanted != null && !wanted.equals(present)) {
        open(group, wanted, home);
      }
    }
  }

  private void open(int group, ReplicaId self, GroupHome home) {
    // Those that a cluster begins with elect one of them; a later one waits to be taken in.
    Set<ReplicaId> voters = home.all();
    if (self.birth() > 0 || known.file().founders() == 0) {
      voters.remove(self);
    }
    int election = config.electionMillis();
    if (group < replicas.size()) {
      ShardReplica replica = replicas.get(group);
      replica.attach(host.open(group, self, voters, replica, election, config.leases()));
    } else {
      oracle.attach(host.open(group, self, voters, oracle, election, config.leases()));
    }
    open.put(group, self);
  }

  private void close(int group) {
    open.remove(group);
    log(group).close();
    if (group < replicas.size()) {
      replicas.get(group).detach();
    } else {
      oracle.detach();
    }
  }

  private void erase(int group, int birth) throws IOException, InterruptedException {
    if (group < replicas.size()) {
      flusher.erase(group);
    }
    host.erase(group, birth);
    LOG.log(
        System.Logger.Level.INFO,
        "this node has no copy of group " + group + " any more; its rows and its log are deleted");
  }

  /// Leaves all groups.
  void close() throws InterruptedException {
    synchronized (this) {
      closed = true;
      while (running) {
        wait();
      }
    }
    for (int group : Map.copyOf(new TreeMap<>(open)).keySet()) {
      close(group);
    }
  }
}
