package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three containers of the project's own image as one cluster, with certificates and a volume each:
/// the network between them is cut and healed, a volume lost and its node replaced, and all are
/// restarted one after the other, while clients write through whichever node answers. Skipped where
/// [ImageTest] is. The nodes have names that stay, as in a StatefulSet; where they are changes.
class ClusterImageTest {
  private static final String PASSWORD = "tessera";
  private static final String DATA = "/var/lib/trencadis";
  private static final String CERTS = "/opt/trencadis/certs/";
  private static final int PORT = 5432;
  private static final int NODES = 3;
  private static final int CLIENTS = 4;
  private static final long MEMORY = 1L << 30;

  /// For whatever the machine may be busy with.
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(180);

  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final String network = "trencadis-test-" + run;
  private final AtomicReferenceArray<String> containers = new AtomicReferenceArray<>(NODES);
  private final List<String> volumes = new ArrayList<>();
  private DockerClient engine;
  private String image;
  private Path certs;

  // ---- containers

  private static String name(int node) {
    return "node" + (node + 1);
  }

  private void create(int node) {
    String volume = "trencadis-test-" + run + "-" + volumes.size();
    engine.createVolumeCmd().withName(volume).exec();
    volumes.add(volume);
    List<String> members = new ArrayList<>();
    for (int each = 0; each < NODES; each++) {
      members.add(name(each) + ":7400");
    }
    String created =
        engine
            .createContainerCmd(image)
            .withHostName(name(node))
            .withEnv("TRENCADIS_PASSWORD=" + PASSWORD)
            .withExposedPorts(ExposedPort.tcp(PORT))
            .withHostConfig(
                HostConfig.newHostConfig()
                    .withMemory(MEMORY)
                    .withBinds(new Bind(volume, new Volume(DATA)))
                    .withPortBindings(PortBinding.parse(TestImage.binding(PORT))))
            .withCmd(
                "start",
                "--shards",
                "6",
                "--join",
                String.join(",", members),
                "--advertise",
                name(node) + ":7400",
                "--set",
                "trencadis.node_cert_file=" + CERTS + "server.crt",
                "--set",
                "trencadis.node_key_file=" + CERTS + "server.key",
                "--set",
                "trencadis.node_ca_file=" + CERTS + "ca.crt")
            .exec()
            .getId();
    engine
        .copyArchiveToContainerCmd(created)
        .withHostResource(certs.toString())
        .withRemotePath("/opt/trencadis")
        .exec();
    containers.set(node, created);
    connectToOthers(node);
    engine.startContainerCmd(created).exec();
  }

  private void connectToOthers(int node) {
    engine
        .connectToNetworkCmd()
        .withNetworkId(network)
        .withContainerId(containers.get(node))
        .withContainerNetwork(new ContainerNetwork().withAliases(name(node)))
        .exec();
  }

  private void cutOff(int node) {
    engine
        .disconnectFromNetworkCmd()
        .withNetworkId(network)
        .withContainerId(containers.get(node))
        .withForce(true)
        .exec();
  }

  @AfterEach
  void removeAll() {
    if (engine == null) {
      return;
    }
    for (int node = 0; node < NODES; node++) {
      if (containers.get(node) != null) {
        engine.removeContainerCmd(containers.get(node)).withForce(true).exec();
      }
    }
    for (String volume : volumes) {
      try {
        engine.removeVolumeCmd(volume).exec();
      } catch (NotFoundException lost) {
        // By the test.
      }
    }
    engine.removeNetworkCmd(network).exec();
  }

  private void say(String what) {
    System.out.println("containers: " + what);
  }

  // ---- clients

  private Connection connect(int node) throws SQLException {
    Ports.Binding[] bound;
    try {
      bound =
          engine
              .inspectContainerCmd(containers.get(node))
              .exec()
              .getNetworkSettings()
              .getPorts()
              .getBindings()
              .get(ExposedPort.tcp(PORT));
    } catch (NotFoundException gone) {
      throw new SQLException("there is no such container", "08001", gone);
    }
    if (bound == null || bound.length == 0) {
      throw new SQLException("the container does not run", "08001");
    }
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("password", PASSWORD);
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "15");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + bound[0].getHostPortSpec() + "/postgres", properties);
  }

  private long number(int node, String sql) throws SQLException {
    try (Connection connection = connect(node);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private interface Condition {
    boolean holds() throws SQLException;
  }

  private static void await(String what, Condition condition) throws InterruptedException {
    long end = System.nanoTime() + WAIT_NANOS;
    SQLException last = null;
    while (System.nanoTime() < end) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (SQLException notYet) {
        last = notYet;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("not in time: " + what, last);
  }

  private void awaitServing(int node) throws InterruptedException {
    await(name(node) + " serves", () -> number(node, "SELECT count(*) FROM tile") >= 0);
  }

  /// Clients that write one row after the other, each until it is told that the row is there.
  private final class Load implements AutoCloseable {
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger retried = new AtomicInteger();
    private final AtomicReference<String> fault = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stop;

    Load() {
      for (int client = 0; client < CLIENTS; client++) {
        int first = client;
        threads.add(Thread.ofPlatform().daemon().start(() -> work(first)));
      }
    }

    private void work(int first) {
      for (int node = first; !stop; ) {
        int id = next.incrementAndGet();
        long end = System.nanoTime() + WAIT_NANOS;
        while (!write(node % NODES, id)) {
          // To any other node, with another connection.
          node++;
          retried.incrementAndGet();
          if (System.nanoTime() > end) {
            fault.compareAndSet(null, "row " + id + " is not written, however often it is tried");
            return;
          }
        }
        written.incrementAndGet();
      }
    }

    private boolean write(int node, int id) {
      try (Connection connection = connect(node);
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("INSERT INTO tile VALUES (" + id + ", 'colour " + id + "')");
        statement.execute("UPDATE painted SET n = n + 1 WHERE part = " + id % 16);
        connection.commit();
        return true;
      } catch (SQLException failed) {
        String state = failed.getSQLState();
        if ("23505".equals(state)) {
          // The try before had committed, and nobody could say so.
          return true;
        }
        if (!state.startsWith("08") && !state.startsWith("57P") && !state.equals("40001")) {
          fault.compareAndSet(null, "row " + id + ": " + failed + " (" + state + ")");
        }
        return false;
      }
    }

    void awaitProgress(String what) throws InterruptedException {
      int before = written.get();
      await(what, () -> fault.get() != null || written.get() >= before + 20);
      assertEquals(null, fault.get());
      say(what + ": " + written + " rows written, " + retried + " tries again");
    }

    /// Nobody goes on when the test has failed.
    @Override
    public void close() {
      stop = true;
    }

    void end() throws InterruptedException {
      stop = true;
      for (Thread thread : threads) {
        thread.join(TimeUnit.NANOSECONDS.toMillis(WAIT_NANOS));
      }
    }
  }

  // ---- the test

  @Test
  void aCutNetworkALostVolumeAndARollingRestartLoseNothing(@TempDir Path folder) throws Exception {
    image = TestImage.require();
    engine = TestImage.engine();
    engine.createNetworkCmd().withName(network).exec();
    certs = folder.resolve("certs");
    Path ca = folder.resolve("ca");
    assertEquals(0, CommandRun.of("cert", "--ca", "--out", ca).exitCode());
    assertEquals(
        0,
        CommandRun.of(
                "cert", "--signed-by", ca, "--out", certs, "--host", "node1,node2,node3,localhost")
            .exitCode());
    Files.copy(ca.resolve("ca.crt"), certs.resolve("ca.crt"));
    // Read by the user that the nodes run as.
    Files.setPosixFilePermissions(
        certs.resolve("server.key"), PosixFilePermissions.fromString("rw-r--r--"));
    for (int node = 0; node < NODES; node++) {
      create(node);
    }
    await(
        "three nodes are one cluster",
        () -> number(0, "SELECT count(*) FROM trencadis_nodes WHERE reachable") == NODES);
    try (Connection connection = connect(1);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE tile (id int PRIMARY KEY, colour text)");
      statement.execute("CREATE TABLE painted (part int PRIMARY KEY, n int)");
      statement.execute("INSERT INTO painted SELECT g, 0 FROM generate_series(0, 15) g");
    }
    int rows;
    try (Load load = new Load()) {
      load.awaitProgress("three nodes");
      cutNetwork(load);
      loseVolume(load);
      restartAll(load);
      load.end();
      assertEquals(null, load.fault.get());
      rows = load.written.get();
    }
    for (int node = 0; node < NODES; node++) {
      int each = node;
      await(
          rows + " rows at " + name(node), () -> number(each, "SELECT count(*) FROM tile") == rows);
      assertEquals(rows, number(node, "SELECT sum(n) FROM painted"));
    }
  }

  private void cutNetwork(Load load) throws Exception {
    cutOff(2);
    await(
        "the others lead what a node has led that they do not reach",
        () ->
            number(
                    0,
                    "SELECT count(*) FROM trencadis_shards s LEFT JOIN trencadis_nodes n"
                        + " ON n.node = s.leader WHERE n.reachable IS NOT TRUE")
                == 0);
    load.awaitProgress("one of three cut off");
    connectToOthers(2);
    awaitServing(2);
    load.awaitProgress("healed");
  }

  private void loseVolume(Load load) throws Exception {
    engine.killContainerCmd(containers.get(2)).withSignal("KILL").exec();
    engine.removeContainerCmd(containers.get(2)).withForce(true).exec();
    engine.removeVolumeCmd(volumes.get(2)).exec();
    load.awaitProgress("a volume lost");
    create(2);
    awaitServing(2);
    await(
        "the node is replaced by one with another number",
        () ->
            number(0, "SELECT count(*) FROM trencadis_nodes WHERE state = 'member'") == NODES
                && number(0, "SELECT count(*) FROM trencadis_nodes WHERE state = 'gone'") == 1
                && number(0, "SELECT count(*) FROM trencadis_shards WHERE replicas < 3") == 0);
    load.awaitProgress("replaced");
  }

  private void restartAll(Load load) throws Exception {
    for (int node = 0; node < NODES; node++) {
      engine.stopContainerCmd(containers.get(node)).withTimeout(60).exec();
      assertEquals(
          0, engine.inspectContainerCmd(containers.get(node)).exec().getState().getExitCodeLong());
      load.awaitProgress(name(node) + " stopped");
      engine.startContainerCmd(containers.get(node)).exec();
      awaitServing(node);
      load.awaitProgress(name(node) + " again");
    }
    assertTrue(load.retried.get() > 0);
  }
}
