package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;

/// COPY between tables and files of the server. The texts of errors are PostgreSQL 15's.
class ServerFilesTest {
  @TempDir Path folder;

  private RunningServer server;
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void start() throws SQLException {
    server = RunningServer.start();
    connection = server.connect();
    statement = connection.createStatement();
    statement.execute("create table words (id int primary key, word text)");
    statement.execute("insert into words values (1, 'caf\u00e9'), (2, null)");
  }

  @AfterEach
  void stop() throws SQLException {
    connection.close();
    server.close();
  }

  private void fails(String sql, String state, String message, String hint) {
    SQLException e = assertThrows(SQLException.class, () -> statement.execute(sql), sql);
    assertEquals(state, e.getSQLState(), e.getMessage());
    assertEquals(message, ((PSQLException) e).getServerErrorMessage().getMessage());
    assertEquals(hint, ((PSQLException) e).getServerErrorMessage().getHint());
  }

  private long count() throws SQLException {
    try (ResultSet rows = statement.executeQuery("select count(*) from words")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void rowsGoToAFileAndComeBack() throws Exception {
    Path file = folder.resolve("words.txt");
    Files.writeString(file, "what was there before, which is longer than what comes");
    assertEquals(2, statement.executeUpdate("copy words to '" + file + "'"));
    assertEquals("1\tcaf\u00e9\n2\t\\N\n", Files.readString(file));
    statement.execute("truncate words");
    assertEquals(2, statement.executeUpdate("copy words from '" + file + "'"));
    assertEquals(2, count());
    statement.execute("copy words to '" + file + "' (format csv, header, encoding 'latin1')");
    assertArrayEquals(
        "id,word\n1,caf\u00e9\n2,\n".getBytes(StandardCharsets.ISO_8859_1),
        Files.readAllBytes(file));
    statement.execute("truncate words");
    statement.execute("copy words from '" + file + "' (format csv, header, encoding 'latin1')");
    try (ResultSet rows = statement.executeQuery("select word from words where id = 1")) {
      rows.next();
      assertEquals("caf\u00e9", rows.getString(1));
    }
    statement.execute("copy words to '" + file + "' (format binary)");
    statement.execute("truncate words");
    assertEquals(
        1, statement.executeUpdate("copy words from '" + file + "' (format binary) where id > 1"));
  }

  @Test
  void whatIsLargerThanABufferIsWhole() throws Exception {
    Path file = folder.resolve("many.txt");
    assertEquals(
        50_000,
        statement.executeUpdate(
            "copy (select i, repeat('x', i % 50) from generate_series(3, 50002) i) to '"
                + file
                + "'"));
    assertEquals(50_000, statement.executeUpdate("copy words from '" + file + "'"));
    assertEquals(50_002, count());
  }

  @Test
  void aFailedCopyLeavesNoRows() throws Exception {
    Path file = folder.resolve("broken.txt");
    Files.writeString(file, "7\ta\n8\tb\n1\tagain\n");
    SQLException e =
        assertThrows(SQLException.class, () -> statement.execute("copy words from '" + file + "'"));
    assertEquals("23505", e.getSQLState());
    assertEquals(2, count());
  }

  @Test
  void filesThatCannotBeOpenedAreNamed() {
    String read =
        "COPY FROM instructs the PostgreSQL server process to read a file. You may want a"
            + " client-side facility such as psql's \\copy.";
    String write =
        "COPY TO instructs the PostgreSQL server process to write a file. You may want a"
            + " client-side facility such as psql's \\copy.";
    fails("copy words to 'words.txt'", "42602", "relative path not allowed for COPY to file", null);
    fails(
        "copy words from '/nonexistent/x'",
        "58P01",
        "could not open file \"/nonexistent/x\" for reading: No such file or directory",
        read);
    fails(
        "copy words to '/nonexistent/x'",
        "58P01",
        "could not open file \"/nonexistent/x\" for writing: No such file or directory",
        write);
    fails(
        "copy words from ''",
        "58P01",
        "could not open file \"\" for reading: No such file or directory",
        read);
    fails("copy words from '" + folder + "'", "42809", "\"" + folder + "\" is a directory", null);
    fails(
        "copy words to '" + folder + "'",
        "42809",
        "could not open file \"" + folder + "\" for writing: Is a directory",
        null);
  }

  @Test
  void othersNeedTheRolesForIt() throws Exception {
    String hint =
        "Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone.";
    Path file = folder.resolve("granted.txt");
    statement.execute("create role reader");
    statement.execute("grant all on words to reader");
    statement.execute("set role reader");
    fails(
        "copy words from '" + file + "'",
        "42501",
        "must be superuser or have privileges of the pg_read_server_files role to COPY from a file",
        hint);
    fails(
        "copy words to '" + file + "'",
        "42501",
        "must be superuser or have privileges of the pg_write_server_files role to COPY to a file",
        hint);
    fails(
        "copy words from program 'true'",
        "42501",
        "must be superuser or have privileges of the pg_execute_server_program role to COPY to or"
            + " from an external program",
        hint);
    statement.execute("reset role");
    statement.execute("grant pg_write_server_files to reader");
    statement.execute("set role reader");
    assertEquals(2, statement.executeUpdate("copy words to '" + file + "'"));
    statement.execute("reset role");
    assertEquals(
        "0A000",
        assertThrows(SQLException.class, () -> statement.execute("copy words to program 'cat'"))
            .getSQLState());
  }
}
