package io.trencadis.cli;

import io.trencadis.cli.http.Answer;
import io.trencadis.cli.http.Health;
import io.trencadis.cli.http.HttpPort;
import io.trencadis.cli.http.Page;
import io.trencadis.cli.metrics.MetricSources;
import io.trencadis.cli.metrics.NodeMetrics;
import io.trencadis.sql.session.settings.SettingsRegistry;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/// The node's HTTP port as the settings want it: probes and metrics, from before the log is read
/// until after the last checkpoint.
final class OperatorPort implements AutoCloseable {
  /// The setting of the port: a number, `off`, or empty for the usual one if it is free.
  static final String PORT = "trencadis.http_port";

  /// The setting of the address.
  static final String LISTEN = "trencadis.http_listen";

  static final int USUAL_PORT = 8080;

  private static final long REQUEST_MILLIS = 30_000;

  private final HttpPort http;
  private final InetAddress address;
  private final NodeMetrics metrics;

  private OperatorPort(HttpPort http, InetAddress address, NodeMetrics metrics) {
    this.http = http;
    this.address = address;
    this.metrics = metrics;
  }

  /// Listens, if the settings say so.
  ///
  /// @param err gets a line if nobody asked for the usual port and it is taken: two nodes on one
  ///   machine are no reason not to start
  /// @throws StartException if a port was asked for and cannot be had
  static OperatorPort open(SettingsRegistry settings, Health health, PrintWriter err) {
    return open(settings, health, err, USUAL_PORT);
  }

  /// @param usual the port where nobody asked for one
  static OperatorPort open(SettingsRegistry settings, Health health, PrintWriter err, int usual) {
    NodeMetrics metrics = new NodeMetrics(health::isReady);
    String asked = value(settings, PORT);
    if (asked.equals("off")) {
      return new OperatorPort(null, null, metrics);
    }
    InetAddress address = address(value(settings, LISTEN));
    int port = asked.isEmpty() ? usual : port(asked);
    Map<String, Page> pages =
        Map.of(
            "/health/live", health::live,
            "/health/ready", health::readiness,
            "/metrics", () -> new Answer(200, NodeMetrics.TYPE, metrics.text()));
    try {
      return new OperatorPort(
          HttpPort.open(address, port, pages, REQUEST_MILLIS), address, metrics);
    } catch (BindException e) {
      String remedy = "with --http-port, or none with --http-port off.";
      if (!asked.isEmpty()) {
        throw new StartException(
            e.getMessage()
                + ". If another server uses the port, stop it or give another port "
                + remedy);
      }
      err.println(
          "trencadis: "
              + e.getMessage()
              + ", so there are no probes and no metrics. Give another port "
              + remedy);
      return new OperatorPort(null, null, metrics);
    }
  }

  private static String value(SettingsRegistry settings, String name) {
    return settings.serverValue(settings.require(name));
  }

  private static int port(String text) {
    if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65535) {
      return Integer.parseInt(text);
    }
    throw StartException.usage(
        "--http-port must be between 0 (any free one) and 65535, or off, not " + text);
  }

  private static InetAddress address(String name) {
    try {
      return InetAddress.getByName(name.strip());
    } catch (UnknownHostException e) {
      throw StartException.usage(
          "cannot listen for HTTP on \""
              + name
              + "\": no such address. Give an IP address of this machine with --http-listen.");
    }
  }

  /// There is a server to measure.
  void started(MetricSources sources) {
    metrics.started(sources);
  }

  /// Where metrics are, or null if nowhere.
  String url() {
    if (http == null) {
      return null;
    }
    String host = address.getHostAddress();
    return "http://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + http.port()
        + "/metrics";
  }

  @Override
  public void close() {
    if (http != null) {
      http.close();
    }
  }
}
