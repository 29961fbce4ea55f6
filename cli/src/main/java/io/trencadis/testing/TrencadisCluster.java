package io.trencadis.testing;

import io.trencadis.cli.EmbeddedNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// A cluster of nodes in this process, each with a PostgreSQL port of its own on loopback. The user
/// is `postgres`, without a password. Data lie in a temporary directory and go with the cluster.
///
/// Nodes fail at the caller's word: they can be killed and started again, paused, and parted from
/// each other. Within one process a failure is played, not had: a killed node is cut off from the
/// others and from its clients at once and then closed; a paused one neither hears nor says
/// anything, so its clients wait. Majorities go on after about a second, in which a new leader is
/// elected.
///
/// The JVM needs the options in the `pom.xml` of `docs/examples/testing`. Methods are for one
/// thread at a time; the ports are for any number.
public final class TrencadisCluster implements AutoCloseable {
  private static final int SHARDS = 3;
  private static final long START_SECONDS = 120;
  private static final long LOOK_MILLIS = 20;

  private final Path directory;
  private final List<String> addresses = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final List<EmbeddedNode> nodes = new ArrayList<>();
  private final Set<Integer> paused = new HashSet<>();
  private final Set<Integer> side = new HashSet<>();

  private TrencadisCluster(Path directory) {
    this.directory = directory;
  }

  /// Starts a cluster, and returns when it serves clients.
  ///
  /// @param nodes 1 to 7; three survive the loss of one
  /// @throws IllegalArgumentException for another number
  /// @throws UncheckedIOException if there is no room or no port
  public static TrencadisCluster inProcess(int nodes) {
    if (nodes < 1 || nodes > 7) {
      throw new IllegalArgumentException("a cluster has 1 to 7 nodes, not " + nodes);
    }
    TrencadisCluster cluster = null;
    try {
      cluster = new TrencadisCluster(Files.createTempDirectory("trencadis-testing"));
      cluster.choosePorts(nodes);
      cluster.startAll();
      return cluster;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      if (cluster != null) {
        cluster.close();
      }
      throw e;
    }
  }

  private void choosePorts(int count) throws IOException {
    List<ServerSocket> taken = new ArrayList<>();
    for (int i = 0; i < 2 * count; i++) {
      taken.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    for (int i = 0; i < count; i++) {
      addresses.add("127.0.0.1:" + taken.get(2 * i).getLocalPort());
      ports.add(taken.get(2 * i + 1).getLocalPort());
      nodes.add(null);
    }
    for (ServerSocket socket : taken) {
      socket.close();
    }
  }

  private void startAll() {
    List<CompletableFuture<EmbeddedNode>> starting = new ArrayList<>();
    for (int node = 0; node < nodes.size(); node++) {
      starting.add(starting(node));
    }
    for (int node = 0; node < nodes.size(); node++) {
      nodes.set(node, await(starting.get(node)));
    }
  }

  private CompletableFuture<EmbeddedNode> starting(int node) {
    return CompletableFuture.supplyAsync(
        () ->
            EmbeddedNode.start(
                directory.resolve("node" + node),
                ports.get(node),
                SHARDS,
                String.join(",", addresses),
                addresses.get(node)),
        task -> Thread.ofPlatform().daemon().name("trencadis-start-" + node).start(task));
  }

  private static EmbeddedNode await(CompletableFuture<EmbeddedNode> starting) {
    try {
      return starting.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a node does not start: " + e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("a node does not start within " + START_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// How many nodes there are, those that are down included.
  public int size() {
    return nodes.size();
  }

  /// Where a node listens for SQL, also after it was started again.
  public int port(int node) {
    return ports.get(node);
  }

  /// For a connection to one node.
  public String jdbcUrl(int node) {
    return "jdbc:postgresql://127.0.0.1:" + port(node) + "/postgres?user=postgres";
  }

  /// For a connection to whichever node answers first: pgJDBC tries them in turn.
  public String jdbcUrl() {
    List<String> hosts = ports.stream().map(port -> "127.0.0.1:" + port).toList();
    return "jdbc:postgresql://" + String.join(",", hosts) + "/postgres?user=postgres";
  }

  /// Ends a node as by a crash. Nothing happens to one that is down.
  public void kill(int node) {
    EmbeddedNode running = nodes.set(node, null);
    if (running != null) {
      running.kill();
      paused.remove(node);
    }
  }

  /// Starts a node again that was killed, with the data it had; returns when it serves clients.
  public void restart(int node) {
    if (nodes.get(node) == null) {
      nodes.set(node, await(starting(node)));
      wire();
    }
  }

  /// Holds a node up: it neither hears nor says anything, until [#resume].
  public void pause(int node) {
    paused.add(node);
    wire();
  }

  /// Takes [#pause] back.
  public void resume(int node) {
    paused.remove(node);
    wire();
  }

  /// Parts these nodes from all others, until [#heal] or another partition. Clients reach all of
  /// them as before; those of the smaller side wait.
  public void partition(int... nodesOfOneSide) {
    side.clear();
    for (int node : nodesOfOneSide) {
      side.add(node);
    }
    wire();
  }

  /// Mends all that [#partition] has cut.
  public void heal() {
    side.clear();
    wire();
  }

  /// Cuts and mends links, so that they are as the state wants it.
  private void wire() {
    for (int one = 0; one < nodes.size(); one++) {
      for (int other = 0; other < nodes.size(); other++) {
        if (one == other || nodes.get(one) == null) {
          continue;
        }
        boolean apart =
            paused.contains(one)
                || paused.contains(other)
                || side.contains(one) != side.contains(other);
        if (apart) {
          nodes.get(one).member().rpc().cut(other);
        } else {
          nodes.get(one).member().rpc().mend(other);
        }
      }
    }
  }

  /// Whether a node can serve clients, as far as it knows. It takes a node about a second to find
  /// out that it is alone.
  public boolean isReady(int node) {
    EmbeddedNode running = nodes.get(node);
    return running != null && running.member().obstacle() == null;
  }

  /// Waits until every node that is up can serve clients.
  ///
  /// @throws IllegalStateException if that takes too long
  public void awaitReady() {
    for (long looks = 0; looks * LOOK_MILLIS < START_SECONDS * 1_000; looks++) {
      boolean ready = true;
      for (int node = 0; node < nodes.size(); node++) {
        ready &= nodes.get(node) == null || isReady(node);
      }
      if (ready) {
        return;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
    throw new IllegalStateException("the nodes are not ready within " + START_SECONDS + " s");
  }

  /// Ends all nodes, and removes their data.
  @Override
  public void close() {
    for (int node = 0; node < nodes.size(); node++) {
      kill(node);
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
