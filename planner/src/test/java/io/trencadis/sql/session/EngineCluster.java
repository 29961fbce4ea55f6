package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.Outside;
import io.trencadis.sharding.cluster.ClusterConfig;
import io.trencadis.sharding.cluster.ClusterNode;
import io.trencadis.sharding.local.DataDirectory;
import io.trencadis.sharding.local.LocalConfig;
import io.trencadis.sql.session.settings.SettingsRegistry;
import io.trencadis.sql.system.CatalogAnswers;
import io.trencadis.sql.system.SystemCatalog;
import io.trencadis.storage.disk.RealDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Three nodes in this process that share their data, each with an engine, without a wire protocol.
final class EngineCluster implements AutoCloseable {
  private static final int NODES = 3;
  private static final int SHARDS = 4;

  /// No fault is expected: a machine that is slow for a while is not taken for one that is gone.
  private static final int ELECTION_MILLIS = 3_000;

  private final List<ClusterNode> nodes = new ArrayList<>();
  private final List<LocalSqlEngine> engines = new ArrayList<>();

  EngineCluster(Path directory) throws Exception {
    this(directory, SHARDS, 0);
  }

  /// @param shards how many the nodes share
  /// @param balanceMillis how long to rest between two moves of leaders, so that all lead equally
  ///   many; 0 for never
  EngineCluster(Path directory, int shards, long balanceMillis) throws Exception {
    List<InetSocketAddress> members = addresses();
    List<CompletableFuture<ClusterNode>> starting = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      Path own = directory.resolve("node" + i);
      InetSocketAddress address = members.get(i);
      starting.add(
          CompletableFuture.supplyAsync(
              () -> start(own, members, address, shards, balanceMillis),
              task -> Thread.ofPlatform().start(task)));
    }
    for (CompletableFuture<ClusterNode> each : starting) {
      nodes.add(each.get(120, TimeUnit.SECONDS));
    }
    for (ClusterNode node : nodes) {
      while (node.obstacle() != null) {
        LockSupport.parkNanos(10_000_000);
      }
    }
    for (ClusterNode node : nodes) {
      engines.add(engine(node, Map.of("TimeZone", "UTC")));
    }
  }

  private static LocalSqlEngine engine(ClusterNode node, Map<String, String> settings) {
    SystemCatalog catalog = new SystemCatalog();
    return new LocalSqlEngine(
        node.gateway(),
        Outside.real(),
        new SettingsRegistry(settings),
        catalog,
        new CatalogAnswers(catalog),
        password -> password,
        null);
  }

  private static List<InetSocketAddress> addresses() throws IOException {
    List<ServerSocket> taken = new ArrayList<>();
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      taken.add(socket);
      addresses.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
    }
    for (ServerSocket socket : taken) {
      socket.close();
    }
    return addresses;
  }

  private static ClusterNode start(
      Path directory,
      List<InetSocketAddress> members,
      InetSocketAddress address,
      int shards,
      long balanceMillis) {
    ClusterConfig config =
        new ClusterConfig(
            members,
            address,
            address,
            null,
            shards,
            NODES,
            0,
            ELECTION_MILLIS,
            false,
            balanceMillis,
            0,
            0,
            LocalConfig.server());
    try {
      return ClusterNode.start(
          DataDirectory.open(new RealDisk(), directory),
          config,
          Outside.real(),
          failure -> {
            throw new AssertionError(failure);
          },
          _ -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  List<ClusterNode> nodes() {
    return nodes;
  }

  /// Waits until not all shards are led by one node, and all nodes know.
  void awaitSeveralLeaders(int shards) {
    for (ClusterNode node : nodes) {
      while (IntStream.range(0, shards).map(node::leader).distinct().count() < 2) {
        LockSupport.parkNanos(10_000_000);
      }
    }
  }

  /// A session at a node.
  SqlScript session(int node) {
    return new SqlScript(engines.get(node));
  }

  /// A session of an engine of its own at a node, without some rules of planning.
  SqlScript session(int node, String disabledRules) {
    return new SqlScript(
        engine(
            nodes.get(node), Map.of("TimeZone", "UTC", "trencadis.disabled_rules", disabledRules)));
  }

  @Override
  public void close() throws IOException {
    for (ClusterNode node : nodes) {
      node.close();
    }
  }

  /// The rows of a query, sorted, or the SQLSTATE that it fails with.
  static List<String> rows(SqlScript session, String sql) {
    List<String> lines = session.run(sql);
    if (!lines.isEmpty() && lines.getLast().startsWith("ERROR")) {
      return List.of(lines.getLast().substring(0, 11));
    }
    List<String> out = new ArrayList<>(lines);
    Collections.sort(out);
    return out;
  }

  /// Runs what must not fail.
  static void run(SqlScript session, String sql) {
    List<String> answer = session.run(sql);
    assertTrue(answer.stream().noneMatch(line -> line.startsWith("ERROR")), sql + ": " + answer);
  }
}
