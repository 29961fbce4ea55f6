package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// pg_dump, pg_dumpall and pg_restore, unmodified. `postgresql.sql` is what pg_dump wrote of a
/// PostgreSQL 15 database that was made by `source.sql`: restored here and dumped again it must be
/// the same, but for the order of rows in a table, which nothing promises.
class PgDumpTest {
  private static RunningServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    server = RunningServer.start();
    psql("postgres", "CREATE ROLE dump_reader; CREATE ROLE dump_owner LOGIN CREATEDB;");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = PgDumpTest.class.getResourceAsStream("/dump/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String run(String database, String input, String program, String... arguments)
      throws Exception {
    var outcome =
        ClientProgram.run(
            server.port(), 120, input, Map.of("PGDATABASE", database), program, arguments);
    assertEquals(0, outcome.exitCode(), program + ": " + outcome.output());
    return outcome.output();
  }

  private static void psql(String database, String script) throws Exception {
    run(database, script, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1");
  }

  private static String restored(String name) throws Exception {
    psql("postgres", "CREATE DATABASE " + name + ";");
    psql(name, resource("postgresql.sql"));
    return name;
  }

  /// The dump without what names a run or a server, and with the rows of each table in order.
  private static String normalized(String dump) {
    List<String> out = new ArrayList<>();
    List<String> rows = null;
    for (String line : dump.split("\n", -1)) {
      if (line.startsWith("\\restrict")
          || line.startsWith("\\unrestrict")
          || line.startsWith("-- Dumped ")
          || line.isEmpty()) {
        continue;
      }
      if (rows == null) {
        out.add(line);
        rows = line.startsWith("COPY ") ? new ArrayList<>() : null;
      } else if (line.equals("\\.")) {
        rows.sort(null);
        out.addAll(rows);
        out.add(line);
        rows = null;
      } else {
        rows.add(line);
      }
    }
    return String.join("\n", out);
  }

  @Test
  void aDumpOfPostgresComesBackAsItWas() throws Exception {
    String dump = run(restored("plain"), null, "pg_dump");
    assertEquals(normalized(resource("postgresql.sql")), normalized(dump));
  }

  @Test
  void partsOfADatabaseAreDumpedAsByPostgres() throws Exception {
    String database = restored("parts");
    String two = run(database, null, "pg_dump", "-t", "shop.customers", "-t", "shop.numbers");
    assertEquals(normalized(resource("two-relations.sql")), normalized(two));
    String schema = run(database, null, "pg_dump", "--schema-only");
    assertFalse(schema.contains("\nCOPY "));
    assertTrue(schema.contains("ADD CONSTRAINT lines_order FOREIGN KEY"));
    psql("postgres", "CREATE DATABASE parts_again;");
    psql("parts_again", schema);
    String data = run(database, null, "pg_dump", "--data-only", "--exclude-table=shop.orders");
    assertFalse(data.contains("CREATE "));
    String inserts = run(database, null, "pg_dump", "--data-only", "--inserts", "-t", "no_key");
    assertTrue(inserts.contains("INSERT INTO public.no_key VALUES (2, NULL);"), inserts);
    psql("parts_again", inserts);
    assertEquals(
        normalized(run(database, null, "pg_dump", "--data-only", "-t", "no_key")),
        normalized(run("parts_again", null, "pg_dump", "--data-only", "-t", "no_key")));
  }

  @Test
  void archivesAreRestoredIntoEmptyAndFullDatabases() throws Exception {
    String database = restored("archived");
    String archive = folder.resolve("archive").toString();
    run(database, null, "pg_dump", "-Fc", "-f", archive);
    psql("postgres", "CREATE DATABASE unpacked;");
    run("unpacked", null, "pg_restore", "--exit-on-error", "-d", "unpacked", archive);
    String expected = normalized(resource("postgresql.sql"));
    assertEquals(expected, normalized(run("unpacked", null, "pg_dump")));
    run(
        "unpacked",
        null,
        "pg_restore",
        "--exit-on-error",
        "--clean",
        "--if-exists",
        "-d",
        "unpacked",
        archive);
    assertEquals(expected, normalized(run("unpacked", null, "pg_dump")));
  }

  @Test
  void rolesAreDumped() throws Exception {
    String roles = run("postgres", null, "pg_dumpall", "--roles-only");
    assertTrue(roles.contains("\nCREATE ROLE dump_owner;\n"), roles);
    assertTrue(
        roles.contains(
            "\nALTER ROLE dump_owner WITH NOSUPERUSER INHERIT NOCREATEROLE CREATEDB LOGIN"
                + " NOREPLICATION NOBYPASSRLS;\n"),
        roles);
  }
}
