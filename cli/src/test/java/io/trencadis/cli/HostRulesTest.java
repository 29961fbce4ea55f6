package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Host rules from a file, with pgjdbc.
class HostRulesTest {
  @TempDir private Path directory;

  private static String refusal(RunningServer server, String... options) {
    SQLException refused = assertThrows(SQLException.class, () -> server.connect(options));
    return refused.getSQLState() + " " + refused.getMessage();
  }

  @Test
  void theFileDecidesAndIsReadAgain() throws IOException, SQLException {
    Path file = directory.resolve("hba.conf");
    Files.writeString(
        file,
        """
        host all postgres 127.0.0.1/32 trust
        host all +staff 127.0.0.1/32 scram-sha-256
        host all barred 127.0.0.1/32 reject
        """);
    try (RunningServer server = RunningServer.start(Map.of("hba_file", file.toString()));
        Connection admin = server.connect();
        Statement statement = admin.createStatement()) {
      statement.execute("CREATE ROLE staff");
      statement.execute("CREATE USER ann PASSWORD 'secret' IN ROLE staff");
      statement.execute("CREATE USER barred");
      statement.execute("CREATE USER other");
      server.connect("user", "ann", "password", "secret").close();
      assertEquals(
          "28P01 FATAL: password authentication failed for user \"ann\"",
          refusal(server, "user", "ann", "password", "wrong"));
      assertEquals(
          "28000 FATAL: pg_hba.conf rejects connection for host \"127.0.0.1\", user \"barred\","
              + " database \"postgres\", no encryption",
          refusal(server, "user", "barred"));
      assertEquals(
          "28000 FATAL: no pg_hba.conf entry for host \"127.0.0.1\", user \"other\","
              + " database \"postgres\", no encryption",
          refusal(server, "user", "other"));
      Files.writeString(file, "host all all 127.0.0.1/32 trust\nhost all all nowhere trust\n");
      assertEquals(
          "1||, 2|invalid IP address \"nowhere\": host names are not supported|", rules(statement));
      statement.execute("SELECT pg_reload_conf()");
      assertTrue(refusal(server, "user", "other").contains("no pg_hba.conf entry"));
      Files.writeString(file, "host all all 127.0.0.1/32 trust\n");
      statement.execute("SELECT pg_reload_conf()");
      server.connect("user", "other").close();
    }
  }

  private static String rules(Statement statement) throws SQLException {
    StringBuilder all = new StringBuilder();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT line_number || '|' || coalesce(error, '') || '|' FROM pg_hba_file_rules"
                + " ORDER BY 1")) {
      while (rows.next()) {
        all.append(all.isEmpty() ? "" : ", ").append(rows.getString(1));
      }
    }
    return all.toString();
  }

  @Test
  void aFileWithErrorsKeepsTheServerFromStarting() throws IOException {
    Path file = directory.resolve("hba.conf");
    Files.writeString(file, "host all all 127.0.0.1/32 maybe\n");
    StartException refused =
        assertThrows(
            StartException.class, () -> RunningServer.start(Map.of("hba_file", file.toString())));
    assertTrue(
        refused.getMessage().contains("line 1: invalid authentication method \"maybe\""),
        refused.getMessage());
  }
}
