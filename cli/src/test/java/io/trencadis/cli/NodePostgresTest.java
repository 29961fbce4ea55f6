package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.wire.tls.SelfSigned;
import io.trencadis.wire.tls.TlsConfig;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// node-postgres, unmodified: what an application gets through it here is compared with what it got
/// from a PostgreSQL 15. Skipped where there is no node or the driver cannot be fetched.
class NodePostgresTest {
  private static NodeProject project;

  @TempDir Path files;

  @BeforeAll
  static void installDriver() throws Exception {
    project = NodeProject.install("node");
  }

  @Test
  void applicationsGetWhatTheyGetFromPostgres() throws Exception {
    try (RunningServer server = RunningServer.start()) {
      assertEquals(
          project.resource("session.expected"), project.session(server, Map.of("TLS", "off")));
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
          project
              .resource("session.expected")
              .replace("encrypted = boolean false", "encrypted = boolean true"),
          project.session(server, Map.of("TLS", "on")));
    }
  }
}
