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
        "jdbc:postgresql://" + TestImage.HOST + ":" + bound[0].getHostPortSpec() + "/postgres",
        properties);
  }

  private long number(int node, String sql) throws SQLException {
    try (Connection connection = connect(node);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private void awaitServing(int node) throws InterruptedException {
    WritingClients.await(
        name(node) + " serves", () -> number(node, "SELECT count(*) FROM tile") >= 0);
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
    WritingClients.await(
        "three nodes are one cluster",
        () -> number(0, "SELECT count(*) FROM trencadis_nodes WHERE reachable") == NODES);
    try (Connection connection = connect(1);
        Statement statement = connection.createStatement()) {
      WritingClients.createTables(statement);
    }
    int rows;
    try (WritingClients load =
        new WritingClients(CLIENTS, attempt -> connect(attempt % NODES), this::say)) {
      load.awaitProgress("three nodes");
      cutNetwork(load);
      loseVolume(load);
      restartAll(load);
      load.end();
      assertEquals(null, load.fault());
      rows = load.written();
    }
    for (int node = 0; node < NODES; node++) {
      int each = node;
      WritingClients.await(
          rows + " rows at " + name(node), () -> number(each, "SELECT count(*) FROM tile") == rows);
      assertEquals(rows, number(node, "SELECT sum(n) FROM painted"));
    }
  }

  private void cutNetwork(WritingClients load) throws Exception {
    cutOff(2);
    WritingClients.await(
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

  private void loseVolume(WritingClients load) throws Exception {
    engine.killContainerCmd(containers.get(2)).withSignal("KILL").exec();
    engine.removeContainerCmd(containers.get(2)).withForce(true).exec();
    engine.removeVolumeCmd(volumes.get(2)).exec();
    load.awaitProgress("a volume lost");
    create(2);
    awaitServing(2);
    WritingClients.await(
        "the node is replaced by one with another number",
        () ->
            number(0, "SELECT count(*) FROM trencadis_nodes WHERE state = 'member'") == NODES
                && number(0, "SELECT count(*) FROM trencadis_nodes WHERE state = 'gone'") == 1
                && number(0, "SELECT count(*) FROM trencadis_shards WHERE replicas < 3") == 0);
    load.awaitProgress("replaced");
  }

  private void restartAll(WritingClients load) throws Exception {
    for (int node = 0; node < NODES; node++) {
      engine.stopContainerCmd(containers.get(node)).withTimeout(60).exec();
      assertEquals(
          0, engine.inspectContainerCmd(containers.get(node)).exec().getState().getExitCodeLong());
      load.awaitProgress(name(node) + " stopped");
      engine.startContainerCmd(containers.get(node)).exec();
      awaitServing(node);
      load.awaitProgress(name(node) + " again");
    }
    assertTrue(load.retried() > 0);
  }
}
