package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.trencadis.cli.deploy.Manifests;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The StatefulSet of `docker/kubernetes/`, rehearsed with containers: this test does with the
/// manifest what a cluster's controller and kubelet do with it. Ordinal names that stay while
/// addresses change, all pods begun together, the pod's user, rights, memory, files and variables,
/// its probes, its steps to an end; a rolling update, last ordinal first, and a restart of all,
/// while clients write through whichever pod is ready.
///
/// In the profile `rehearsal` only: it takes minutes. Skipped where [ImageTest] is.
class StatefulSetImageTest {
  private static final String NAME = "trencadis";
  private static final String PASSWORD = "tessera";
  private static final int CLIENTS = 4;

  private final String run = "trencadis-rehearsal-" + UUID.randomUUID().toString().substring(0, 8);
  private final Map<Integer, String> pods = new ConcurrentHashMap<>();

  /// The claims, config and secret, by name and, for claims, ordinal.
  private final Map<String, String> volumes = new TreeMap<>();

  private DockerClient engine;
  private String image;
  private StatefulSet set;
  private PodSpec spec;
  private Container container;
  private String network;
  private String subnet;
  private int addresses = 10;

  @AfterEach
  void removeAll() {
    if (engine == null) {
      return;
    }
    pods.values().forEach(each -> engine.removeContainerCmd(each).withForce(true).exec());
    volumes.values().forEach(each -> engine.removeVolumeCmd(each).exec());
    if (network != null) {
      engine.removeNetworkCmd(network).exec();
    }
  }

  private static void say(String what) {
    System.out.println("rehearsal: " + what);
  }

  // ---- what a controller does

  private String pod(int ordinal) {
    return NAME + "-" + ordinal;
  }

  /// One whose addresses can be chosen, so that a pod does not get its last one again.
  private void makeNetwork() {
    Random random = new Random();
    for (int attempt = 0; ; attempt++) {
      subnet = "10." + (200 + random.nextInt(50)) + "." + random.nextInt(256) + ".";
      try {
        engine
            .createNetworkCmd()
            .withName(run)
            .withIpam(
                new Network.Ipam()
                    .withConfig(new Network.Ipam.Config().withSubnet(subnet + "0/24")))
            .exec();
        network = run;
        return;
      } catch (DockerException taken) {
        if (attempt == 20) {
          throw taken;
        }
      }
    }
  }

  /// A volume with files, as the server's group may read them and nobody else (`defaultMode`), or
  /// an empty one that it may write to (`fsGroup`).
  private void makeVolume(String name, Path files) throws IOException {
    String volume = run + "-" + name;
    engine.createVolumeCmd().withName(volume).exec();
    volumes.put(name, volume);
    long group = spec.getSecurityContext().getFsGroup();
    String script =
        "chgrp -R " + group + " /v && " + (files == null ? "chmod 2770 /v" : "chmod 0440 /v/*");
    String helper =
        engine
            .createContainerCmd(image)
            .withUser("0")
            .withEntrypoint("sh", "-c", script)
            .withHostConfig(
                HostConfig.newHostConfig().withBinds(new Bind(volume, new Volume("/v"))))
            .exec()
            .getId();
    try {
      if (files != null) {
        try (var all = Files.list(files)) {
          for (Path file : all.toList()) {
            engine
                .copyArchiveToContainerCmd(helper)
                .withHostResource(file.toString())
                .withRemotePath("/v")
                .exec();
          }
        }
      }
      engine.startContainerCmd(helper).exec();
      int ended =
          engine.waitContainerCmd(helper).start().awaitStatusCode(2, TimeUnit.MINUTES).intValue();
      assertEquals(0, ended, script);
    } finally {
      engine.removeContainerCmd(helper).withForce(true).exec();
    }
  }

  private List<String> environment(int ordinal) {
    List<String> all = new ArrayList<>();
    for (EnvVar each : container.getEnv()) {
      String value = each.getValue();
      if (each.getValueFrom() != null && each.getValueFrom().getFieldRef() != null) {
        assertEquals("metadata.name", each.getValueFrom().getFieldRef().getFieldPath());
        value = pod(ordinal);
      } else if (each.getValueFrom() != null) {
        assertEquals("password", each.getValueFrom().getSecretKeyRef().getKey());
        value = PASSWORD;
      }
      all.add(each.getName() + "=" + value);
    }
    return all;
  }

  private List<Bind> mounts(int ordinal) {
    List<Bind> binds = new ArrayList<>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      String volume = volumes.get(mount.getName());
      if (volume == null) {
        volume = volumes.get(mount.getName() + "-" + ordinal);
      }
      if (volume != null) {
        boolean fixed = Boolean.TRUE.equals(mount.getReadOnly());
        binds.add(
            new Bind(
                volume, new Volume(mount.getMountPath()), fixed ? AccessMode.ro : AccessMode.rw));
      }
    }
    return binds;
  }

  private void begin(int ordinal) {
    // Of which emptyDir is the only one without a volume of this test.
    Map<String, String> scratch = new TreeMap<>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      if (!volumes.containsKey(mount.getName())
          && !volumes.containsKey(mount.getName() + "-" + ordinal)) {
        scratch.put(mount.getMountPath(), "rw,exec,mode=1777");
      }
    }
    HostConfig host =
        HostConfig.newHostConfig()
            .withNetworkMode(network)
            .withMemory(
                Quantity.getAmountInBytes(container.getResources().getLimits().get("memory"))
                    .longValue())
            .withReadonlyRootfs(container.getSecurityContext().getReadOnlyRootFilesystem())
            .withCapDrop(Capability.ALL)
            .withSecurityOpts(List.of("no-new-privileges"))
            .withTmpFs(scratch)
            .withBinds(mounts(ordinal))
            .withPortBindings(
                PortBinding.parse(TestImage.binding(port("sql"))),
                PortBinding.parse(TestImage.binding(port("http"))));
    String user =
        spec.getSecurityContext().getRunAsUser() + ":" + spec.getSecurityContext().getRunAsGroup();
    String created =
        engine
            .createContainerCmd(image)
            .withHostName(pod(ordinal))
            .withUser(user)
            .withEnv(environment(ordinal))
            .withAliases(pod(ordinal) + "." + set.getSpec().getServiceName())
            .withIpv4Address(subnet + ++addresses)
            .withExposedPorts(ExposedPort.tcp(port("sql")), ExposedPort.tcp(port("http")))
            .withHostConfig(host)
            .withCmd(
                container.getArgs().stream()
                    .map(each -> each.replace("$(POD_NAME)", pod(ordinal)))
                    .toList())
            .exec()
            .getId();
    pods.put(ordinal, created);
    engine.startContainerCmd(created).exec();
  }

  /// As a pod is deleted: no new clients, the step before the end, SIGTERM, and SIGKILL when the
  /// grace is over. Then it is begun anew with its volume.
  private void replace(int ordinal) throws Exception {
    end(ordinal);
    begin(ordinal);
  }

  private void end(int ordinal) throws Exception {
    String old = pods.remove(ordinal);
    List<String> before = container.getLifecycle().getPreStop().getExec().getCommand();
    String step = engine.execCreateCmd(old).withCmd(before.toArray(String[]::new)).exec().getId();
    engine
        .execStartCmd(step)
        .exec(new com.github.dockerjava.api.async.ResultCallback.Adapter<>())
        .awaitCompletion(1, TimeUnit.MINUTES);
    int grace =
        spec.getTerminationGracePeriodSeconds().intValue() - Integer.parseInt(before.get(1));
    engine.stopContainerCmd(old).withTimeout(grace).exec();
    long code = engine.inspectContainerCmd(old).exec().getState().getExitCodeLong();
    engine.removeContainerCmd(old).withForce(true).exec();
    assertEquals(0, code, pod(ordinal) + " did not end in its grace");
  }

  private int port(String name) {
    return container.getPorts().stream()
        .filter(each -> each.getName().equals(name))
        .findFirst()
        .orElseThrow()
        .getContainerPort();
  }

  // ---- what a kubelet and a service do

  private String published(int ordinal, String port) {
    String id = pods.get(ordinal);
    try {
      Ports.Binding[] bound =
          id == null
              ? null
              : engine
                  .inspectContainerCmd(id)
                  .exec()
                  .getNetworkSettings()
                  .getPorts()
                  .getBindings()
                  .get(ExposedPort.tcp(port(port)));
      return bound == null || bound.length == 0
          ? null
          : TestImage.HOST + ":" + bound[0].getHostPortSpec();
    } catch (DockerException gone) {
      return null;
    }
  }

  private boolean passes(int ordinal, Probe probe) {
    String address = published(ordinal, probe.getHttpGet().getPort().getStrVal());
    if (address == null) {
      return false;
    }
    try {
      HttpURLConnection asked =
          (HttpURLConnection)
              URI.create("http://" + address + probe.getHttpGet().getPath())
                  .toURL()
                  .openConnection();
      asked.setConnectTimeout(5_000);
      asked.setReadTimeout(5_000);
      return asked.getResponseCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private void awaitReady(int ordinal) throws Exception {
    WritingClients.await(
        pod(ordinal) + " is ready", () -> passes(ordinal, container.getReadinessProbe()));
  }

  /// To some pod that is ready.
  private Connection connect(int attempt) throws SQLException {
    int replicas = set.getSpec().getReplicas();
    for (int i = 0; i < replicas; i++) {
      int ordinal = (attempt + i) % replicas;
      if (passes(ordinal, container.getReadinessProbe())) {
        return connectTo(ordinal);
      }
    }
    throw new SQLException("no pod is ready", "08001");
  }

  private Connection connectTo(int ordinal) throws SQLException {
    String address = published(ordinal, "sql");
    if (address == null) {
      throw new SQLException("the pod does not run", "08001");
    }
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("password", PASSWORD);
    properties.setProperty("sslmode", "require");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "15");
    return DriverManager.getConnection("jdbc:postgresql://" + address + "/postgres", properties);
  }

  private long number(int ordinal, String sql) throws SQLException {
    try (Connection connection = connectTo(ordinal);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  // ---- the rehearsal

  @Test
  void podsAreReplacedOneByOneAndAllAtOnceUnderLoad(@TempDir Path folder) throws Exception {
    image = TestImage.require();
    engine = TestImage.engine();
    Manifests manifests =
        Manifests.in(Path.of("").toAbsolutePath().getParent().resolve("docker/kubernetes"));
    set = manifests.get(StatefulSet.class, NAME);
    spec = set.getSpec().getTemplate().getSpec();
    container = spec.getContainers().getFirst();
    int replicas = set.getSpec().getReplicas();
    assertEquals("Parallel", set.getSpec().getPodManagementPolicy());
    makeNetwork();
    makeVolume("config", config(manifests, folder.resolve("config")));
    makeVolume("tls", certificates(folder));
    String claim = set.getSpec().getVolumeClaimTemplates().getFirst().getMetadata().getName();
    for (int ordinal = 0; ordinal < replicas; ordinal++) {
      makeVolume(claim + "-" + ordinal, null);
    }

    IntStream.range(0, replicas).parallel().forEach(this::begin);
    for (int ordinal = 0; ordinal < replicas; ordinal++) {
      awaitReady(ordinal);
    }
    say("begun together");
    try (Connection connection = connectTo(1);
        Statement statement = connection.createStatement()) {
      WritingClients.createTables(statement);
    }
    int rows;
    try (WritingClients load =
        new WritingClients(CLIENTS, this::connect, StatefulSetImageTest::say)) {
      load.awaitProgress("all pods");
      for (int ordinal = replicas - 1; ordinal >= 0; ordinal--) {
        replace(ordinal);
        awaitReady(ordinal);
        Thread.sleep(TimeUnit.SECONDS.toMillis(set.getSpec().getMinReadySeconds()));
        assertTrue(passes(ordinal, container.getLivenessProbe()));
        load.awaitProgress(pod(ordinal) + " replaced, at another address");
      }
      List<Thread> ends = new ArrayList<>();
      List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
      for (int ordinal = 0; ordinal < replicas; ordinal++) {
        int each = ordinal;
        ends.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        replace(each);
                      } catch (Exception | AssertionError failed) {
                        failures.add(failed);
                      }
                    }));
      }
      for (Thread end : ends) {
        end.join();
      }
      assertEquals(List.of(), failures);
      for (int ordinal = 0; ordinal < replicas; ordinal++) {
        awaitReady(ordinal);
      }
      load.awaitProgress("all replaced at once");
      load.end();
      assertEquals(null, load.fault());
      rows = load.written();
    }
    for (int ordinal = 0; ordinal < replicas; ordinal++) {
      int each = ordinal;
      WritingClients.await(
          rows + " rows at " + pod(ordinal),
          () -> number(each, "SELECT count(*) FROM tile") == rows);
      assertEquals(rows, number(ordinal, "SELECT sum(n) FROM painted"));
    }
    assertEquals(
        replicas, number(0, "SELECT count(*) FROM trencadis_nodes WHERE state = 'member'"));
    // The volume is the identity, not the address.
    assertEquals(replicas, number(0, "SELECT count(*) FROM trencadis_nodes"));
  }

  private static Path config(Manifests manifests, Path into) throws IOException {
    Files.createDirectories(into);
    Map<String, String> data = manifests.get(ConfigMap.class, NAME).getData();
    for (Map.Entry<String, String> file : data.entrySet()) {
      Files.writeString(into.resolve(file.getKey()), file.getValue());
    }
    return into;
  }

  /// As the manifest's head says.
  private static Path certificates(Path folder) throws IOException {
    Path ca = folder.resolve("ca");
    Path certs = folder.resolve("certs");
    Path secret = Files.createDirectories(folder.resolve("secret"));
    assertEquals(0, CommandRun.of("cert", "--ca", "--out", ca).exitCode());
    assertEquals(
        0,
        CommandRun.of(
                "cert",
                "--signed-by",
                ca,
                "--out",
                certs,
                "--host",
                "trencadis,*.trencadis-nodes,localhost")
            .exitCode());
    Files.copy(ca.resolve("ca.crt"), secret.resolve("ca.crt"));
    Files.copy(certs.resolve("server.crt"), secret.resolve("tls.crt"));
    Files.copy(certs.resolve("server.key"), secret.resolve("tls.key"));
    return secret;
  }
}
