package io.trencadis.cli;

import io.trencadis.sharding.cluster.ClusterNode;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A node of a cluster in this process, for [io.trencadis.testing.TrencadisCluster]. Thread-safe.
public final class EmbeddedNode implements AutoCloseable {
  private final ServerAssembly server;

  private EmbeddedNode(ServerAssembly server) {
    this.server = server;
  }

  /// Starts a node, and waits until it serves clients: until most of the others are there.
  ///
  /// @param port for SQL, on loopback; 0 for any free one
  /// @param shards of a new cluster
  /// @param join as `--join`; addresses of loopback
  /// @param advertise as `--advertise`
  public static EmbeddedNode start(Path data, int port, int shards, String join, String advertise) {
    return new EmbeddedNode(
        ServerAssembly.start(
            data,
            List.of(InetAddress.getLoopbackAddress()),
            port,
            shards,
            Map.of(ClusterOptions.JOIN, join, ClusterOptions.ADVERTISE, advertise),
            null));
  }

  /// Its port for SQL.
  public int port() {
    return server.port();
  }

  /// What it replicates.
  public ClusterNode member() {
    return server.member();
  }

  /// Ends sessions, has others lead, and leaves the data as they are on disk.
  @Override
  public void close() {
    server.endHandOver(true);
    server.close();
  }

  /// Ends as by a crash: nobody hears from it any more, and nothing is handed over.
  public void kill() {
    server.kill();
  }
}
