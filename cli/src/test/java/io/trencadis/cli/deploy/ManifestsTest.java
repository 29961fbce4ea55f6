package io.trencadis.cli.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The plain manifests, and the chart, which has to say the same.
class ManifestsTest {
  private static final Path DOCKER = Path.of("").toAbsolutePath().getParent().resolve("docker");

  private static Manifests plain() throws Exception {
    return Manifests.in(DOCKER.resolve("kubernetes"));
  }

  private static Helm chart() {
    return new Helm(DOCKER.resolve("helm/trencadis"));
  }

  private static TemplateCommand template() {
    return chart().template().withName("trencadis").withKubeVersion("1.31.0");
  }

  private static StatefulSet set(Manifests manifests) {
    return manifests.get(StatefulSet.class, "trencadis");
  }

  private static Container container(Manifests manifests) {
    return set(manifests).getSpec().getTemplate().getSpec().getContainers().getFirst();
  }

  @Test
  void nodesStartTogetherAndFindEachOther() throws Exception {
    Manifests manifests = plain();
    StatefulSet set = set(manifests);
    assertEquals("Parallel", set.getSpec().getPodManagementPolicy());
    Service nodes = manifests.get(Service.class, set.getSpec().getServiceName());
    assertEquals("None", nodes.getSpec().getClusterIP());
    assertTrue(nodes.getSpec().getPublishNotReadyAddresses());
    Map<String, String> pods = set.getSpec().getTemplate().getMetadata().getLabels();
    assertEquals(pods, set.getSpec().getSelector().getMatchLabels());
    assertEquals(pods, nodes.getSpec().getSelector());
    Service clients = manifests.get(Service.class, "trencadis");
    assertEquals(pods, clients.getSpec().getSelector());
    assertFalse(Boolean.TRUE.equals(clients.getSpec().getPublishNotReadyAddresses()));
    PodDisruptionBudget budget = manifests.get(PodDisruptionBudget.class, "trencadis");
    assertEquals(pods, budget.getSpec().getSelector().getMatchLabels());
    assertEquals(1, budget.getSpec().getMaxUnavailable().getIntVal());

    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < set.getSpec().getReplicas(); i++) {
      expected.append(i == 0 ? "" : ",").append("trencadis-" + i + ".trencadis-nodes:7400");
    }
    List<String> args = container(manifests).getArgs();
    assertEquals(expected.toString(), args.get(args.indexOf("--join") + 1));
    assertEquals("$(POD_NAME).trencadis-nodes:7400", args.get(args.indexOf("--advertise") + 1));
    var affinity = set.getSpec().getTemplate().getSpec().getAffinity().getPodAntiAffinity();
    var apart = affinity.getRequiredDuringSchedulingIgnoredDuringExecution().getFirst();
    assertEquals("kubernetes.io/hostname", apart.getTopologyKey());
    assertEquals(pods, apart.getLabelSelector().getMatchLabels());
  }

  @Test
  void portsAndProbesAreTheServers() throws Exception {
    Manifests manifests = plain();
    Container container = container(manifests);
    Map<String, Integer> ports = new HashMap<>();
    for (ContainerPort port : container.getPorts()) {
      ports.put(port.getName(), port.getContainerPort());
    }
    assertEquals(Map.of("sql", 5432, "http", 8080, "node", 7400), ports);
    for (String name : List.of("trencadis", "trencadis-nodes")) {
      for (ServicePort port : manifests.get(Service.class, name).getSpec().getPorts()) {
        assertEquals(ports.get(port.getTargetPort().getStrVal()), port.getPort());
      }
    }
    assertProbe("/health/live", container.getStartupProbe());
    assertProbe("/health/live", container.getLivenessProbe());
    assertProbe("/health/ready", container.getReadinessProbe());
    Map<String, String> scrape =
        set(manifests).getSpec().getTemplate().getMetadata().getAnnotations();
    assertEquals("" + ports.get("http"), scrape.get("prometheus.io/port"));
    assertEquals("/metrics", scrape.get("prometheus.io/path"));
  }

  private static void assertProbe(String path, Probe probe) {
    assertEquals(path, probe.getHttpGet().getPath());
    assertEquals("http", probe.getHttpGet().getPort().getStrVal());
  }

  @Test
  void thereIsTimeToDrainAndToFlush() throws Exception {
    assertGrace(plain(), 30);
    assertGrace(Manifests.of(template().set("drainSeconds", 300).call()), 300);
  }

  private static void assertGrace(Manifests manifests, int drain) {
    PodSpec pod = set(manifests).getSpec().getTemplate().getSpec();
    List<String> before =
        pod.getContainers().getFirst().getLifecycle().getPreStop().getExec().getCommand();
    assertEquals("sleep", before.getFirst());
    long sleep = Long.parseLong(before.get(1));
    String settings = manifests.get(ConfigMap.class, "trencadis").getData().get("trencadis.conf");
    assertTrue(settings.contains("trencadis.drain_seconds = " + drain + "\n"), settings);
    // Sessions that do not end get 5 s more, and the checkpoint must be over, too.
    assertTrue(pod.getTerminationGracePeriodSeconds() >= sleep + drain + 5 + 30);
  }

  @Test
  void nothingRunsWithMoreRightsThanItNeeds() throws Exception {
    PodSpec pod = set(plain()).getSpec().getTemplate().getSpec();
    assertTrue(pod.getSecurityContext().getRunAsNonRoot());
    assertEquals(10001, pod.getSecurityContext().getRunAsUser());
    assertFalse(pod.getAutomountServiceAccountToken());
    Container container = pod.getContainers().getFirst();
    assertFalse(container.getSecurityContext().getAllowPrivilegeEscalation());
    assertTrue(container.getSecurityContext().getReadOnlyRootFilesystem());
    assertEquals(List.of("ALL"), container.getSecurityContext().getCapabilities().getDrop());
    // Each mount has its volume, and what is written has one.
    List<String> mounted =
        container.getVolumeMounts().stream().map(mount -> mount.getName()).sorted().toList();
    List<String> volumes =
        new java.util.ArrayList<>(
            pod.getVolumes().stream().map(volume -> volume.getName()).toList());
    set(plain())
        .getSpec()
        .getVolumeClaimTemplates()
        .forEach(claim -> volumes.add(claim.getMetadata().getName()));
    assertEquals(volumes.stream().sorted().toList(), mounted);
    var tls =
        pod.getVolumes().stream().filter(volume -> volume.getName().equals("tls")).findFirst();
    assertEquals(0440, tls.orElseThrow().getSecret().getDefaultMode());
    // The heap follows from the limit.
    assertTrue(container.getResources().getLimits().containsKey("memory"));
    String image = Files.readString(DOCKER.resolve("Dockerfile"));
    assertTrue(image.contains("-XX:MaxRAMPercentage="), image);
    assertTrue(image.contains("--uid 10001"), image);
    assertTrue(image.contains("EXPOSE 5432 8080"), image);
    assertTrue(image.contains("/health/ready"), image);
    var password =
        container.getEnv().stream()
            .filter(each -> each.getName().equals("TRENCADIS_PASSWORD"))
            .findFirst()
            .orElseThrow();
    assertEquals("trencadis-password", password.getValueFrom().getSecretKeyRef().getName());
  }

  @Test
  void theChartSaysTheSameAsThePlainManifests() throws Exception {
    var rendered = Manifests.of(template().call()).all();
    var plain = plain().all();
    assertEquals(plain.keySet(), rendered.keySet());
    plain.forEach((name, object) -> assertEquals(object, rendered.get(name), name));
    var lint = chart().lint().strict().call();
    assertFalse(lint.isFailed(), lint.getMessages().toString());
  }

  @Test
  void oneReplicaNeedsNoCluster() {
    Manifests one =
        Manifests.of(
            template()
                .withName("db")
                .set("replicas", 1)
                .set("tls.enabled", false)
                .set("antiAffinity", "preferred")
                .set("storage.className", "fast")
                .set("settings.search_path", "it's")
                .call());
    StatefulSet set = one.get(StatefulSet.class, "db");
    Container container = set.getSpec().getTemplate().getSpec().getContainers().getFirst();
    assertEquals(
        List.of("start", "--config", "/etc/trencadis/config/trencadis.conf"), container.getArgs());
    assertEquals("db-nodes", set.getSpec().getServiceName());
    assertEquals(
        "trencadis.drain_seconds = 30\nsearch_path = 'it''s'\n",
        one.get(ConfigMap.class, "db").getData().get("trencadis.conf"));
    assertEquals(
        "fast", set.getSpec().getVolumeClaimTemplates().getFirst().getSpec().getStorageClassName());
    assertTrue(
        set.getSpec().getTemplate().getSpec().getVolumes().stream()
            .noneMatch(volume -> volume.getName().equals("tls")));
    assertEquals(
        1,
        set.getSpec()
            .getTemplate()
            .getSpec()
            .getAffinity()
            .getPodAntiAffinity()
            .getPreferredDuringSchedulingIgnoredDuringExecution()
            .size());
  }

  @Test
  void theChartRefusesWhatMakesNoSense() {
    for (Map.Entry<String, Object> value :
        Map.<String, Object>of(
                "replicas", 2,
                "replica", 3,
                "antiAffinity", "never",
                "storage.size", "much",
                "drainSeconds", "soon")
            .entrySet()) {
      var template = template().set(value.getKey(), value.getValue());
      RuntimeException refused = assertThrows(RuntimeException.class, template::call);
      assertTrue(refused.getMessage().contains("schema"), refused.getMessage());
    }
  }
}
