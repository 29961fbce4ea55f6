package io.trencadis.cli.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trencadis.cli.CommandRun;
import io.trencadis.cli.RunningServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The compose file, and what watches the nodes beside it.
class ComposeTest {
  private static final Path DOCKER = Path.of("").toAbsolutePath().getParent().resolve("docker");

  /// Of the Compose Specification, what both docker-compose 1.29 and docker compose know.
  private static final Set<String> KNOWN =
      Set.of(
          "image",
          "build",
          "command",
          "hostname",
          "environment",
          "ports",
          "volumes",
          "stop_grace_period",
          "restart",
          "mem_limit",
          "profiles",
          "depends_on");

  private static Map<?, ?> yaml(Path file) throws Exception {
    return (Map<?, ?>) Manifests.yaml(Files.readString(file)).iterator().next();
  }

  private static Map<?, ?> services() throws Exception {
    return (Map<?, ?>) yaml(DOCKER.resolve("compose.yaml")).get("services");
  }

  private static List<?> list(Object service, String key) {
    return (List<?>) ((Map<?, ?>) service).get(key);
  }

  @Test
  void bothKindsOfComposeKnowEveryWord() throws Exception {
    Map<?, ?> file = yaml(DOCKER.resolve("compose.yaml"));
    assertEquals(Set.of("x-node", "services", "volumes"), file.keySet());
    Set<String> hostPorts = new HashSet<>();
    services()
        .forEach(
            (name, service) -> {
              Map<?, ?> words = (Map<?, ?>) service;
              Set<Object> unknown = new HashSet<>(words.keySet());
              unknown.removeAll(KNOWN);
              assertEquals(Set.of(), unknown, name.toString());
              for (Object port : list(service, "ports")) {
                String[] parts = port.toString().split(":");
                assertEquals("127.0.0.1", parts[0], "HTTP asks nobody for a password");
                assertTrue(hostPorts.add(parts[1]), port + " is taken twice");
              }
              for (Object volume : list(service, "volumes")) {
                String source = volume.toString().split(":")[0];
                if (source.equals("./certs")) {
                  // The operator's, made as the head says.
                  continue;
                }
                if (source.startsWith("./")) {
                  assertTrue(Files.exists(DOCKER.resolve(source)), source);
                } else {
                  assertTrue(((Map<?, ?>) file.get("volumes")).containsKey(source), source);
                }
              }
            });
  }

  @Test
  void threeNodesNameEachOther() throws Exception {
    String all = "node1:7400,node2:7400,node3:7400";
    List<String> nodes = new ArrayList<>();
    services()
        .forEach(
            (name, service) -> {
              Map<?, ?> words = (Map<?, ?>) service;
              if (words.containsKey("profiles")) {
                assertEquals(List.of("monitoring"), words.get("profiles"), name.toString());
                return;
              }
              nodes.add(name.toString());
              assertEquals(name, words.get("hostname"));
              assertEquals(
                  List.of("start", "--join", all, "--advertise", name + ":7400"),
                  words.get("command"));
              assertTrue(
                  ((Map<?, ?>) words.get("environment"))
                      .get("TRENCADIS_PASSWORD")
                      .toString()
                      .startsWith("${TRENCADIS_PASSWORD:?"),
                  "no default password");
              assertEquals("60s", words.get("stop_grace_period"));
            });
    assertEquals(List.of("node1", "node2", "node3"), nodes);
    Map<?, ?> jobs =
        (Map<?, ?>)
            list(yaml(DOCKER.resolve("monitoring/prometheus.yaml")), "scrape_configs").getFirst();
    assertEquals(
        nodes.stream().map(node -> node + ":8080").toList(),
        list(list(jobs, "static_configs").getFirst(), "targets"));
  }

  /// The settings that the nodes are given name the certificates that the head says how to make.
  @Test
  void theNodesFindTheirCertificates(@TempDir Path directory) throws Exception {
    String head = Files.readString(DOCKER.resolve("compose.yaml"));
    Matcher hosts = Pattern.compile("--out certs --host (\\S+)").matcher(head);
    assertTrue(hosts.find());
    for (String name : services().keySet().stream().map(Object::toString).toList()) {
      assertTrue(!name.startsWith("node") || hosts.group(1).contains(name), name);
    }
    Path ca = directory.resolve("ca");
    Path certs = directory.resolve("certs");
    assertEquals(0, CommandRun.of("cert", "--ca", "--out", ca).exitCode());
    CommandRun signed =
        CommandRun.of("cert", "--signed-by", ca, "--out", certs, "--host", hosts.group(1));
    assertEquals(0, signed.exitCode(), signed.err());
    Files.copy(ca.resolve("ca.crt"), certs.resolve("ca.crt"));
    String settings =
        Files.readString(DOCKER.resolve("compose.conf")).replace("/etc/trencadis/certs", "CERTS");
    int found = 0;
    for (String line : settings.lines().filter(each -> each.contains("=")).toList()) {
      String file = line.replaceAll("^.*'CERTS/(.*)'$", "$1");
      assertTrue(Files.isReadable(certs.resolve(file)), line);
      found++;
    }
    assertEquals(3, found);
  }

  @Test
  void whatIsWatchedIsThere() throws Exception {
    TreeSet<String> there = new TreeSet<>();
    try (RunningServer server = RunningServer.start();
        var connection = server.connect();
        var statement = connection.createStatement()) {
      // A class of errors is there from its first one on.
      org.junit.jupiter.api.Assertions.assertThrows(
          java.sql.SQLException.class, () -> statement.execute("SELECT 1/0"));
      for (String line : server.metrics().split("\n")) {
        there.add(line.replaceFirst("^# (HELP|TYPE) ", "").split("[ {]")[0]);
      }
    }
    String page = Files.readString(DOCKER.resolve("../docs/operations.md"));
    for (String name : there) {
      String family = name.replaceFirst("_(bucket|count|sum)$", "");
      if (name.startsWith("trencadis_")) {
        assertTrue(page.contains("`" + family), "docs/operations.md does not explain " + family);
      }
    }
    // Prometheus' own.
    there.add("up");
    Map<String, String> expressions = new TreeMap<>();
    JsonNode dashboard =
        new ObjectMapper()
            .readTree(DOCKER.resolve("monitoring/grafana/dashboards/trencadis.json").toFile());
    Set<Integer> ids = new HashSet<>();
    for (JsonNode panel : dashboard.get("panels")) {
      assertTrue(ids.add(panel.get("id").asInt()));
      for (JsonNode target : panel.get("targets")) {
        expressions.put(
            panel.get("title").asText() + " " + target.get("refId").asText(),
            target.get("expr").asText());
      }
    }
    assertTrue(expressions.size() >= 18);
    for (Object group : list(yaml(DOCKER.resolve("monitoring/alerts.yaml")), "groups")) {
      for (Object rule : list(group, "rules")) {
        Map<?, ?> words = (Map<?, ?>) rule;
        expressions.put(words.get("alert").toString(), words.get("expr").toString());
      }
    }
    Pattern metric = Pattern.compile("\\b(?:trencadis|jvm|process)_[a-z_]+|\\bup\\b");
    expressions.forEach(
        (where, expression) -> {
          Matcher names = metric.matcher(expression);
          assertTrue(names.find(), expression);
          names.reset();
          while (names.find()) {
            assertTrue(there.contains(names.group()), where + ": " + names.group());
          }
          assertEquals(
              expression.chars().filter(c -> c == '(').count(),
              expression.chars().filter(c -> c == ')').count(),
              expression);
        });
    String source =
        yaml(DOCKER.resolve("monitoring/grafana/provisioning/datasources/prometheus.yaml"))
            .toString();
    assertTrue(source.contains("uid=" + dashboard.at("/panels/0/datasource/uid").asText()), source);
  }
}
