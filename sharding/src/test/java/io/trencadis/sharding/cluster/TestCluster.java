package io.trencadis.sharding.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.Outside;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.local.DataDirectory;
import io.trencadis.sharding.local.LocalConfig;
import io.trencadis.sharding.local.LocalStore;
import io.trencadis.sharding.replica.Members;
import io.trencadis.storage.disk.RealDisk;
import io.trencadis.storage.history.HeapVersions;
import io.trencadis.storage.levels.StorageConfig;
import io.trencadis.storage.log.LogConfig;
import io.trencadis.storage.tree.LmdbSize;
import io.trencadis.storage.tree.LmdbTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Nodes of a cluster in this process, on loopback.
final class TestCluster implements AutoCloseable {
  static final int SHARDS = 4;
  private static final int SIZE = 3;

  /// For tests that expect no fault: a machine that is slow for a while is not taken for one that
  /// is gone.
  static final int PATIENT = 3_000;

  static final int HASTY = 500;

  private static final long NEVER_LARGE = 1L << 40;

  private final Path directory;
  private final int electionMillis;
  private final long balanceMillis;
  private long lostNodeMillis;
  private long largeBytes = NEVER_LARGE;
  private final List<InetSocketAddress> members = new ArrayList<>();
  final List<ClusterNode> nodes = new ArrayList<>();

  TestCluster(Path directory, int electionMillis) throws Exception {
    this(directory, electionMillis, 0);
  }

  /// @param balanceMillis 0: leaders stay where they were elected
  TestCluster(Path directory, int electionMillis, long balanceMillis) throws Exception {
    this(directory, electionMillis, balanceMillis, SIZE);
    startAll();
  }

  private TestCluster(Path directory, int electionMillis, long balanceMillis, int size)
      throws IOException {
    this.directory = directory;
    this.electionMillis = electionMillis;
    this.balanceMillis = balanceMillis;
    for (int port : freePorts(size)) {
      members.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      nodes.add(null);
    }
  }

  /// A cluster that is formed by more nodes.
  static TestCluster of(Path directory, int electionMillis, int size) throws Exception {
    return of(directory, electionMillis, size, 0);
  }

  /// A cluster that takes nodes out by itself.
  static TestCluster of(Path directory, int electionMillis, int size, long lostNodeMillis)
      throws Exception {
    TestCluster cluster = new TestCluster(directory, electionMillis, 0, size);
    cluster.lostNodeMillis = lostNodeMillis;
    cluster.startAll();
    return cluster;
  }

  /// A cluster where a transaction is large that has written so much at a shard. Its logs are kept.
  static TestCluster withLargeFrom(Path directory, int electionMillis, long largeBytes)
      throws Exception {
    TestCluster cluster = new TestCluster(directory, electionMillis, 0, SIZE);
    cluster.largeBytes = largeBytes;
    cluster.startAll();
    return cluster;
  }

  /// Fills a directory of a node on its own, a part of it in the log only.
  static void fillAlone(Path own) throws Exception {
    LocalStore store =
        LocalStore.open(DataDirectory.open(new RealDisk(), own), SHARDS, local(), _ -> {});
    try (store) {
      Node alone = new Node(Outside.real(), store, 0);
      Bank.fill(alone);
      alone.checkpoint();
      Bank.touch(alone);
    }
  }

  /// A cluster whose only node has its directory from a node on its own.
  static TestCluster ofOne(Path directory) throws Exception {
    TestCluster cluster = new TestCluster(directory, HASTY, 0, 1);
    ClusterNode.makeFirst(
        new RealDisk(),
        directory.resolve("node0"),
        cluster.config(List.of(), cluster.members.getFirst()),
        new SplittableRandom(),
        failure -> {
          throw new AssertionError(failure);
        });
    cluster.nodes.set(0, cluster.open("node0", List.of(), cluster.members.getFirst(), _ -> {}));
    cluster.awaitReady();
    return cluster;
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> taken = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      taken.add(socket);
      ports.add(socket.getLocalPort());
    }
    for (ServerSocket socket : taken) {
      socket.close();
    }
    return ports;
  }

  void startAll() throws Exception {
    List<CompletableFuture<ClusterNode>> starting = new ArrayList<>();
    for (int node = 0; node < nodes.size(); node++) {
      int number = node;
      starting.add(
          CompletableFuture.supplyAsync(
              () -> open(number), task -> Thread.ofPlatform().start(task)));
    }
    for (int node = 0; node < nodes.size(); node++) {
      nodes.set(node, starting.get(node).get(180, TimeUnit.SECONDS));
    }
    awaitReady();
  }

  void start(int node) {
    nodes.set(node, open(node));
  }

  private ClusterNode open(int node) {
    return open("node" + node, members, members.get(node), _ -> {});
  }

  /// Starts a node that asks all members to take it in.
  ///
  /// @param place among the addresses; a new one if there are not so many
  CompletableFuture<ClusterNode> join(String name, int place, Consumer<String> progress)
      throws IOException {
    if (place == members.size()) {
      members.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), freePorts(1).getFirst()));
    }
    List<InetSocketAddress> asked = List.copyOf(members);
    return CompletableFuture.supplyAsync(
        () -> open(name, asked, asked.get(place), progress),
        task -> Thread.ofPlatform().start(task));
  }

  /// Gives a node another address, for its next start.
  void move(int place) throws IOException {
    members.set(
        place, new InetSocketAddress(InetAddress.getLoopbackAddress(), freePorts(1).getFirst()));
  }

  /// Starts a directory at an address that no other has.
  ClusterNode openNew(String name, List<InetSocketAddress> join) throws Exception {
    InetSocketAddress own =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), freePorts(1).getFirst());
    DataDirectory opened = DataDirectory.open(new RealDisk(), directory.resolve(name));
    return ClusterNode.start(
        opened,
        config(join, own),
        Outside.real(),
        failure -> {
          throw new AssertionError(failure);
        },
        _ -> {});
  }

  List<InetSocketAddress> addresses() {
    return List.copyOf(members);
  }

  InetSocketAddress address(int place) {
    return members.get(place);
  }

  ClusterNode open(
      String name,
      List<InetSocketAddress> join,
      InetSocketAddress advertise,
      Consumer<String> progress) {
    try {
      return ClusterNode.start(
          DataDirectory.open(new RealDisk(), directory.resolve(name)),
          config(join, advertise),
          Outside.real(),
          failure -> {
            throw new AssertionError(failure);
          },
          progress);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private ClusterConfig config(List<InetSocketAddress> join, InetSocketAddress advertise) {
    return new ClusterConfig(
        List.copyOf(join),
        advertise,
        advertise,
        null,
        SHARDS,
        Members.DEFAULT_FACTOR,
        1 << 20,
        electionMillis,
        false,
        balanceMillis,
        lostNodeMillis,
        0,
        local(largeBytes, largeBytes < NEVER_LARGE ? 1 << 26 : 1 << 20));
  }

  static LocalConfig local() {
    return local(NEVER_LARGE, 1 << 20);
  }

  private static LocalConfig local(long largeBytes, long flushLogBytes) {
    return new LocalConfig(
        LogConfig.small(1 << 20),
        new StorageConfig(1 << 22, 1 << 20, 100),
        flushLogBytes,
        largeBytes,
        NEVER_LARGE,
        (tree, shards) -> LmdbTree.open(tree, shards, LmdbSize.DEFAULT),
        _ -> new HeapVersions());
  }

  void awaitReady() {
    await("all leaders", () -> running().allMatch(ClusterNode::isReady));
  }

  Stream<ClusterNode> running() {
    return nodes.stream().filter(Objects::nonNull);
  }

  /// Has all logs let go of what they can, and returns when they have.
  void compact(Path all) {
    for (int node = 0; node < nodes.size(); node++) {
      ClusterNode running = nodes.get(node);
      for (int shard = 0; running != null && shard < SHARDS; shard++) {
        Path snapshots = all.resolve("node" + node + "/raft/" + shard + "/snapshots");
        List<String> before = names(snapshots);
        running.replicas().get(shard).log().compact();
        await(
            "a snapshot in " + snapshots,
            () -> {
              List<String> now = names(snapshots);
              return !now.isEmpty() && !now.equals(before) && !now.contains("temp");
            });
      }
    }
  }

  /// Whether a node has begun with a copy of some shard.
  boolean hasCopy(Path all, int node) {
    for (int shard = 0; shard < SHARDS; shard++) {
      Path snapshots = all.resolve("node" + node + "/raft/" + shard + "/snapshots");
      for (String name : names(snapshots)) {
        if (names(snapshots.resolve(name)).contains("shard")) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<String> names(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException | UncheckedIOException vanished) {
      return List.of();
    }
  }

  /// Who leads each shard.
  List<Integer> leaders() {
    return nodes.getFirst().replicas().stream().map(replica -> replica.leader()).toList();
  }

  void stop(int node) throws IOException {
    nodes.get(node).close();
    nodes.set(node, null);
  }

  /// Nothing goes to a node any more, nor comes from it.
  void isolate(int node) {
    for (int other = 0; other < nodes.size(); other++) {
      if (other != node) {
        nodes.get(other).rpc().cut(node);
        nodes.get(node).rpc().cut(other);
      }
    }
  }

  void heal(int node) {
    for (int other = 0; other < nodes.size(); other++) {
      if (other != node) {
        nodes.get(other).rpc().mend(node);
        nodes.get(node).rpc().mend(other);
      }
    }
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, what);
      LockSupport.parkNanos(2_000_000);
    }
  }

  @Override
  public void close() throws IOException {
    for (ClusterNode node : nodes) {
      if (node != null) {
        node.close();
      }
    }
  }
}
