package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Python's drivers and object mappers, unmodified: what applications get through them here is
/// compared with what they got from a PostgreSQL 15. Skipped where a package is not installed,
/// unless `-Dclients.required=true`.
class PythonClientsTest {
  private static final List<String> DJANGO =
      List.of(
          "settings.py",
          "urls.py",
          "session.py",
          "shop/__init__.py",
          "shop/models.py",
          "shop/admin.py",
          "shop/tests.py");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "psycopg2_session, psycopg2",
    "encodings_session, psycopg2",
    "psycopg3_session, psycopg",
    "asyncpg_session, asyncpg",
    "sqlalchemy_session, sqlalchemy psycopg2 asyncpg"
  })
  void applicationsGetWhatTheyGetFromPostgres(String script, String packages) throws Exception {
    copy(script + ".py", script + ".py");
    assertEquals(resource(script + ".expected"), run(script + ".py", packages));
  }

  @Test
  void djangoMigratesMapsObjectsAndRunsItsTests() throws Exception {
    for (String file : DJANGO) {
      copy("django/" + file, file);
    }
    assertEquals(resource("django/session.expected"), run("session.py", "django psycopg2"));
  }

  private String run(String script, String packages) throws Exception {
    String python = pythonWith(packages.split(" "));
    try (RunningServer server = RunningServer.start()) {
      return ClientProgram.run(
              120,
              null,
              Map.of(
                  "PGPORT", "" + server.port(),
                  "TZ", "UTC",
                  "LC_ALL", "C.UTF-8",
                  "PYTHONDONTWRITEBYTECODE", "1"),
              folder,
              List.of(python, "-W", "ignore", script))
          .output();
    }
  }

  /// The distribution's Python has the distribution's packages; another one may come first in the
  /// path.
  private static String pythonWith(String... packages) throws Exception {
    for (String python : List.of("/usr/bin/python3", "python3")) {
      boolean there = Files.isExecutable(Path.of(python)) || ClientProgram.find(python) != null;
      if (there
          && ClientProgram.run(
                      60,
                      null,
                      Map.of(),
                      null,
                      List.of(python, "-c", "import " + String.join(", ", packages)))
                  .exitCode()
              == 0) {
        return python;
      }
    }
    String missing = "Python has no " + String.join(", ", packages);
    boolean required = Boolean.getBoolean("clients.required");
    assumeTrue(required, missing);
    throw new AssertionError(missing);
  }

  private void copy(String name, String file) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, resource(name));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = PythonClientsTest.class.getResourceAsStream("/python/" + name)) {
      assertNotNull(in, name);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
