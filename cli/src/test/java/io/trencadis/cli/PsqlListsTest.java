package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// psql's commands that list objects, in a database that is restored from PostgreSQL's dump of
/// another: what they print is what they printed there.
class PsqlListsTest {
  private static String resource(String name) throws IOException {
    try (InputStream in = PsqlListsTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String psql(RunningServer server, String database, String script)
      throws Exception {
    var run =
        ClientProgram.run(
            server.port(), 120, script, Map.of("PGDATABASE", database), "psql", "-X", "-q");
    assertEquals(0, run.exitCode(), run.output());
    return run.output();
  }

  @Test
  void listsAreThoseOfPostgres() throws Exception {
    try (RunningServer server = RunningServer.start()) {
      psql(
          server,
          "postgres",
          """
          CREATE ROLE dump_reader;
          CREATE ROLE dump_owner LOGIN CREATEDB;
          CREATE DATABASE source;
          """);
      psql(server, "source", resource("/dump/postgresql.sql"));
      assertEquals(
          resource("/psql/lists.expected"), psql(server, "source", resource("/psql/lists.sql")));
    }
  }
}
