package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// COPY FROM STDIN of data and options whose outcome was recorded from PostgreSQL 15, the data cut
/// into messages in several ways.
class CopyCasesTest {
  @Test
  void copiesWhatPostgresqlCopiesAndRefusesWhatItRefuses() throws Exception {
    JsonNode cases;
    try (InputStream file = CopyCasesTest.class.getResourceAsStream("/copy/postgresql.json")) {
      cases = new ObjectMapper().readTree(file);
    }
    try (RunningServer server = RunningServer.start();
        Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE c (id serial, t text, n int)");
      int ran = 0;
      for (JsonNode each : cases) {
        byte[] data = each.get("data").asText().getBytes(StandardCharsets.ISO_8859_1);
        for (int piece : new int[] {1, 3, 1 << 16, 1 << 20}) {
          String label = each.get("options").asText() + " " + each.get("data") + " by " + piece;
          run(connection, statement, each, data, piece, label);
          ran++;
        }
      }
      assertTrue(ran > 150);
    }
  }

  private static void run(
      Connection connection,
      Statement statement,
      JsonNode expected,
      byte[] data,
      int piece,
      String label)
      throws SQLException {
    statement.execute("TRUNCATE c RESTART IDENTITY");
    String options = expected.get("options").asText();
    String command = "COPY c (t, n) FROM STDIN" + (options.isEmpty() ? "" : " (" + options + ")");
    ServerErrorMessage error = null;
    try {
      CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(command);
      for (int at = 0; at < data.length; at += piece) {
        byte[] part = Arrays.copyOfRange(data, at, Math.min(at + piece, data.length));
        copy.writeToCopy(part, 0, part.length);
      }
      copy.endCopy();
    } catch (PSQLException refused) {
      error = refused.getServerErrorMessage();
    }
    if (expected.has("error")) {
      JsonNode wanted = expected.get("error");
      assertTrue(error != null, label);
      assertEquals(wanted.get("state").asText(), error.getSQLState(), label);
      assertEquals(wanted.get("message").asText(), error.getMessage(), label);
      assertEquals(wanted.get("where").asText(), error.getWhere(), label);
      return;
    }
    assertNull(error, label);
    List<List<String>> wanted = new ArrayList<>();
    for (JsonNode row : expected.get("rows")) {
      List<String> values = new ArrayList<>();
      row.forEach(value -> values.add(value.isNull() ? null : value.asText()));
      wanted.add(values);
    }
    List<List<String>> found = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery("SELECT t, n FROM c ORDER BY id")) {
      while (rows.next()) {
        found.add(Arrays.asList(rows.getString(1), rows.getString(2)));
      }
    }
    assertEquals(wanted, found, label);
  }
}
