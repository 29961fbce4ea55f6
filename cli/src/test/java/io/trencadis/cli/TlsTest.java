package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server with the pair that `trencadis cert` made in its data directory, and clients that check
/// it.
class TlsTest {
  @TempDir static Path data;
  @TempDir static Path elsewhere;
  private static ServerAssembly server;

  @BeforeAll
  static void start() {
    assertEquals(0, Main.commandLine().execute("cert", "--out", data.toString()));
    assertEquals(0, Main.commandLine().execute("cert", "--out", elsewhere.toString()));
    server =
        ServerAssembly.start(
            data, List.of(InetAddress.getLoopbackAddress()), 0, 4, Map.of("ssl", "on"), null);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static ClientProgram.Outcome psql(String mode, Path root) throws Exception {
    var environment = Map.of("PGSSLMODE", mode, "PGSSLROOTCERT", root.toString());
    return ClientProgram.run(
        server.port(),
        60,
        "\\conninfo\nSELECT 6 * 7;\nSHOW ssl_key_file;\n",
        environment,
        "psql",
        "-XAt");
  }

  @Test
  void psqlEncryptsAndChecks() throws Exception {
    for (String mode : new String[] {"verify-ca", "verify-full"}) {
      var run = psql(mode, data.resolve("server.crt"));
      assertEquals(0, run.exitCode(), run.output());
      assertTrue(run.output().contains("SSL connection (protocol: TLSv1.3"), run.output());
      assertTrue(run.output().endsWith("42\nserver.key\n"), run.output());
    }
    var wrong = psql("verify-ca", elsewhere.resolve("server.crt"));
    assertEquals(2, wrong.exitCode(), wrong.output());
    assertTrue(wrong.output().contains("certificate verify failed"), wrong.output());
    var unchecked = psql("require", elsewhere.resolve("none.crt"));
    assertEquals(0, unchecked.exitCode(), unchecked.output());
    assertTrue(unchecked.output().contains("SSL connection"), unchecked.output());
  }

  private static Connection jdbc(String mode, Path root) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:"
            + server.port()
            + "/postgres?user=postgres&sslmode="
            + mode
            + "&sslrootcert="
            + root);
  }

  @Test
  void pgjdbcEncryptsAndChecks() throws SQLException {
    for (String mode : new String[] {"require", "verify-ca", "verify-full"}) {
      try (Connection connection = jdbc(mode, data.resolve("server.crt"));
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT 42")) {
        assertTrue(rows.next());
        assertEquals(42, rows.getInt(1));
      }
    }
    assertThrows(
        SQLException.class, () -> jdbc("verify-ca", elsewhere.resolve("server.crt")).close());
  }
}
