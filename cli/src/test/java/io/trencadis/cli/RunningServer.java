package io.trencadis.cli;

import io.trencadis.cli.metrics.NodeMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// A server in this process on a free port of the loopback interface, for tests with real clients.
public final class RunningServer implements AutoCloseable {
  private final ServerAssembly server;
  private final Path data;

  private RunningServer(ServerAssembly server, Path data) {
    this.server = server;
    this.data = data;
  }

  public static RunningServer start() {
    return start(Map.of());
  }

  /// @param settings beside the time zone, which is UTC
  public static RunningServer start(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("TimeZone", "UTC");
    try {
      Path data = Files.createTempDirectory("trencadis-test");
      return new RunningServer(
          ServerAssembly.start(data, List.of(InetAddress.getLoopbackAddress()), 0, 4, all, null),
          data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.port();
  }

  /// What Prometheus would read.
  public String metrics() {
    NodeMetrics metrics = new NodeMetrics(() -> true);
    metrics.started(server.metricSources());
    return metrics.text();
  }

  public Connection connect(String... options) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    for (int i = 0; i < options.length; i += 2) {
      properties.setProperty(options[i], options[i + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port() + "/postgres", properties);
  }

  @Override
  public void close() {
    server.close();
    try {
      Directories.delete(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
