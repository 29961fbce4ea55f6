package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.containers.wait.strategy.WaitStrategy;
import org.testcontainers.utility.DockerImageName;

/// The image of `docker/Dockerfile`, built from the finished jar and run as its users run it: with
/// a volume for the data and a password for the superuser. Skipped where no container engine
/// answers, or where the engine neither has the base image nor gets it.
///
/// Runs after `package`; alone by `./mvnw verify -Dit.test='*ImageTest'` and what leaves out the
/// other tests. `-Dimage.ports=FROM-TO` limits the ports of this machine that are used; otherwise
/// the engine takes any free one.
class ImageTest {
  private static final String PASSWORD = "tessera, and 'quotes' = \"too\"";
  private static final String DATA = "/var/lib/trencadis";
  private static final int PORT = 5432;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private static DockerClient engine;
  private static String image;

  private final List<GenericContainer<?>> containers = new ArrayList<>();
  private String volume;

  @AfterEach
  void removeContainersAndVolume() {
    containers.forEach(GenericContainer::stop);
    if (volume != null) {
      engine.removeVolumeCmd(volume).exec();
    }
  }

  private GenericContainer<?> container() throws Exception {
    image = TestImage.require();
    engine = TestImage.engine();
    if (volume == null) {
      volume = "trencadis-test-" + UUID.randomUUID();
      engine.createVolumeCmd().withName(volume).exec();
    }
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withImagePullPolicy(_ -> false)
            .withCreateContainerCmdModifier(
                command -> command.getHostConfig().withBinds(new Bind(volume, new Volume(DATA))));
    containers.add(container);
    return container;
  }

  private GenericContainer<?> start(WaitStrategy ready) throws Exception {
    GenericContainer<?> node =
        container()
            .withEnv("TRENCADIS_PASSWORD", PASSWORD)
            .withExposedPorts(PORT)
            .waitingFor(ready.withStartupTimeout(PATIENCE));
    node.setPortBindings(List.of(TestImage.binding(PORT)));
    node.start();
    return node;
  }

  private GenericContainer<?> start() throws Exception {
    return start(Wait.forLogMessage(".*Trencadis is ready.*\\n", 1));
  }

  private static Connection connect(GenericContainer<?> node, String password) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "60");
    return DriverManager.getConnection(
        "jdbc:postgresql://" + TestImage.HOST + ":" + node.getMappedPort(PORT) + "/postgres",
        properties);
  }

  private static long exitCode(GenericContainer<?> ended) {
    var state = engine.inspectContainerCmd(ended.getContainerId()).exec().getState();
    assertEquals(false, state.getRunning());
    return state.getExitCodeLong();
  }

  /// Needs no engine: what goes into the image is whole.
  @Test
  void theFinishedJarRuns() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process run =
        new ProcessBuilder(java, "-jar", "target/trencadis.jar", "--version")
            .redirectErrorStream(true)
            .start();
    String printed = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, run.waitFor(), printed);
    assertTrue(printed.startsWith("trencadis "), printed);
  }

  @Test
  void whatWasAcknowledgedSurvivesTheContainer() throws Exception {
    GenericContainer<?> first = start();
    AtomicInteger acknowledged = new AtomicInteger();
    CountDownLatch enough = new CountDownLatch(200);
    CompletableFuture<String> ended = new CompletableFuture<>();
    try (Connection connection = connect(first, PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE tile (id int PRIMARY KEY, colour text)");
    }
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (Connection connection = connect(first, PASSWORD);
                  PreparedStatement insert =
                      connection.prepareStatement("INSERT INTO tile VALUES (?, ?)")) {
                for (int id = 1; ; id++) {
                  insert.setInt(1, id);
                  insert.setString(2, "colour " + id);
                  insert.executeUpdate();
                  acknowledged.set(id);
                  enough.countDown();
                }
              } catch (SQLException e) {
                ended.complete(e.getSQLState());
              }
            });
    assertTrue(
        enough.await(PATIENCE.toSeconds(), TimeUnit.SECONDS),
        () -> acknowledged + " rows only; the writer: " + ended.getNow("still writing"));
    engine.killContainerCmd(first.getContainerId()).withSignal("KILL").exec();
    // A connection that broke, not a statement that was refused.
    assertEquals("08", ended.get(60, TimeUnit.SECONDS).substring(0, 2));
    engine.waitContainerCmd(first.getContainerId()).start().awaitStatusCode(60, TimeUnit.SECONDS);
    assertEquals(128 + 9, exitCode(first));

    GenericContainer<?> second = start(Wait.forHealthcheck());
    try (Connection connection = connect(second, PASSWORD);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, colour FROM tile ORDER BY id")) {
      int found = 0;
      while (rows.next()) {
        found++;
        assertEquals(found, rows.getInt(1));
        assertEquals("colour " + found, rows.getString(2));
      }
      // At most one row whose outcome the writer was not told.
      int told = acknowledged.get();
      assertTrue(found == told || found == told + 1, found + " rows, acknowledged " + told);
    }
  }

  @Test
  void stopsCleanlyWhenAsked() throws Exception {
    GenericContainer<?> node = start();
    try (Connection connection = connect(node, PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE tile (id int PRIMARY KEY)");
      statement.execute("INSERT INTO tile VALUES (1)");
      // With a client that stays: SIGTERM, and SIGKILL (137) for one that does not heed it.
      engine.stopContainerCmd(node.getContainerId()).withTimeout(60).exec();
    }
    assertEquals(0, exitCode(node), node::getLogs);

    GenericContainer<?> verify =
        container()
            .withCommand("verify", DATA)
            .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(PATIENCE));
    verify.start();
    assertEquals(0, exitCode(verify), verify::getLogs);
  }

  @Test
  void asksForThePasswordByScram() throws Exception {
    GenericContainer<?> node = start();
    SQLException refused =
        assertThrows(SQLException.class, () -> connect(node, PASSWORD + "!").close());
    assertEquals("28P01", refused.getSQLState());
    try (Socket socket = new Socket(TestImage.HOST, node.getMappedPort(PORT))) {
      socket.setSoTimeout(60_000);
      byte[] parameters = "user\0postgres\0\0".getBytes(StandardCharsets.US_ASCII);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(8 + parameters.length);
      out.writeInt(3 << 16);
      out.write(parameters);
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      assertEquals('R', in.readUnsignedByte());
      byte[] request = new byte[in.readInt() - Integer.BYTES];
      in.readFully(request);
      // AuthenticationSASL, and the one mechanism that is there without TLS.
      assertEquals("\0\0\0\nSCRAM-SHA-256\0\0", new String(request, StandardCharsets.US_ASCII));
    }
  }

  @Test
  void runsAsNobodyInParticularAndStartsQuickly() throws Exception {
    GenericContainer<?> node = start();
    String status = output(node, "cat", "/proc/1/status");
    String[] uids =
        status
            .lines()
            .filter(line -> line.startsWith("Uid:"))
            .findFirst()
            .orElseThrow()
            .split("\\s+");
    // Real, effective, saved and of the file system.
    assertEquals(List.of("Uid:", "10001", "10001", "10001", "10001"), Arrays.asList(uids));
    assertEquals("700 10001", output(node, "stat", "-c", "%a %u", DATA).strip());
    String environment = output(node, "sh", "-c", "ls -l /opt/trencadis");
    assertTrue(environment.lines().skip(1).allMatch(line -> line.contains(" root ")), environment);

    // The node's own options; with this mode a cache that does not fit ends the JVM.
    List<String> strict =
        new ArrayList<>(
            Arrays.asList(engine.inspectImageCmd(image).exec().getConfig().getEntrypoint()));
    strict.add(1, "-XX:AOTMode=on");
    strict.add("--version");
    assertTrue(output(node, strict.toArray(String[]::new)).startsWith("trencadis "));
  }

  private static String output(GenericContainer<?> node, String... command)
      throws IOException, InterruptedException {
    Container.ExecResult result = node.execInContainer(command);
    assertEquals(
        0, result.getExitCode(), () -> String.join(" ", command) + ": " + result.getStderr());
    return result.getStdout();
  }
}
