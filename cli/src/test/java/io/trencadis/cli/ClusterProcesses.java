package io.trencadis.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Three nodes of a cluster, each in a process of its own, on loopback.
final class ClusterProcesses implements AutoCloseable {
  static final int NODES = 3;
  static final int SHARDS = 6;
  private static final int WAIT_SECONDS = 180;
  private static final long LOOK_NANOS = 20_000_000;

  /// For tests whose clients expect no fault: a machine that is slow for a while is not taken for
  /// one that is gone.
  static final String PATIENT = "10s";

  /// What the server does unless told otherwise.
  static final String USUAL = "1s";

  private final Path directory;
  private final String electionTimeout;
  private final List<String> addresses = new ArrayList<>();
  private final List<ServerProcess> nodes = new ArrayList<>();

  private ClusterProcesses(Path directory, String electionTimeout) {
    this.directory = directory;
    this.electionTimeout = electionTimeout;
  }

  static ClusterProcesses start(String electionTimeout) throws Exception {
    ClusterProcesses cluster =
        new ClusterProcesses(Files.createTempDirectory("trencadis-cluster"), electionTimeout);
    try {
      cluster.prepare();
      cluster.launchAll();
      return cluster;
    } catch (Exception | Error e) {
      cluster.close();
      throw e;
    }
  }

  private void prepare() throws Exception {
    List<ServerSocket> taken = new ArrayList<>();
    for (int node = 0; node < NODES; node++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      taken.add(socket);
      addresses.add("127.0.0.1:" + socket.getLocalPort());
    }
    for (int node = 0; node < NODES; node++) {
      nodes.add(ServerProcess.prepare(directory.resolve("node" + node), options(node)));
    }
    for (ServerSocket socket : taken) {
      socket.close();
    }
  }

  private List<String> options(int node) {
    return List.of(
        "--shards",
        Integer.toString(SHARDS),
        "--set",
        "trencadis.election_timeout=" + electionTimeout,
        "--set",
        "trencadis.balance_interval=" + (electionTimeout.equals(PATIENT) ? "0" : "2s"),
        "--join",
        members(),
        "--advertise",
        addresses.get(node));
  }

  String members() {
    return String.join(",", addresses);
  }

  String address(int node) {
    return addresses.get(node);
  }

  ServerProcess node(int node) {
    return nodes.get(node);
  }

  /// Starts all nodes at once.
  void launchAll() throws Exception {
    for (ServerProcess node : nodes) {
      node.launch();
    }
    for (ServerProcess node : nodes) {
      node.awaitReady();
    }
  }

  void start(int node) throws Exception {
    nodes.get(node).launch();
    nodes.get(node).awaitReady();
  }

  /// A connection that does not wait for a node that is gone for ever.
  Connection connect(int node) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "30");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + nodes.get(node).port() + "/postgres", properties);
  }

  /// The only value of a query's only row.
  long number(int node, String sql) throws SQLException {
    try (Connection connection = connect(node);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /// How many groups a node leads, as another finds it.
  int leads(int node, int askedAt) throws SQLException {
    return (int) number(askedAt, "SELECT count(*) FROM trencadis_shards WHERE leader = " + node);
  }

  int oracleLeader(int askedAt) throws SQLException {
    return (int)
        number(askedAt, "SELECT coalesce(leader, -1) FROM trencadis_shards WHERE kind = 'oracle'");
  }

  /// The node that leads most, or least.
  int leader(boolean most) throws SQLException {
    int found = 0;
    for (int node = 1; node < NODES; node++) {
      int difference = leads(node, 0) - leads(found, 0);
      if (most ? difference > 0 : difference < 0) {
        found = node;
      }
    }
    return found;
  }

  /// Something that becomes true.
  interface Condition {
    boolean holds() throws SQLException;
  }

  /// Waits, with patience for servers that are busy with a fault.
  static void await(String what, Condition condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    SQLException last = null;
    while (System.nanoTime() < end) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (SQLException e) {
        last = e;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    throw new AssertionError("not within " + WAIT_SECONDS + " s: " + what, last);
  }

  @Override
  public void close() throws IOException {
    for (ServerProcess node : nodes) {
      if (node.isAlive()) {
        node.kill();
      }
    }
    Directories.delete(directory);
  }
}
