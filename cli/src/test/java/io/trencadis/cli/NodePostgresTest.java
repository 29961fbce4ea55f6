package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trencadis.wire.tls.SelfSigned;
import io.trencadis.wire.tls.TlsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// node-postgres, unmodified: what an application gets through it here is compared with what it got
/// from a PostgreSQL 15. Skipped where there is no node or the driver cannot be fetched, which
/// happens once, by a lock file with checksums.
class NodePostgresTest {
  private static final Path MODULES = Path.of("target", "node-postgres").toAbsolutePath();

  @TempDir Path files;

  @BeforeAll
  static void installDriver() throws Exception {
    assumeTrue(ClientProgram.find("node") != null, "node is not installed");
    assumeTrue(ClientProgram.find("npm") != null, "npm is not installed");
    Files.createDirectories(MODULES);
    boolean changed = false;
    for (String name : List.of("package.json", "package-lock.json", "session.js")) {
      Path file = MODULES.resolve(name);
      String wanted = resource(name);
      changed |= !Files.exists(file) || !Files.readString(file).equals(wanted);
      Files.writeString(file, wanted);
    }
    Path installed = MODULES.resolve("node_modules/.package-lock.json");
    if (changed || !Files.exists(installed)) {
      var run =
          ClientProgram.run(
              300,
              null,
              Map.of("npm_config_update_notifier", "false"),
              MODULES,
              List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
      boolean failed = run.exitCode() != 0;
      if (failed) {
        Files.deleteIfExists(installed);
      }
      assumeTrue(!failed, () -> "the driver cannot be fetched:\n" + run.output());
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = NodePostgresTest.class.getResourceAsStream("/node/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String session(RunningServer server, String tls) throws Exception {
    var environment = Map.of("PGPORT", "" + server.port(), "TZ", "UTC", "TLS", tls);
    return ClientProgram.run(120, null, environment, MODULES, List.of("node", "session.js"))
        .output();
  }

  @Test
  void applicationsGetWhatTheyGetFromPostgres() throws Exception {
    try (RunningServer server = RunningServer.start()) {
      assertEquals(resource("session.expected"), session(server, "off"));
    }
  }

  @Test
  void theSameOverTls() throws Exception {
    TlsConfig tls = new TlsConfig(files.resolve("server.crt"), files.resolve("server.key"));
    SelfSigned.write(tls, List.of("localhost"), Instant.now(), new SecureRandom());
    Map<String, String> settings =
        Map.of(
            "ssl", "on",
            "ssl_cert_file", tls.certificate().toString(),
            "ssl_key_file", tls.privateKey().toString());
    try (RunningServer server = RunningServer.start(settings)) {
      assertEquals(
          resource("session.expected")
              .replace("encrypted = boolean false", "encrypted = boolean true"),
          session(server, "on"));
    }
  }
}
