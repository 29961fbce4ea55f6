package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Settings from files: `--config`, ALTER SYSTEM, reloads.
@Timeout(120)
class ConfigurationTest {
  @TempDir private Path directory;

  private static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      StringBuilder row = new StringBuilder();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        row.append(i == 1 ? "" : "|").append(rows.getString(i));
      }
      return row.toString();
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String refusal(Connection connection, String sql) {
    SQLException refused = assertThrows(SQLException.class, () -> run(connection, sql));
    return refused.getSQLState() + " " + refused.getMessage();
  }

  @Test
  void aFileOfSettingsIsReadAtTheStartAndAgain() throws Exception {
    Path file = Files.writeString(directory.resolve("t.conf"), "work_mem = 8MB\nport = 1\n");
    Map<String, String> settings = Map.of("config_file", file.toString());
    StartException refused =
        assertThrows(StartException.class, () -> RunningServer.start(settings).close());
    assertEquals(
        file + ", line 2, port: parameter \"port\" cannot be changed. Correct it, and start again.",
        refused.getMessage());
    Files.writeString(file, "work_mem = 8MB\nmax_connections = 30\n");
    try (RunningServer server = RunningServer.start(settings);
        Connection admin = server.connect()) {
      assertEquals("8MB", one(admin, "SHOW work_mem"));
      assertEquals(
          "configuration file|" + file + "|1|f",
          one(
              admin,
              "SELECT source, sourcefile, sourceline, pending_restart FROM pg_settings"
                  + " WHERE name = 'work_mem'"));
      Files.writeString(file, "max_connections = 40\nwork_mem = lots\nlock_timeout = 3s\n");
      assertEquals(
          "max_connections|40|f|setting could not be applied",
          one(
              admin,
              "SELECT name, setting, applied, error FROM pg_file_settings WHERE sourceline = 1"));
      assertEquals("t", one(admin, "SELECT pg_reload_conf()"));
      assertEquals("3s", one(admin, "SHOW lock_timeout"));
      assertEquals(
          "30|t",
          one(
              admin,
              "SELECT setting, pending_restart FROM pg_settings WHERE name = 'max_connections'"));
    }
  }

  @Test
  void alterSystemIsKeptForReloadsAndStarts() throws Exception {
    ServerProcess server = ServerProcess.start();
    try (Connection admin = server.connect()) {
      assertEquals(
          "42704 ERROR: unrecognized configuration parameter \"nosuch\"",
          refusal(admin, "ALTER SYSTEM SET nosuch = 1"));
      assertEquals(
          "55P02 ERROR: parameter \"server_version\" cannot be changed",
          refusal(admin, "ALTER SYSTEM SET server_version = 1"));
      assertEquals(
          "22023 ERROR: invalid value for parameter \"work_mem\": \"abc\"",
          refusal(admin, "ALTER SYSTEM SET work_mem = 'abc'"));
      run(admin, "CREATE ROLE nobody");
      run(admin, "SET ROLE nobody");
      assertEquals(
          "42501 ERROR: permission denied to set parameter \"work_mem\"",
          refusal(admin, "ALTER SYSTEM SET work_mem = 1"));
      run(admin, "RESET ROLE");
      admin.setAutoCommit(false);
      run(admin, "SELECT 1");
      assertEquals(
          "25001 ERROR: ALTER SYSTEM cannot run inside a transaction block",
          refusal(admin, "ALTER SYSTEM RESET ALL"));
      admin.rollback();
      admin.setAutoCommit(true);
      run(admin, "ALTER SYSTEM SET work_mem = '9MB'");
      run(admin, "ALTER SYSTEM SET application_name = 'it''s'");
      run(admin, "ALTER SYSTEM SET statement_timeout = '1min'");
      run(admin, "ALTER SYSTEM RESET statement_timeout");
      assertEquals("4MB", one(admin, "SHOW work_mem"), "nothing was reloaded yet");
      server.hangUp();
      while (one(admin, "SHOW work_mem").equals("4MB")) {
        Thread.onSpinWait();
      }
      assertEquals("9MB", one(admin, "SHOW work_mem"));
      assertEquals("0", one(admin, "SHOW statement_timeout"));
    }
    server.kill();
    server.restart();
    try (Connection admin = server.connect()) {
      assertEquals("9MB", one(admin, "SHOW work_mem"));
      assertTrue(
          one(admin, "SELECT sourcefile FROM pg_settings WHERE name = 'work_mem'")
              .endsWith("trencadis.auto.conf"));
      run(admin, "ALTER SYSTEM RESET ALL");
      one(admin, "SELECT pg_reload_conf()");
      assertEquals("4MB", one(admin, "SHOW work_mem"));
    }
    assertEquals(0, server.terminate());
    server.close();
  }
}
