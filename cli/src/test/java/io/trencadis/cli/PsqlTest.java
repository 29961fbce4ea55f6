package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// psql, unmodified: what it prints here is compared with what it printed on a PostgreSQL 15.
class PsqlTest {
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = PsqlTest.class.getResourceAsStream("/psql/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void describesTablesAndShowsErrorsAsOnPostgres() throws Exception {
    var run = ClientProgram.run(server.port(), 60, resource("describe.sql"), "psql", "-X");
    assertEquals(resource("describe.expected"), run.output());
  }

  @Test
  void everyDescribeCommandAnswers() throws Exception {
    for (String command :
        new String[] {
          "\\du", "\\l", "\\df", "\\dT", "\\z", "\\dn+", "\\d+", "\\dx", "\\dp", "\\db"
        }) {
      var run = ClientProgram.run(server.port(), 60, null, "psql", "-X", "-c", command);
      assertEquals(0, run.exitCode(), command + ": " + run.output());
      assertTrue(!run.output().contains("ERROR"), command + ": " + run.output());
    }
  }

  @Test
  void aSessionKnowsBothEndsOfItsConnection() throws Exception {
    String query =
        """
        select inet_client_addr(), inet_client_addr()::text, inet_server_addr(), inet_server_port(),
          inet_client_addr() = client_addr, inet_client_port() = client_port
        from pg_stat_activity where pid = pg_backend_pid()
        """;
    var run = ClientProgram.run(server.port(), 60, null, "psql", "-X", "-At", "-c", query);
    assertEquals(
        "127.0.0.1|127.0.0.1/32|127.0.0.1|" + server.port() + "|t|t", run.output().strip());
  }
}
